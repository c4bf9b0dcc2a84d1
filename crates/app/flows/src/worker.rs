//! The worker: leases one job at a time, runs its handler, commits the handler's result together
//! with the end of the job.
//!
//! Invariant: a handler changes nothing visible by itself; it returns a [`Commit`], which becomes
//! visible in the same transaction that ends the job. A worker that is killed loses its lease, and
//! the next one runs the handler again from the start.

use crate::{House, story, uploads};
use backlot_facts::UtcMicros;
use backlot_ports::blobs::BlobError;
use backlot_ports::jobs::{Job, Progress};
use backlot_ports::media::MediaError;
use backlot_ports::store::{Commit, JobLease, StoreError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

const LEASE_SECS: i64 = 30;
const HEARTBEAT: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_millis(250);
/// Abandoned uploads are looked for this often.
const CLEAN_EVERY_SECS: i64 = 3600;
const BACKOFF_SECS: [i64; 5] = [1, 5, 30, 120, 600];

/// Why a handler could not finish.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again cannot help: the input is wrong.
    #[error("{0}")]
    Refused(String),
    /// The world may be better in a while: disk full, store away.
    #[error("{0}")]
    Failed(String),
    #[error("cancelled")]
    Cancelled,
}

impl JobError {
    /// A failure with its whole cause chain in one line.
    pub fn failed(error: &dyn std::error::Error) -> Self {
        Self::Failed(chain(error))
    }

    pub fn refused(error: &dyn std::error::Error) -> Self {
        Self::Refused(chain(error))
    }
}

impl From<MediaError> for JobError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NotMedia { .. } | MediaError::Truncated { .. } => Self::refused(&error),
            MediaError::Cancelled { .. } => Self::Cancelled,
            _ => Self::failed(&error),
        }
    }
}

impl From<BlobError> for JobError {
    fn from(error: BlobError) -> Self {
        Self::failed(&error)
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::failed(&error)
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JobError> + Send + 'static,
) -> Result<T, JobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(JobError::Failed(format!(
            "the work stopped unexpectedly: {error}"
        ))),
    }
}

/// What a handler is given.
pub struct JobContext {
    pub house: House,
    pub job: Job,
    /// Set when somebody asked to cancel or the lease is gone.
    pub cancel: Arc<AtomicBool>,
    /// The job's own scratch folder, empty at the start, removed at the end.
    pub scratch: PathBuf,
    progress: Arc<Mutex<Progress>>,
}

impl JobContext {
    /// `share` of the whole job, 0 to 1, and what is being done.
    pub fn progress(&self, share: f64, stage: &str) {
        let ppm = (share.clamp(0.0, 1.0) * 1e6) as i64;
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Progress {
            ppm,
            stage: stage.to_owned(),
        };
    }

    /// A reporter for blocking code: maps its 0 to 1 into `from..to` of the job.
    pub fn reporter(
        &self,
        from: f64,
        to: f64,
        stage: &str,
    ) -> impl Fn(f32) + Send + Sync + 'static {
        let progress = Arc::clone(&self.progress);
        let stage = stage.to_owned();
        move |share| {
            let ppm = ((from + f64::from(share) * (to - from)).clamp(0.0, 1.0) * 1e6) as i64;
            *progress.lock().unwrap_or_else(PoisonError::into_inner) = Progress {
                ppm,
                stage: stage.clone(),
            };
        }
    }

    pub async fn log(&self, line: &str) {
        if let Err(error) = self
            .house
            .store
            .log_job(&self.job.id, self.house.now(), line)
            .await
        {
            tracing::warn!(job = %self.job.id, %error, "failed to write a job log line");
        }
    }

    pub fn actor(&self) -> String {
        format!("worker/{}", self.house.settings.worker_name)
    }

    pub fn check_cancelled(&self) -> Result<(), JobError> {
        if self.cancel.load(Ordering::Relaxed) {
            Err(JobError::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Every kind of job.
pub const EVERY_KIND: &[&str] = &[];

/// Runs jobs of `kinds` until `stop` becomes true.
pub async fn run(house: House, kinds: &'static [&'static str], mut stop: watch::Receiver<bool>) {
    let mut clean_at = house.now();
    while !*stop.borrow() {
        if house.now() >= clean_at {
            clean_at = house.now().plus_secs(CLEAN_EVERY_SECS);
            if let Err(error) = uploads::clean(&house).await {
                tracing::warn!(%error, "failed to clean abandoned uploads");
            }
        }
        let idle = match run_next(&house, kinds).await {
            Ok(true) => continue,
            Ok(false) => IDLE,
            Err(error) => {
                tracing::error!(%error, "the worker cannot reach its jobs");
                Duration::from_secs(2)
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(idle) => {}
        }
    }
}

/// Leases and runs one due job. False = nothing is due.
pub async fn run_next(house: &House, kinds: &[&str]) -> Result<bool, StoreError> {
    let worker = house.settings.worker_name.clone();
    let leased = house
        .store
        .lease_job(kinds, &worker, house.now(), LEASE_SECS)
        .await?;
    let Some(job) = leased else { return Ok(false) };
    let Some(token) = job.lease_token.clone() else {
        return Ok(false);
    };
    let lease = JobLease {
        job: job.id.clone(),
        token,
    };
    run_leased(house, job, &lease).await?;
    Ok(true)
}

async fn run_leased(house: &House, job: Job, lease: &JobLease) -> Result<(), StoreError> {
    let context = JobContext {
        house: house.clone(),
        cancel: Arc::new(AtomicBool::new(job.cancel_requested)),
        scratch: house.settings.work_dir.join("jobs").join(job.id.as_str()),
        progress: Arc::new(Mutex::new(Progress::default())),
        job,
    };
    let beat = tokio::spawn(heartbeat(
        house.clone(),
        lease.clone(),
        Arc::clone(&context.cancel),
        Arc::clone(&context.progress),
    ));
    let outcome = handle(&context).await;
    beat.abort();
    if let Err(error) = tokio::fs::remove_dir_all(&context.scratch).await {
        tracing::debug!(job = %context.job.id, %error, "no scratch folder to remove");
    }
    end(&context, lease, outcome).await
}

async fn handle(context: &JobContext) -> Result<Commit, JobError> {
    let scratch = &context.scratch;
    match tokio::fs::remove_dir_all(scratch).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(JobError::Failed(format!(
                "cannot empty `{}`: {error}",
                scratch.display()
            )));
        }
        _ => {}
    }
    tokio::fs::create_dir_all(scratch).await.map_err(|error| {
        JobError::Failed(format!("cannot create `{}`: {error}", scratch.display()))
    })?;
    match context.job.kind.strip_prefix("story-") {
        Some(step) => story::run_step(context, step).await,
        None => Err(JobError::Refused(format!(
            "no handler for jobs of kind `{}`",
            context.job.kind
        ))),
    }
}

/// Keeps the lease, stores progress, hears cancellation.
async fn heartbeat(
    house: House,
    lease: JobLease,
    cancel: Arc<AtomicBool>,
    progress: Arc<Mutex<Progress>>,
) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let now = progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match house
            .store
            .report_progress(&lease, house.now(), LEASE_SECS, &now)
            .await
        {
            Ok(false) => {}
            Ok(true) | Err(StoreError::LeaseLost(_)) => cancel.store(true, Ordering::Relaxed),
            Err(error) => tracing::warn!(job = %lease.job, %error, "failed to report progress"),
        }
    }
}

async fn end(
    context: &JobContext,
    lease: &JobLease,
    outcome: Result<Commit, JobError>,
) -> Result<(), StoreError> {
    let house = &context.house;
    let outcome = match outcome {
        Ok(commit) => match house.store.commit(commit.finish(lease.clone())).await {
            Ok(_) => return Ok(()),
            Err(StoreError::LeaseLost(lost)) => {
                tracing::warn!(job = %lost.job, "finished after the lease was lost; the next worker repeats it");
                return Ok(());
            }
            Err(error) => JobError::failed(&error),
        },
        Err(error) => error,
    };
    let (message, retry_at) = match &outcome {
        JobError::Cancelled => {
            story::mark_ended(context, "cancelled", "cancelled").await?;
            return forgive_lost(house.store.cancel_leased(lease, house.now()).await);
        }
        JobError::Refused(message) => (message, None),
        JobError::Failed(message) => (message, retry_time(context)),
    };
    tracing::error!(job = %context.job.id, kind = %context.job.kind, error = %message, "job failed");
    context.log(message).await;
    if retry_at.is_none() {
        story::mark_ended(context, "failed", message).await?;
    }
    forgive_lost(
        house
            .store
            .fail_job(lease, house.now(), message, retry_at)
            .await,
    )
}

fn retry_time(context: &JobContext) -> Option<UtcMicros> {
    let attempt = context.job.attempt;
    if attempt >= context.job.max_attempts {
        return None;
    }
    let index = usize::try_from(attempt - 1)
        .unwrap_or(0)
        .min(BACKOFF_SECS.len() - 1);
    Some(context.house.now().plus_secs(BACKOFF_SECS[index]))
}

/// Another worker already holds the job: its outcome counts, not ours.
fn forgive_lost(result: Result<(), StoreError>) -> Result<(), StoreError> {
    match result {
        Err(StoreError::LeaseLost(_)) => Ok(()),
        other => other,
    }
}
