//! `/api/audit`: who did what when. For owner and auditor.

use crate::WebState;
use crate::extract::{Params, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{AuditPage, AuditRow};
use axum::Json;
use axum::extract::State;
use backlot_flows::audit::{self, AuditError, AuditRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list))
}

impl From<AuditError> for Raised {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Forbidden(refused) => refused.into(),
            AuditError::Store(error) => error.into(),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditParams {
    /// `next_before` of the page before.
    before: Option<i64>,
    actor: Option<String>,
    stream: Option<String>,
    /// 1 to 500, default 100.
    limit: Option<u32>,
}

/// The journal, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditParams),
    responses((status = 200, body = AuditPage), (status = 403, body = Problem)))]
async fn list(
    State(state): State<WebState>,
    Who(who): Who,
    Params(params): Params<AuditParams>,
) -> Answer<Json<AuditPage>> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let request = AuditRequest {
        before: params.before,
        actor: given(params.actor),
        stream: given(params.stream),
        limit: params.limit.unwrap_or(100),
    };
    let found = audit::audit(&state.house, &who, &request).await?;
    let rows = found.rows.into_iter().map(|(fact, actor_name)| AuditRow {
        seq: fact.seq,
        at: fact.at.0,
        actor: fact.actor,
        actor_name,
        kind: fact.kind,
        stream: fact.stream,
        body: fact.body,
    });
    Ok(Json(AuditPage {
        rows: rows.collect(),
        next_before: found.next_before,
    }))
}
