//! `/api/home`: the counts of the story rail and the one next action.

use crate::WebState;
use crate::extract::Who;
use crate::problem::{Answer, Problem};
use crate::views::{Counts, Home};
use axum::Json;
use axum::extract::State;
use backlot_flows::House;
use backlot_flows::accounts::{Action, SignedIn};
use backlot_flows::reading::{ListRequest, count, equal, page};
use backlot_ports::records::{Case, Evidence, Licence, Master, Match, StoryRun, Take, Work};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(home))
}

/// What stands in the house, as far as the role sees it.
#[utoipa::path(get, path = "/api/home", tag = "home",
    responses((status = 200, body = Home), (status = 401, body = Problem)))]
async fn home(State(state): State<WebState>, Who(who): Who) -> Answer<Json<Home>> {
    let house = &state.house;
    let counts = Counts {
        takes: count::<Take>(house, &who, &[]).await?,
        masters: count::<Master>(house, &who, &[]).await?,
        evidence: count::<Evidence>(house, &who, &[]).await?,
        licences: count::<Licence>(house, &who, &[]).await?,
        licences_paid: count::<Licence>(house, &who, &[equal("state", "paid")]).await?,
        matches: count::<Match>(house, &who, &[]).await?,
        cases: count::<Case>(house, &who, &[]).await?,
        works: count::<Work>(house, &who, &[]).await?,
    };
    let last_run = last_run(house, &who).await?;
    let open_cases = count::<Case>(house, &who, &[equal("state", "open")]).await?;
    let next_action = next_action(&who, &counts, last_run.as_ref(), open_cases);
    Ok(Json(Home {
        counts,
        last_run,
        next_action,
    }))
}

async fn last_run(house: &House, who: &SignedIn) -> Answer<Option<StoryRun>> {
    if !who.role.may(Action::ReadStory) {
        return Ok(None);
    }
    let request = ListRequest {
        limit: 1,
        ..ListRequest::default()
    };
    Ok(page::<StoryRun>(house, who, &request)
        .await?
        .rows
        .into_iter()
        .next())
}

/// The first thing in the order of the story that waits for this person.
fn next_action(
    who: &SignedIn,
    counts: &Counts,
    last_run: Option<&StoryRun>,
    open_cases: i64,
) -> &'static str {
    let may = |action| who.role.may(action);
    match last_run {
        Some(run) if run.state == "running" => "watch-run",
        None if may(Action::RunStory) => "run-story",
        _ if open_cases > 0 && may(Action::CloseCase) => "review-match",
        _ if counts.works > counts.licences && may(Action::ChangeLicences) => "grant-licence",
        _ => "none",
    }
}
