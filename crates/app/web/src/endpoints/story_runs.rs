//! `/api/story-runs`: starting, cancelling and retrying a walk through the story.

use crate::extract::{Body, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{self, StartStoryBody};
use crate::{WebState, codes};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use backlot_flows::accounts::{Action, SignedIn};
use backlot_flows::story::{self, StartStory, StoryError};
use backlot_flows::uploads;
use backlot_ports::records::{SourceFile, StoryRun};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(cancel))
        .routes(routes!(retry))
}

impl From<StoryError> for Raised {
    fn from(error: StoryError) -> Self {
        match error {
            StoryError::TitleLength(_) => {
                Self::new(codes::STORY_INVALID).detail("片名过长。", error.to_string())
            }
            StoryError::NoSuchRun(_) => Self::new(codes::NOT_FOUND),
            StoryError::WrongState(..) => Self::new(codes::STORY_STATE),
            StoryError::Store(error) => error.into(),
        }
    }
}

/// Starts the whole story on a given take and video, or on a generated performance.
#[utoipa::path(post, path = "/api/story-runs", tag = "story-runs", request_body = StartStoryBody,
    responses((status = 202, body = views::StoryRun), (status = 403, body = Problem),
              (status = 422, body = Problem)))]
async fn start(
    State(state): State<WebState>,
    Who(who): Who,
    Body(body): Body<StartStoryBody>,
) -> Answer<(StatusCode, Json<StoryRun>)> {
    who.allow(Action::RunStory)?;
    let take = source(&state, &who, "take_upload", body.take_upload, "take").await?;
    let video = source(&state, &who, "video_upload", body.video_upload, "video").await?;
    let request = StartStory {
        title_zh: body.title_zh,
        title_en: body.title_en,
        take,
        video,
        organisation_id: who.person.organisation_id.clone(),
        actor: who.actor(),
    };
    let run = story::start(&state.house, request).await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// The stored file of a finished upload of the right kind.
async fn source(
    state: &WebState,
    who: &SignedIn,
    field: &str,
    id: Option<String>,
    kind: &str,
) -> Answer<Option<SourceFile>> {
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        return Ok(None);
    };
    let upload = uploads::find(&state.house, who, &id).await?;
    match upload.blob {
        Some(blob) if upload.kind.as_deref() == Some(kind) => Ok(Some(SourceFile {
            blob,
            file_name: upload.file_name,
        })),
        _ => Err(Raised::new(codes::STORY_INVALID).field(
            field,
            "上传尚未完成，或文件类型不符。",
            format!("The upload is not finished, or is not a {kind}."),
        )),
    }
}

/// Stops a running story.
#[utoipa::path(post, path = "/api/story-runs/{id}/cancel", tag = "story-runs",
    params(("id" = String, Path)),
    responses((status = 200, body = views::StoryRun), (status = 409, body = Problem)))]
async fn cancel(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<StoryRun>> {
    who.allow(Action::RunStory)?;
    Ok(Json(story::cancel(&state.house, &id, &who.actor()).await?))
}

/// Goes on from the step that failed.
#[utoipa::path(post, path = "/api/story-runs/{id}/retry", tag = "story-runs",
    params(("id" = String, Path)),
    responses((status = 200, body = views::StoryRun), (status = 409, body = Problem)))]
async fn retry(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<StoryRun>> {
    who.allow(Action::RunStory)?;
    Ok(Json(story::retry(&state.house, &id, &who.actor()).await?))
}
