//! `/api/people`: who can sign in. For the owner.

use crate::WebState;
use crate::extract::{Body, Who};
use crate::problem::{Answer, Problem};
use crate::views::{InviteBody, Page, Person, PersonAnswer, PersonPatch};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use backlot_flows::accounts::people::{self, Invite, PersonChange};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(change))
}

/// Everybody, by name.
#[utoipa::path(get, path = "/api/people", tag = "people",
    responses((status = 200, body = Page<Person>), (status = 403, body = Problem)))]
async fn list(State(state): State<WebState>, Who(who): Who) -> Answer<Json<Page<Person>>> {
    let found = people::people(&state.house, &who).await?;
    let rows: Vec<Person> = found
        .into_iter()
        .map(|(person, organisation)| Person::of(person, organisation))
        .collect();
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(Json(Page {
        rows,
        next: None,
        total,
    }))
}

/// Adds a person; the one-time password is shown once.
#[utoipa::path(post, path = "/api/people", tag = "people", request_body = InviteBody,
    responses((status = 201, body = PersonAnswer), (status = 409, body = Problem),
              (status = 422, body = Problem)))]
async fn invite(
    State(state): State<WebState>,
    Who(who): Who,
    Body(body): Body<InviteBody>,
) -> Answer<(StatusCode, Json<PersonAnswer>)> {
    let invite = Invite {
        email: body.email,
        name: body.name,
        role: body.role,
        locale: body.locale,
        organisation: body.organisation.filter(|name| !name.trim().is_empty()),
    };
    let invited = people::invite(&state.house, &who, &invite).await?;
    let organisation = people::organisation_name(&state.house, &invited.person).await?;
    let answer = PersonAnswer {
        person: Person::of(invited.person, organisation),
        one_time_password: Some(invited.one_time_password),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Changes role or access, or gives a new one-time password; the person's sessions end.
#[utoipa::path(patch, path = "/api/people/{id}", tag = "people", params(("id" = String, Path)),
    request_body = PersonPatch,
    responses((status = 200, body = PersonAnswer), (status = 409, body = Problem)))]
async fn change(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
    Body(body): Body<PersonPatch>,
) -> Answer<Json<PersonAnswer>> {
    let change = PersonChange {
        role: body.role,
        enabled: body.enabled,
        reset_password: body.reset_password,
    };
    let (person, one_time_password) =
        people::change_person(&state.house, &who, &id, &change).await?;
    let organisation = people::organisation_name(&state.house, &person).await?;
    Ok(Json(PersonAnswer {
        person: Person::of(person, organisation),
        one_time_password,
    }))
}
