//! The OpenAPI 3.1 document: made from the handlers, committed as `openapi.json`.

use crate::WebState;
use axum::Json;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Title and version; the version is the interface's own, not the product's.
pub fn head() -> OpenApi {
    let licence = LicenseBuilder::new().name("Apache-2.0").build();
    let info = InfoBuilder::new()
        .title("Backlot")
        .version("1")
        .description(Some(
            "Times are microseconds UTC, money is minor units with a currency, files are named by \
             their SHA-256. Every changing call needs the header `x-backlot: 1`.",
        ))
        .license(Some(licence));
    OpenApiBuilder::new().info(info.build()).build()
}

/// The whole document.
pub fn document() -> OpenApi {
    crate::api().into_openapi()
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "docs", responses((status = 200)))]
async fn show() -> Json<OpenApi> {
    Json(document())
}
