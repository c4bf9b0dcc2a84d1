//! `/api/uploads`: resumable uploads. The body of a `PATCH` is appended as it comes.

use crate::extract::{Body, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{self, NewUploadBody};
use crate::{WebState, codes};
use axum::Json;
use axum::body::Body as RawBody;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use backlot_facts::Sha256Hex;
use backlot_flows::accounts::Action;
use backlot_flows::uploads::{self, Append, NewUpload};
use backlot_ports::records::Upload;
use futures::StreamExt;
use std::time::Duration;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A transfer that sends nothing for this long ends; what came is kept.
const IDLE_SECS_MAX: u64 = 60;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(show, append))
}

/// Announces a file.
#[utoipa::path(post, path = "/api/uploads", tag = "uploads", request_body = NewUploadBody,
    responses((status = 201, body = views::Upload), (status = 413, body = Problem),
              (status = 422, body = Problem), (status = 507, body = Problem)))]
async fn create(
    State(state): State<WebState>,
    Who(who): Who,
    Body(body): Body<NewUploadBody>,
) -> Answer<(StatusCode, Json<Upload>)> {
    who.allow(Action::Upload)?;
    let parsed = body.expected.as_deref().map(Sha256Hex::parse).transpose();
    let expected = parsed.map_err(|_| {
        Raised::new(codes::UPLOAD_INVALID).field(
            "expected",
            "须为 64 位小写十六进制的 SHA-256。",
            "Must be a SHA-256 of 64 lowercase hex digits.",
        )
    })?;
    let new = NewUpload {
        file_name: body.file_name,
        bytes_total: body.bytes_total,
        expected,
    };
    let upload = uploads::create(&state.house, &who, new).await?;
    Ok((StatusCode::CREATED, Json(upload)))
}

/// How far an upload is.
#[utoipa::path(get, path = "/api/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, body = views::Upload), (status = 404, body = Problem)))]
async fn show(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<Upload>> {
    Ok(Json(uploads::find(&state.house, &who, &id).await?))
}

/// Appends the body at `upload-offset`; with the last byte the file is checked and stored.
#[utoipa::path(patch, path = "/api/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("upload-offset" = i64, Header)),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = views::Upload), (status = 409, body = Problem),
              (status = 422, body = Problem), (status = 507, body = Problem)))]
async fn append(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: RawBody,
) -> Answer<Json<Upload>> {
    who.allow(Action::Upload)?;
    let offset = headers
        .get("upload-offset")
        .and_then(|value| value.to_str().ok());
    let offset = offset
        .and_then(|text| text.parse::<i64>().ok())
        .ok_or_else(|| {
            Raised::new(codes::UPLOAD_INVALID).field(
                "upload-offset",
                "缺少或无效的 upload-offset 请求头。",
                "The header upload-offset is missing or not a number.",
            )
        })?;
    let mut append = uploads::begin(&state.house, &who, &id, offset).await?;
    let outcome = receive(&mut append, body).await;
    if let Err(raised) = &outcome
        && raised.0.code == codes::UPLOAD_OVERFLOW.code
    {
        let raised = raised.clone();
        uploads::discard(&state.house, &who, append).await?;
        return Err(raised);
    }
    // What came is kept, whatever ended the transfer; its client asks where to go on.
    let ended = uploads::end(&state.house, &who, append).await;
    outcome?;
    Ok(Json(ended?))
}

async fn receive(append: &mut Append, body: RawBody) -> Answer<()> {
    let mut pieces = body.into_data_stream();
    loop {
        let idle = Duration::from_secs(IDLE_SECS_MAX);
        match tokio::time::timeout(idle, pieces.next()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(piece))) => append.write(&piece).await?,
            Ok(Some(Err(_))) => return Err(Raised::new(codes::BODY)),
            Err(_) => return Err(Raised::new(codes::TIMEOUT)),
        }
    }
}
