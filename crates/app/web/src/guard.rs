//! The outermost layer: trace ids, security headers, forgery checks, time limits, problem bodies.
//!
//! Invariant: every answer leaves through here, also those of axum's own extractors and fallbacks.

use crate::problem::Raised;
use crate::{WebState, codes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long a handler may take until its answer begins.
pub const ANSWER_SECS_MAX: u64 = 60;

const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; \
    worker-src 'self' blob:; connect-src 'self' blob:; font-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
];

pub async fn guard(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let trace_id = new_trace_id(&state);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_page = wants_page(&request);
    let response = match forged(&request) {
        true => Raised::new(codes::CSRF).into_response(),
        false => timed(request, next).await,
    };
    let mut response = finish(response, &path, &trace_id, is_page);
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, trace_id, "answered");
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if path.starts_with("/api/") {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(&trace_id) {
        headers.insert(HeaderName::from_static("x-trace-id"), value);
    }
    response
}

fn new_trace_id(state: &WebState) -> String {
    let mut bytes = [0u8; 8];
    state.house.random.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bodies of uploads take as long as they take; everything else has to begin its answer in time.
async fn timed(request: Request, next: Next) -> Response {
    let is_transfer =
        request.method() == Method::PATCH && request.uri().path().starts_with("/api/uploads/");
    if is_transfer {
        return next.run(request).await;
    }
    match tokio::time::timeout(Duration::from_secs(ANSWER_SECS_MAX), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Raised::new(codes::TIMEOUT).into_response(),
    }
}

/// A changing request needs our header, which no foreign page can add without a preflight that
/// nobody answers, and an `Origin`, when there is one, of this very host.
fn forged(request: &Request) -> bool {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe {
        return false;
    }
    let headers = request.headers();
    let marked = headers.get("x-backlot").is_some_and(|value| value == "1");
    !marked || !same_origin(headers)
}

fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let origin_host = origin.to_str().ok().and_then(|text| text.split_once("://"));
    match (origin_host, host) {
        (Some((_, from)), Some(host)) => from.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Whether a person looks at the answer: a browser navigates outside the interface.
fn wants_page(request: &Request) -> bool {
    let accepted = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read
        && !request.uri().path().starts_with("/api/")
        && accepted.is_some_and(|kinds| kinds.contains("text/html"))
}

/// Gives problems their trace id, and plain refusals of the framework a problem body.
fn finish(mut response: Response, path: &str, trace_id: &str, is_page: bool) -> Response {
    if let Some(raised) = response.extensions_mut().remove::<Raised>() {
        if let Some(inside) = &raised.0.inside {
            tracing::error!(trace_id, path, code = raised.0.code, "{inside}");
        }
        let mut told = if is_page {
            raised.page(trace_id)
        } else {
            raised.respond(trace_id)
        };
        for (name, value) in response.headers() {
            if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
                told.headers_mut().append(name.clone(), value.clone());
            }
        }
        return told;
    }
    let code = match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => codes::METHOD,
        StatusCode::PAYLOAD_TOO_LARGE => codes::BODY_TOO_LARGE,
        StatusCode::BAD_REQUEST => codes::QUERY,
        _ => return response,
    };
    Raised::new(code).respond(trace_id)
}
