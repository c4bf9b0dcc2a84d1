//! `/api/cases/{id}/close`.

use crate::WebState;
use crate::extract::Who;
use crate::problem::{Answer, Problem};
use crate::views;
use axum::Json;
use axum::extract::{Path, State};
use backlot_ports::records::Case;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(close))
}

/// Closes an infringement case.
#[utoipa::path(post, path = "/api/cases/{id}/close", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = views::Case), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
async fn close(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<Case>> {
    Ok(Json(
        backlot_flows::cases::close(&state.house, &who, &id).await?,
    ))
}
