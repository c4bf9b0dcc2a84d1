//! `/api/health`: what the house stands on.

use crate::WebState;
use crate::extract::Who;
use crate::problem::{Answer, Problem};
use crate::views::{Authority, DiskView, Health, MediaView, StoreView, WorkerView};
use axum::Json;
use axum::extract::State;
use backlot_flows::accounts::Action;
use backlot_flows::{House, disk, evidence};
use backlot_ports::jobs::{JobQuery, JobState};
use backlot_ports::store::StoreError;
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The journal is re-hashed for the page only up to this many rows; `doctor --journal` reads all.
const JOURNAL_ROWS_MAX: i64 = 20_000;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(health))
}

/// Versions, store, files, media engine, authorities, disk and worker.
#[utoipa::path(get, path = "/api/health", tag = "health",
    responses((status = 200, body = Health), (status = 403, body = Problem)))]
async fn health(State(state): State<WebState>, Who(who): Who) -> Answer<Json<Health>> {
    who.allow(Action::ReadHealth)?;
    let house = &state.house;
    let store = house.store.health().await?;
    let journal_ok = match store.journal_rows <= JOURNAL_ROWS_MAX {
        true => Some(house.store.check_journal().await?.broken.is_none()),
        false => None,
    };
    let media = Arc::clone(&house.media);
    let media = tokio::task::spawn_blocking(move || media.version()).await;
    let media = media
        .ok()
        .and_then(Result::ok)
        .map(|version| MediaView { version });
    let ledger = evidence::ledger(house).await.ok();
    let authorities = ledger.map(|ledger| ledger.authorities).unwrap_or_default();
    let space = disk::space(&house.settings.work_dir).ok();
    Ok(Json(Health {
        version: state.version.to_owned(),
        store: StoreView {
            engine: store.engine,
            engine_version: store.engine_version,
            schema_version: store.schema_version,
            journal_rows: store.journal_rows,
            bytes: store.bytes,
        },
        blobs: house.blobs.describe(),
        media,
        authorities: authorities.into_iter().map(Authority::from).collect(),
        journal_ok,
        disk: space.map(|space| DiskView {
            free_bytes: space.free_bytes,
            total_bytes: space.total_bytes,
        }),
        worker: WorkerView {
            running: jobs_in(house, JobState::Running).await?,
            queued: jobs_in(house, JobState::Queued).await?,
        },
    }))
}

/// At most 500 are counted.
async fn jobs_in(house: &House, state: JobState) -> Result<usize, StoreError> {
    let query = JobQuery {
        state: Some(state),
        limit: 500,
        ..JobQuery::default()
    };
    Ok(house.store.jobs(&query).await?.len())
}
