//! `/api/session`: signing in and out, and one's own settings.

use crate::extract::{Body, MaybeWho, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{SessionPatch, SessionPerson, SessionView, SignInBody, SignedInView};
use crate::{WebState, codes, cookie};
use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backlot_flows::accounts::{self, SignInError, SignInRequest, people::OwnChange};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(show, sign_in, sign_out, change))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session",
    responses((status = 200, body = SessionView)))]
async fn show(State(state): State<WebState>, MaybeWho(who): MaybeWho) -> Json<SessionView> {
    let person = who.as_ref().map(SessionPerson::from);
    Json(SessionView {
        person,
        version: state.version.to_owned(),
    })
}

/// The address the connection comes from; none in tests without a network.
pub struct Peer(Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(info.map(|ConnectInfo(address)| address.ip())))
    }
}

/// Signs in and sets the session cookie, always with a new token.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignInBody,
    responses((status = 200, body = SignedInView), (status = 401, body = Problem),
              (status = 429, body = Problem)))]
async fn sign_in(
    State(state): State<WebState>,
    MaybeWho(before): MaybeWho,
    Peer(address): Peer,
    headers: HeaderMap,
    Body(body): Body<SignInBody>,
) -> Answer<Response> {
    let now = state.house.now();
    let email = accounts::normal_email(&body.email);
    if !state.limits.address_may_try(address, now) {
        return Err(Raised::new(codes::RATE));
    }
    if !state.limits.account_may_try(&email, now) {
        return Err(Raised::new(codes::LOCKED));
    }
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let request = SignInRequest {
        email: &email,
        password: &body.password,
        user_agent: agent.unwrap_or_default(),
        replaces: before.as_ref().map(|who| who.session_id.as_str()),
    };
    match accounts::sign_in(&state.house, request).await {
        Ok(opened) => {
            state.limits.account_succeeded(&email);
            let url = &state.house.settings.public_url;
            let cookie = cookie::set(&opened.token, opened.max_age_secs, url);
            let view = SignedInView {
                person: SessionPerson::from(&opened.who),
            };
            Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
        }
        Err(SignInError::Wrong) => {
            state.limits.account_failed(&email, now);
            Err(Raised::new(codes::WRONG_PASSWORD))
        }
        Err(SignInError::Locked { .. }) => Err(Raised::new(codes::LOCKED)),
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error @ SignInError::Hash(_)) => Err(Raised::inside(&error)),
    }
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
async fn sign_out(State(state): State<WebState>, Who(who): Who) -> Answer<Response> {
    accounts::sign_out(&state.house, &who).await?;
    let ended = cookie::set("", 0, &state.house.settings.public_url);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, ended)]).into_response())
}

/// Changes one's own name, language or password.
#[utoipa::path(patch, path = "/api/session", tag = "session", request_body = SessionPatch,
    responses((status = 200, body = SignedInView), (status = 422, body = Problem)))]
async fn change(
    State(state): State<WebState>,
    Who(mut who): Who,
    Body(body): Body<SessionPatch>,
) -> Answer<Json<SignedInView>> {
    let now = state.house.now();
    let guesses = body.new_password.is_some();
    if guesses && !state.limits.account_may_try(&who.person.email, now) {
        return Err(Raised::new(codes::LOCKED));
    }
    let change = OwnChange {
        locale: body.locale,
        name: body.name,
        old_password: body.old_password,
        new_password: body.new_password,
    };
    let outcome = accounts::people::change_own(&state.house, &who, &change).await;
    if matches!(outcome, Err(accounts::AccountError::WrongPassword)) {
        state.limits.account_failed(&who.person.email, now);
    }
    who.person = outcome?;
    Ok(Json(SignedInView {
        person: SessionPerson::from(&who),
    }))
}
