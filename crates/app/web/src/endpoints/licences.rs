//! `/api/licences`: check, grant, pay, terminate; and `/api/vocab`, the words of the form.

use crate::WebState;
use crate::codes::{self, Code};
use crate::extract::{Body, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{self, GrantCheck, Refusal, TerminateBody, Window, Witness};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use backlot_flows::accounts::Action;
use backlot_flows::licences::{
    self, CheckAnswer, GrantRequest, LicenceFlowError, PaymentRequest, RefusalView, Vocabulary,
};
use backlot_ports::records::Licence;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(grant))
        .routes(routes!(pay))
        .routes(routes!(terminate))
        .routes(routes!(vocab))
}

impl From<RefusalView> for Refusal {
    fn from(refusal: RefusalView) -> Self {
        Self {
            code: refusal.code,
            text_zh: refusal.text_zh,
            text_en: refusal.text_en,
            witness: refusal.witness.map(|witness| Witness {
                licence_id: witness.licence_id,
                licensee: witness.licensee,
                territories: witness.territories,
                media: witness.media,
                languages: witness.languages,
                starts_on: witness.starts_on,
                ends_on: witness.ends_on,
            }),
            nearest_free: refusal.nearest_free.map(|window| Window {
                starts_on: window.starts_on,
                ends_on: window.ends_on,
            }),
            field: refusal.field,
        }
    }
}

impl From<CheckAnswer> for GrantCheck {
    fn from(answer: CheckAnswer) -> Self {
        Self {
            free: answer.free,
            refusal: answer.refusal.map(Refusal::from),
            territories_normalised: answer.territories_normalised,
            territory_count: answer.territory_count,
        }
    }
}

/// What a failed licence flow is told as; a refusal travels under `refused`.
fn told(error: LicenceFlowError, refused: Code) -> Raised {
    match error {
        LicenceFlowError::Refused(refusal) => Raised::new(refused).refusal((*refusal).into()),
        LicenceFlowError::NoSuchWork(_) | LicenceFlowError::NoSuchLicence(_) => {
            Raised::new(codes::NOT_FOUND)
        }
        LicenceFlowError::Contended => Raised::new(codes::BUSY),
        LicenceFlowError::Store(error) => error.into(),
        LicenceFlowError::Facts(_) => Raised::inside(&error),
    }
}

/// Whether a grant would be accepted now; writes nothing.
#[utoipa::path(post, path = "/api/licences/check", tag = "licences",
    request_body = views::GrantRequest,
    responses((status = 200, body = GrantCheck), (status = 404, body = Problem)))]
async fn check(
    State(state): State<WebState>,
    Who(who): Who,
    Body(body): Body<GrantRequest>,
) -> Answer<Json<GrantCheck>> {
    who.allow(Action::CheckLicence)?;
    let answer = licences::check(&state.house, &body).await;
    let answer = answer.map_err(|error| told(error, codes::LICENCE_REFUSED))?;
    Ok(Json(answer.into()))
}

/// Grants a licence, or says which grant stands in the way.
#[utoipa::path(post, path = "/api/licences", tag = "licences", request_body = views::GrantRequest,
    responses((status = 201, body = views::Licence), (status = 403, body = Problem),
              (status = 409, body = Problem)))]
async fn grant(
    State(state): State<WebState>,
    Who(who): Who,
    Body(body): Body<GrantRequest>,
) -> Answer<(StatusCode, Json<Licence>)> {
    who.allow(Action::ChangeLicences)?;
    let granted = licences::grant(&state.house, &body, &who.actor()).await;
    let licence = granted.map_err(|error| told(error, codes::LICENCE_REFUSED))?;
    Ok((StatusCode::CREATED, Json(licence)))
}

/// Books a receipt and splits the money.
#[utoipa::path(post, path = "/api/licences/{id}/payments", tag = "licences",
    params(("id" = String, Path)), request_body = views::PaymentBody,
    responses((status = 200, body = views::Licence), (status = 409, body = Problem)))]
async fn pay(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
    Body(body): Body<PaymentRequest>,
) -> Answer<Json<Licence>> {
    who.allow(Action::ChangeLicences)?;
    let paid = licences::pay(&state.house, &id, &body, &who.actor()).await;
    Ok(Json(
        paid.map_err(|error| told(error, codes::LICENCE_STATE))?,
    ))
}

/// Ends a licence today.
#[utoipa::path(post, path = "/api/licences/{id}/terminate", tag = "licences",
    params(("id" = String, Path)), request_body = TerminateBody,
    responses((status = 200, body = views::Licence), (status = 409, body = Problem)))]
async fn terminate(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
    Body(body): Body<TerminateBody>,
) -> Answer<Json<Licence>> {
    who.allow(Action::ChangeLicences)?;
    let ended = licences::terminate(&state.house, &id, &body.reason, &who.actor()).await;
    Ok(Json(
        ended.map_err(|error| told(error, codes::LICENCE_STATE))?,
    ))
}

/// Media, territories with their groups of today, and languages, in both languages.
#[utoipa::path(get, path = "/api/vocab", tag = "licences",
    responses((status = 200, body = views::Vocab), (status = 401, body = Problem)))]
async fn vocab(State(state): State<WebState>, _who: Who) -> Json<Vocabulary> {
    Json(licences::vocabulary(licences::today(state.house.now())))
}
