//! The web app: hashed assets, and `index.html` for every page it routes itself.

use crate::problem::Raised;
use crate::{WebState, codes};
use axum::Router;
use axum::http::Uri;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;

pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/assets/{*path}", get(page))
        .fallback(page)
}

async fn page(_uri: Uri) -> Response {
    Raised::new(codes::NOT_FOUND).into_response()
}
