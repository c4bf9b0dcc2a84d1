//! `/api/search`: the command palette.

use crate::WebState;
use crate::extract::{Params, Who};
use crate::problem::{Answer, Problem};
use crate::views::{SearchHit, SearchHits};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchParams {
    #[serde(default)]
    q: String,
}

/// What is found by name, as far as the role sees it; at most five of a kind.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchParams),
    responses((status = 200, body = SearchHits), (status = 422, body = Problem)))]
async fn search(
    State(state): State<WebState>,
    Who(who): Who,
    Params(params): Params<SearchParams>,
) -> Answer<Json<SearchHits>> {
    if params.q.trim().is_empty() {
        return Ok(Json(SearchHits { hits: Vec::new() }));
    }
    let found = backlot_flows::search::search(&state.house, &who, &params.q).await?;
    let mut hits = Vec::new();
    for work in found.works {
        let href = format!("/rights/works/{}", work.id);
        hits.push(hit("work", work.id, work.title_zh, work.title_en, href));
    }
    for take in found.takes {
        let href = format!("/takes/{}", take.id);
        hits.push(hit("take", take.id, take.name.clone(), take.name, href));
    }
    for master in found.masters {
        let href = format!("/masters/{}", master.id);
        hits.push(hit(
            "master",
            master.id,
            master.name.clone(),
            master.name,
            href,
        ));
    }
    for row in found.evidence {
        let href = format!("/ledger/{}", row.id);
        let (zh, en) = (
            format!("{} · {}", row.code, row.title_zh),
            format!("{} · {}", row.code, row.title_en),
        );
        hits.push(hit("evidence", row.id, zh, en, href));
    }
    for licence in found.licences {
        let href = format!("/licences/{}", licence.id);
        let zh = format!("{} · {}", licence.licensee, licence.title_zh);
        let en = format!("{} · {}", licence.licensee, licence.title_en);
        hits.push(hit("licence", licence.id, zh, en, href));
    }
    for person in found.people {
        let text = format!("{} · {}", person.name, person.email);
        hits.push(hit(
            "person",
            person.id,
            text.clone(),
            text,
            "/admin/people".to_owned(),
        ));
    }
    Ok(Json(SearchHits { hits }))
}

fn hit(
    kind: &'static str,
    id: String,
    title_zh: String,
    title_en: String,
    href: String,
) -> SearchHit {
    SearchHit {
        kind,
        id,
        title_zh,
        title_en,
        href,
    }
}
