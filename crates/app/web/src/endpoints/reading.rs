//! Lists and single rows of what the story wrote. Each handler names its record; the flow knows
//! who reads it, how it sorts and what of it a role sees.

use crate::WebState;
use crate::extract::{ListParams, Params, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{self, Page, WorkRights};
use axum::Json;
use axum::extract::{Path, State};
use backlot_flows::reading::{Listed, of_work, one, page};
use backlot_ports::records::{
    Case, Evidence, Licence, Master, Match, RightsIn, StoryRun, Take, Work,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(takes))
        .routes(routes!(take))
        .routes(routes!(masters))
        .routes(routes!(master))
        .routes(routes!(works))
        .routes(routes!(work))
        .routes(routes!(evidence_list))
        .routes(routes!(evidence))
        .routes(routes!(licences))
        .routes(routes!(licence))
        .routes(routes!(matches))
        .routes(routes!(one_match))
        .routes(routes!(cases))
        .routes(routes!(case))
        .routes(routes!(story_runs))
        .routes(routes!(story_run))
        .routes(routes!(work_rights))
}

async fn listed<R: Listed>(
    state: &WebState,
    who: &Who,
    params: ListParams,
    filters: &[&'static str],
) -> Answer<Json<Page<R>>> {
    let request = params.request(filters)?;
    Ok(Json(
        page::<R>(&state.house, &who.0, &request).await?.into(),
    ))
}

async fn single<R: Listed>(state: &WebState, who: &Who, id: &str) -> Answer<Json<R>> {
    one::<R>(&state.house, &who.0, id)
        .await
        .map(Json)
        .map_err(Raised::from)
}

/// Takes, newest first unless sorted.
#[utoipa::path(get, path = "/api/takes", tag = "takes", params(ListParams),
    responses((status = 200, body = Page<views::Take>), (status = 403, body = Problem)))]
async fn takes(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Take>>> {
    listed::<Take>(&state, &who, params, &["work_id"]).await
}

#[utoipa::path(get, path = "/api/takes/{id}", tag = "takes", params(("id" = String, Path)),
    responses((status = 200, body = views::Take), (status = 404, body = Problem)))]
async fn take(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Take>> {
    single::<Take>(&state, &who, &id).await
}

/// Masters, newest first unless sorted.
#[utoipa::path(get, path = "/api/masters", tag = "masters", params(ListParams),
    responses((status = 200, body = Page<views::Master>), (status = 403, body = Problem)))]
async fn masters(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Master>>> {
    listed::<Master>(&state, &who, params, &["work_id"]).await
}

#[utoipa::path(get, path = "/api/masters/{id}", tag = "masters", params(("id" = String, Path)),
    responses((status = 200, body = views::Master), (status = 404, body = Problem)))]
async fn master(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Master>> {
    single::<Master>(&state, &who, &id).await
}

/// Works, newest first unless sorted.
#[utoipa::path(get, path = "/api/works", tag = "works", params(ListParams),
    responses((status = 200, body = Page<views::Work>), (status = 403, body = Problem)))]
async fn works(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Work>>> {
    listed::<Work>(&state, &who, params, &[]).await
}

#[utoipa::path(get, path = "/api/works/{id}", tag = "works", params(("id" = String, Path)),
    responses((status = 200, body = views::Work), (status = 404, body = Problem)))]
async fn work(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Work>> {
    single::<Work>(&state, &who, &id).await
}

/// Evidence, newest first unless sorted.
#[utoipa::path(get, path = "/api/evidence", tag = "evidence", params(ListParams),
    responses((status = 200, body = Page<views::Evidence>), (status = 403, body = Problem)))]
async fn evidence_list(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Evidence>>> {
    listed::<Evidence>(&state, &who, params, &["work_id"]).await
}

#[utoipa::path(get, path = "/api/evidence/{id}", tag = "evidence", params(("id" = String, Path)),
    responses((status = 200, body = views::Evidence), (status = 404, body = Problem)))]
async fn evidence(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Evidence>> {
    single::<Evidence>(&state, &who, &id).await
}

/// Licences, newest first unless sorted.
#[utoipa::path(get, path = "/api/licences", tag = "licences", params(ListParams),
    responses((status = 200, body = Page<views::Licence>), (status = 403, body = Problem)))]
async fn licences(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Licence>>> {
    listed::<Licence>(&state, &who, params, &["state", "work_id"]).await
}

#[utoipa::path(get, path = "/api/licences/{id}", tag = "licences", params(("id" = String, Path)),
    responses((status = 200, body = views::Licence), (status = 404, body = Problem)))]
async fn licence(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Licence>> {
    single::<Licence>(&state, &who, &id).await
}

/// Matches, newest first unless sorted.
#[utoipa::path(get, path = "/api/matches", tag = "matches", params(ListParams),
    responses((status = 200, body = Page<views::Match>), (status = 403, body = Problem)))]
async fn matches(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Match>>> {
    listed::<Match>(&state, &who, params, &["work_id"]).await
}

#[utoipa::path(get, path = "/api/matches/{id}", tag = "matches", params(("id" = String, Path)),
    responses((status = 200, body = views::Match), (status = 404, body = Problem)))]
async fn one_match(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Match>> {
    single::<Match>(&state, &who, &id).await
}

/// Cases, newest first unless sorted.
#[utoipa::path(get, path = "/api/cases", tag = "cases", params(ListParams),
    responses((status = 200, body = Page<views::Case>), (status = 403, body = Problem)))]
async fn cases(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<Case>>> {
    listed::<Case>(&state, &who, params, &["state", "work_id"]).await
}

#[utoipa::path(get, path = "/api/cases/{id}", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = views::Case), (status = 404, body = Problem)))]
async fn case(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<Case>> {
    single::<Case>(&state, &who, &id).await
}

/// Story runs, newest first unless sorted.
#[utoipa::path(get, path = "/api/story-runs", tag = "story-runs", params(ListParams),
    responses((status = 200, body = Page<views::StoryRun>), (status = 403, body = Problem)))]
async fn story_runs(
    State(state): State<WebState>,
    who: Who,
    Params(params): Params<ListParams>,
) -> Answer<Json<Page<StoryRun>>> {
    listed::<StoryRun>(&state, &who, params, &["state", "work_id"]).await
}

#[utoipa::path(get, path = "/api/story-runs/{id}", tag = "story-runs",
    params(("id" = String, Path)),
    responses((status = 200, body = views::StoryRun), (status = 404, body = Problem)))]
async fn story_run(
    State(state): State<WebState>,
    who: Who,
    Path(id): Path<String>,
) -> Answer<Json<StoryRun>> {
    single::<StoryRun>(&state, &who, &id).await
}

/// What the house holds in a work and what it granted.
#[utoipa::path(get, path = "/api/works/{id}/rights", tag = "works", params(("id" = String, Path)),
    responses((status = 200, body = WorkRights), (status = 404, body = Problem)))]
async fn work_rights(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<WorkRights>> {
    let house = &state.house;
    Ok(Json(WorkRights {
        work: one::<Work>(house, &who, &id).await?,
        rights_in: of_work::<RightsIn>(house, &who, &id).await?,
        licences: of_work::<Licence>(house, &who, &id).await?,
    }))
}
