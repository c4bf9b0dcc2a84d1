//! Starting, cancelling and retrying a walk through the story.

use super::{STEPS, derived_id, job_for, stream};
use crate::House;
use backlot_facts::{Id, NewFact};
use backlot_ports::jobs::{JobQuery, JobState};
use backlot_ports::records::{SourceFile, StoryRun, StoryStep, Work};
use backlot_ports::store::{self, Commit, StoreError};
use serde_json::{Value, json};

/// What a story is told about. Empty titles get a default; missing files are generated.
#[derive(Debug, Clone, Default)]
pub struct StartStory {
    pub title_zh: Option<String>,
    pub title_en: Option<String>,
    pub take: Option<SourceFile>,
    pub video: Option<SourceFile>,
    pub organisation_id: String,
    /// `person/<id>` or `system`.
    pub actor: String,
}

#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    #[error("the title has {0} characters, at most {TITLE_CHARS_MAX} are kept")]
    TitleLength(usize),
    #[error("the story run `{0}` does not exist")]
    NoSuchRun(String),
    #[error("the story run is {0}, only {1} can be")]
    WrongState(String, &'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

const TITLE_CHARS_MAX: usize = 200;

/// Creates the work and the run and enqueues the first step.
pub async fn start(house: &House, request: StartStory) -> Result<StoryRun, StoryError> {
    let now = house.now();
    let run_id = house.new_id();
    let title_zh = title(request.title_zh.as_deref(), "园区之舞")?;
    let title_en = title(request.title_en.as_deref(), "Dance of the Lot")?;
    let work = Work {
        id: Id::derived(&run_id, "work").to_string(),
        title_zh: title_zh.clone(),
        title_en: title_en.clone(),
        organisation_id: request.organisation_id,
        created: now,
    };
    let steps = STEPS.iter().map(|name| StoryStep {
        name: (*name).to_owned(),
        state: "waiting".to_owned(),
        job_id: derived_id(run_id.as_str(), &format!("job-{name}")).to_string(),
        figures: Value::Null,
        started: None,
        finished: None,
    });
    let run = StoryRun {
        id: run_id.to_string(),
        work_id: work.id.clone(),
        title_zh,
        title_en,
        take_source: request.take,
        video_source: request.video,
        state: "running".to_owned(),
        steps: steps.collect(),
        error: None,
        created: now,
        updated: now,
    };
    let titles =
        json!({ "work_id": work.id, "title_zh": work.title_zh, "title_en": work.title_en });
    let commit = Commit::new(request.actor, now)
        .fact(NewFact::new(
            format!("work/{}", work.id),
            "work-created",
            titles.clone(),
        ))
        .fact(NewFact::new(stream(&run.id), "story-started", titles))
        .put(&work)?
        .put(&run)?
        .job(job_for(house, &run.id, STEPS[0]));
    house.store.commit(commit).await?;
    Ok(run)
}

fn title(given: Option<&str>, default: &str) -> Result<String, StoryError> {
    let text = given
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .unwrap_or(default);
    let chars = text.chars().count();
    if chars > TITLE_CHARS_MAX {
        Err(StoryError::TitleLength(chars))
    } else {
        Ok(text.to_owned())
    }
}

/// Asks the running step to stop; a queued one is cancelled at once.
pub async fn cancel(house: &House, run_id: &str, actor: &str) -> Result<StoryRun, StoryError> {
    let mut run = load(house, run_id).await?;
    if run.state != "running" {
        return Err(StoryError::WrongState(run.state, "a running one"));
    }
    let jobs = JobQuery {
        subject: Some(stream(run_id)),
        ..JobQuery::default()
    };
    let mut stops_itself = false;
    for job in house.store.jobs(&jobs).await? {
        match job.state {
            JobState::Queued => drop(house.store.request_cancel(&job.id, house.now()).await?),
            JobState::Running => {
                stops_itself |= house.store.request_cancel(&job.id, house.now()).await?
            }
            JobState::Done | JobState::Failed | JobState::Cancelled => {}
        }
    }
    let mut commit = Commit::new(actor, house.now());
    commit = commit.fact(NewFact::new(
        stream(run_id),
        "story-cancel-requested",
        json!({}),
    ));
    if !stops_itself {
        "cancelled".clone_into(&mut run.state);
        run.updated = house.now();
        commit = commit.put(&run)?;
    }
    house.store.commit(commit).await?;
    Ok(run)
}

/// Queues the step that failed or was cancelled again.
pub async fn retry(house: &House, run_id: &str, actor: &str) -> Result<StoryRun, StoryError> {
    let mut run = load(house, run_id).await?;
    if run.state != "failed" && run.state != "cancelled" {
        return Err(StoryError::WrongState(
            run.state,
            "a failed or cancelled one",
        ));
    }
    "running".clone_into(&mut run.state);
    run.error = None;
    run.updated = house.now();
    for step in run.steps.iter_mut().filter(|s| s.state == "failed") {
        "waiting".clone_into(&mut step.state);
    }
    let commit = Commit::new(actor, house.now())
        .fact(NewFact::new(stream(run_id), "story-retried", json!({})))
        .put(&run)?;
    house.store.commit(commit).await?;
    let jobs = JobQuery {
        subject: Some(stream(run_id)),
        ..JobQuery::default()
    };
    for job in house.store.jobs(&jobs).await? {
        if matches!(job.state, JobState::Failed | JobState::Cancelled) {
            house.store.retry_job(&job.id, house.now()).await?;
        }
    }
    Ok(run)
}

async fn load(house: &House, run_id: &str) -> Result<StoryRun, StoryError> {
    store::get::<StoryRun>(house.store.as_ref(), run_id)
        .await?
        .ok_or_else(|| StoryError::NoSuchRun(run_id.to_owned()))
}
