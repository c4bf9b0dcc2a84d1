//! The web server: extract → authorise → flow → view. JSON lives here only.
//!
//! Words: a *problem* is a refusal with a stable code ([`codes`]), a *view* is a shape on the wire
//! ([`views`]), the *guard* is the outermost layer every answer leaves through ([`guard`]).
//!
//! Reading order: [`router`], [`guard`], [`problem`], [`extract`], then one file per endpoint or
//! small group. The HTTP contract is the committed `openapi.json`; a test holds both together.

pub mod codes;
mod cookie;
mod endpoints;
mod events;
mod extract;
mod files;
mod guard;
mod limits;
mod openapi;
mod pages;
mod problem;
mod spa;
pub mod views;

pub use openapi::document;
pub use pages::error_pages;
pub use problem::{Problem, ProblemField};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use backlot_flows::House;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use utoipa_axum::router::OpenApiRouter;

/// Largest JSON body, bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// What every handler is given.
#[derive(Clone)]
pub struct WebState {
    pub house: House,
    /// Version of the product, shown on the health page.
    pub version: &'static str,
    limits: Arc<limits::Limits>,
    hub: Arc<events::Hub>,
    reach: Arc<backlot_flows::files::Reach>,
}

impl WebState {
    pub fn new(house: House, version: &'static str) -> Self {
        Self {
            limits: Arc::new(limits::Limits::default()),
            hub: Arc::new(events::Hub::new(house.clone())),
            reach: Arc::new(backlot_flows::files::Reach::default()),
            house,
            version,
        }
    }
}

/// Every route of the product. Give it connection info (see [`serve`]) so that the sign-in limit
/// knows addresses.
pub fn router(state: WebState) -> Router {
    let (api, _) = api().split_for_parts();
    api.merge(files::routes())
        .merge(pages::routes())
        .merge(spa::routes())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(
            state.clone(),
            guard::guard,
        ))
        .with_state(state)
}

/// The documented part of the interface.
fn api() -> OpenApiRouter<WebState> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(endpoints::routes())
        .merge(events::routes())
        .merge(openapi::routes())
}

/// Serves until `shutdown` ends, then finishes what is running.
pub async fn serve(
    listener: TcpListener,
    state: WebState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let hub = state.hub.clone();
    let stop = async move {
        shutdown.await;
        hub.stop();
    };
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop)
        .await
}
