//! What handlers are given: who asks, a JSON body, list parameters. Everything else is refused.

use crate::codes;
use crate::problem::Raised;
use crate::{WebState, cookie};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use backlot_flows::accounts::{self, SignedIn};
use backlot_flows::reading::{LIMIT_MAX, ListRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// The signed-in person; without one the answer is 401.
pub struct Who(pub SignedIn);

impl FromRequestParts<WebState> for Who {
    type Rejection = Raised;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Raised> {
        let MaybeWho(who) = MaybeWho::from_request_parts(parts, state).await?;
        who.map(Self).ok_or_else(|| Raised::new(codes::SIGNED_OUT))
    }
}

/// The signed-in person, if anybody is.
pub struct MaybeWho(pub Option<SignedIn>);

impl FromRequestParts<WebState> for MaybeWho {
    type Rejection = Raised;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Raised> {
        let Some(token) = cookie::read(&parts.headers) else {
            return Ok(Self(None));
        };
        Ok(Self(accounts::lookup(&state.house, &token).await?))
    }
}

/// A JSON body of exactly the expected shape; unknown fields are refused by the types themselves.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<WebState> for Body<T> {
    type Rejection = Raised;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Raised> {
        let bytes = match Bytes::from_request(request, state).await {
            Ok(bytes) => bytes,
            Err(rejection) => return Err(unreadable(&rejection)),
        };
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let text = short(&error.to_string());
            Raised::new(codes::BODY).detail(format!("请求内容无法理解：{text}"), text)
        })
    }
}

fn unreadable(rejection: &BytesRejection) -> Raised {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Raised::new(codes::BODY_TOO_LARGE),
        _ => Raised::new(codes::BODY),
    }
}

/// The query string as a struct.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<WebState> for Params<T> {
    type Rejection = Raised;

    async fn from_request_parts(parts: &mut Parts, _state: &WebState) -> Result<Self, Raised> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|error| {
                let text = short(&error.to_string());
                Raised::new(codes::QUERY).detail(format!("查询参数无法理解：{text}"), text)
            })
    }
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

/// Parameters every list takes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListParams {
    /// 1 to 500, default 50.
    #[serde(default)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Search text.
    #[serde(default)]
    pub q: Option<String>,
    /// Column.
    #[serde(default)]
    pub sort: Option<String>,
    /// `asc` or `desc`.
    #[serde(default)]
    pub dir: Option<Direction>,
    /// Licences, cases, story runs: only those in this state.
    #[serde(default)]
    pub state: Option<String>,
    /// Only those of this work.
    #[serde(default)]
    pub work_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Asc,
    Desc,
}

impl ListParams {
    /// The request of the flow; `filters` names the columns among `state` and `work_id` that this
    /// kind of row has.
    pub fn request(self, filters: &[&'static str]) -> Result<ListRequest, Raised> {
        let limit = self.limit.unwrap_or(50);
        if limit == 0 || limit > LIMIT_MAX {
            return Err(Raised::new(codes::QUERY).field(
                "limit",
                format!("须为 1 至 {LIMIT_MAX}。"),
                format!("Must be 1 to {LIMIT_MAX}."),
            ));
        }
        let mut request = ListRequest {
            limit,
            after: self.after.filter(|cursor| !cursor.is_empty()),
            q: self.q,
            sort: self.sort.filter(|column| !column.is_empty()),
            descending: self.dir.map(|dir| dir == Direction::Desc),
            filters: Vec::new(),
        };
        for (column, value) in [("state", self.state), ("work_id", self.work_id)] {
            let Some(value) = value.filter(|text| !text.is_empty()) else {
                continue;
            };
            if !filters.contains(&column) {
                return Err(Raised::new(codes::QUERY).field(
                    column,
                    "此列表不能按该列筛选。",
                    "This list has no such filter.",
                ));
            }
            request
                .filters
                .push(backlot_flows::reading::equal(column, &value));
        }
        Ok(request)
    }
}
