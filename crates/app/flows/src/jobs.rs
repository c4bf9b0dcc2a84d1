//! Jobs as people see them: reading, their log, cancelling, trying again.

use crate::House;
use crate::accounts::{Action, Forbidden, SignedIn};
use backlot_facts::{Id, NewFact};
use backlot_ports::jobs::{Job, JobLogLine, JobQuery};
use backlot_ports::store::{Commit, StoreError};
use serde_json::json;

#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("no such job")]
    NotFound,
    #[error("the job has already ended, or has not")]
    State,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Newest change first.
pub async fn list(house: &House, who: &SignedIn, query: &JobQuery) -> Result<Vec<Job>, JobError> {
    who.allow(Action::ReadJobs)?;
    Ok(house.store.jobs(query).await?)
}

/// What the job said, oldest line first.
pub async fn log(house: &House, who: &SignedIn, id: &str) -> Result<Vec<JobLogLine>, JobError> {
    who.allow(Action::ReadJobs)?;
    let job = find(house, id).await?;
    Ok(house.store.job_log(&job.id).await?)
}

/// Stops a queued job at once and asks a running one to stop.
pub async fn cancel(house: &House, who: &SignedIn, id: &str) -> Result<Job, JobError> {
    who.allow(Action::ControlJobs)?;
    let job = find(house, id).await?;
    if !house.store.request_cancel(&job.id, house.now()).await? {
        return Err(JobError::State);
    }
    note(house, who, &job, "job-cancel-asked").await?;
    find(house, id).await
}

/// Queues a failed or cancelled job again.
pub async fn retry(house: &House, who: &SignedIn, id: &str) -> Result<Job, JobError> {
    who.allow(Action::ControlJobs)?;
    let job = find(house, id).await?;
    if !house.store.retry_job(&job.id, house.now()).await? {
        return Err(JobError::State);
    }
    note(house, who, &job, "job-retry-asked").await?;
    find(house, id).await
}

async fn find(house: &House, id: &str) -> Result<Job, JobError> {
    let id = Id::parse(id).map_err(|_| JobError::NotFound)?;
    house.store.job(&id).await?.ok_or(JobError::NotFound)
}

/// Who did it, for the audit page.
async fn note(house: &House, who: &SignedIn, job: &Job, kind: &str) -> Result<(), StoreError> {
    let body = json!({ "kind": job.kind, "subject": job.subject });
    let fact = NewFact::new(format!("job/{}", job.id), kind, body);
    house
        .store
        .commit(Commit::new(who.actor(), house.now()).fact(fact))
        .await
        .map(|_| ())
}
