//! `/api/jobs`: what runs, its log, stopping and trying again.

use crate::extract::{Params, Who};
use crate::problem::{Answer, Problem, Raised};
use crate::views::{self, JobLog, JobRows};
use crate::{WebState, codes};
use axum::Json;
use axum::extract::{Path, State};
use backlot_flows::jobs::{self, JobError};
use backlot_ports::jobs::{Job, JobQuery, JobState};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(log))
        .routes(routes!(cancel))
        .routes(routes!(retry))
}

impl From<JobError> for Raised {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Forbidden(refused) => refused.into(),
            JobError::NotFound => Self::new(codes::NOT_FOUND),
            JobError::State => Self::new(codes::STORY_STATE),
            JobError::Store(error) => error.into(),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct JobParams {
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: Option<String>,
    /// `story-run/<id>`.
    subject: Option<String>,
    /// 1 to 500, default 100.
    limit: Option<u32>,
}

/// Jobs, newest change first.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", params(JobParams),
    responses((status = 200, body = JobRows), (status = 403, body = Problem)))]
async fn list(
    State(state): State<WebState>,
    Who(who): Who,
    Params(params): Params<JobParams>,
) -> Answer<Json<JobRows>> {
    let wanted = params.state.as_deref().filter(|name| !name.is_empty());
    let parsed = wanted.map(|name| {
        JobState::parse(name).ok_or_else(|| {
            let en = "One of queued, running, done, failed, cancelled.";
            Raised::new(codes::QUERY).field("state", "不是任务状态。", en)
        })
    });
    let query = JobQuery {
        state: parsed.transpose()?,
        subject: params.subject.filter(|subject| !subject.is_empty()),
        updated_after: None,
        limit: params.limit.unwrap_or(100).clamp(1, 500),
    };
    Ok(Json(JobRows {
        rows: jobs::list(&state.house, &who, &query).await?,
    }))
}

/// What a job said.
#[utoipa::path(get, path = "/api/jobs/{id}/log", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = JobLog), (status = 404, body = Problem)))]
async fn log(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<JobLog>> {
    Ok(Json(JobLog {
        lines: jobs::log(&state.house, &who, &id).await?,
    }))
}

/// Stops a job.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = views::Job), (status = 409, body = Problem)))]
async fn cancel(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<Job>> {
    Ok(Json(jobs::cancel(&state.house, &who, &id).await?))
}

/// Queues a failed or cancelled job again.
#[utoipa::path(post, path = "/api/jobs/{id}/retry", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = views::Job), (status = 409, body = Problem)))]
async fn retry(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<Job>> {
    Ok(Json(jobs::retry(&state.house, &who, &id).await?))
}
