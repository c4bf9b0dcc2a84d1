//! Pages without JavaScript: `/healthz`, `/v/{code}`, `/docs/errors/{code}`.

mod errors;
mod evidence;
mod html;

pub use errors::all as error_pages;

use crate::WebState;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/v/{code}", get(evidence::page))
        .route("/v/{code}/package", get(evidence::package))
        .route("/docs/errors/{code}", get(errors::page))
}
