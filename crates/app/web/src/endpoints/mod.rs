//! One file per endpoint or small group of the same noun.

mod audit;
mod cases;
pub mod evidence;
mod health;
mod home;
mod jobs;
mod licences;
mod people;
mod reading;
mod search;
mod session;
mod story_runs;
mod uploads;

use crate::WebState;
use utoipa_axum::router::OpenApiRouter;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(home::routes())
        .merge(reading::routes())
        .merge(story_runs::routes())
        .merge(uploads::routes())
        .merge(evidence::routes())
        .merge(licences::routes())
        .merge(cases::routes())
        .merge(jobs::routes())
        .merge(people::routes())
        .merge(audit::routes())
        .merge(health::routes())
        .merge(search::routes())
}
