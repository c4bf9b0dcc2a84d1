//! The story: capture → animate → master → register → license → monitor, each step a job that
//! enqueues the next one in the transaction that ends it.
//!
//! Everything a step writes has an id derived from the run, and every claim carries the time the
//! step first started, so a step that is killed and repeated writes the same rows and the same leaf.

mod animate;
mod capture;
mod case;
mod license;
mod master;
mod monitor;
mod register;
mod run;
mod sources;

pub use run::{StartStory, StoryError, cancel, retry, start};
pub use sources::{SourceError, bring_in, home_organisation};

use crate::House;
use crate::worker::{JobContext, JobError};
use backlot_facts::{Id, NewFact, UtcMicros};
use backlot_ports::jobs::NewJob;
use backlot_ports::records::StoryRun;
use backlot_ports::store::{self, Commit, StoreError};
use serde_json::{Value, json};

/// The six verbs in the order everything is told.
pub const STEPS: [&str; 6] = [
    "capture", "animate", "master", "register", "license", "monitor",
];
/// Jobs in order with the step each belongs to; monitoring ends with a registered case.
const JOBS: [(&str, &str); 7] = [
    ("capture", "capture"),
    ("animate", "animate"),
    ("master", "master"),
    ("register", "register"),
    ("license", "license"),
    ("monitor", "monitor"),
    ("case", "monitor"),
];
/// Kinds a worker can run that does not hold the authorities.
pub const JOBS_WITHOUT_LEDGER: &[&str] = &[
    "story-capture",
    "story-animate",
    "story-master",
    "story-license",
    "story-monitor",
];

/// What a step hands back: its figures and everything that becomes visible with them.
pub(crate) struct Outcome {
    pub figures: Value,
    pub commit: Commit,
}

/// A step's view of its run.
pub(crate) struct Step<'a> {
    pub context: &'a JobContext,
    pub run: StoryRun,
    /// When this step first started, also on later attempts.
    pub started: UtcMicros,
}

impl Step<'_> {
    pub fn id(&self, role: &str) -> Id {
        derived_id(&self.run.id, role)
    }

    pub fn commit(&self) -> Commit {
        Commit::new(self.context.actor(), self.context.house.now())
    }

    /// Figures of an earlier step.
    pub fn figures(&self, step: &str) -> &Value {
        self.run
            .steps
            .iter()
            .find(|s| s.name == step)
            .map_or(&Value::Null, |s| &s.figures)
    }
}

fn derived_id(run_id: &str, role: &str) -> Id {
    match Id::parse(run_id) {
        Ok(id) => Id::derived(&id, role),
        Err(_) => Id::derived(&Id::new(UtcMicros(0), [0; 10]), &format!("{run_id}/{role}")),
    }
}

fn stream(run_id: &str) -> String {
    format!("story-run/{run_id}")
}

fn job_for(house: &House, run_id: &str, job: &str) -> NewJob {
    NewJob {
        id: derived_id(run_id, &format!("job-{job}")),
        kind: format!("story-{job}"),
        subject: stream(run_id),
        payload: json!({ "run_id": run_id }),
        run_at: house.now(),
        max_attempts: house.settings.job_attempts_max,
    }
}

/// Runs the job `story-<job>`.
pub(crate) async fn run_step(context: &JobContext, job: &str) -> Result<Commit, JobError> {
    let Some(position) = JOBS.iter().position(|(name, _)| *name == job) else {
        return Err(JobError::Refused(format!("the story has no step `{job}`")));
    };
    let step_name = JOBS[position].1;
    let run = load(context).await?;
    if run.state == "cancelled" {
        return Err(JobError::Cancelled);
    }
    let step = begin(context, run, step_name).await?;
    let outcome = match job {
        "capture" => capture::run(&step).await,
        "animate" => animate::run(&step).await,
        "master" => master::run(&step).await,
        "register" => register::run(&step).await,
        "license" => license::run(&step).await,
        "monitor" => monitor::run(&step).await,
        _ => case::run(&step).await,
    }?;
    finish(step, outcome, step_name, position)
}

async fn load(context: &JobContext) -> Result<StoryRun, JobError> {
    let run_id = context.job.payload["run_id"].as_str().unwrap_or_default();
    store::get::<StoryRun>(context.house.store.as_ref(), run_id)
        .await?
        .ok_or_else(|| JobError::Refused(format!("the story run `{run_id}` does not exist")))
}

/// Marks the step as running; its first start time stays on later attempts.
async fn begin<'a>(
    context: &'a JobContext,
    mut run: StoryRun,
    name: &str,
) -> Result<Step<'a>, JobError> {
    let now = context.house.now();
    let mut started = now;
    for step in run.steps.iter_mut().filter(|s| s.name == name) {
        "running".clone_into(&mut step.state);
        started = *step.started.get_or_insert(now);
    }
    "running".clone_into(&mut run.state);
    run.error = None;
    run.updated = now;
    let fact = NewFact::new(
        stream(&run.id),
        "story-step-started",
        json!({ "step": name, "job": context.job.kind, "attempt": context.job.attempt }),
    );
    let commit = Commit::new(context.actor(), now).fact(fact).put(&run)?;
    context.house.store.commit(commit).await?;
    Ok(Step {
        context,
        run,
        started,
    })
}

/// The step's own changes, the run's new state and the next job, all in one commit.
fn finish(
    step: Step<'_>,
    outcome: Outcome,
    name: &str,
    position: usize,
) -> Result<Commit, JobError> {
    let house = &step.context.house;
    let now = house.now();
    let next = JOBS.get(position + 1);
    let step_done = next.is_none_or(|(_, next_step)| *next_step != name);
    let mut run = step.run;
    for entry in run.steps.iter_mut().filter(|s| s.name == name) {
        entry.figures = outcome.figures.clone();
        if step_done {
            "done".clone_into(&mut entry.state);
            entry.finished = Some(now);
        }
    }
    if next.is_none() {
        "done".clone_into(&mut run.state);
    }
    run.updated = now;
    let mut commit = outcome.commit.put(&run)?;
    if step_done {
        commit = commit.fact(NewFact::new(
            stream(&run.id),
            "story-step-finished",
            json!({ "step": name, "figures": outcome.figures }),
        ));
    }
    if let Some((next_job, _)) = next {
        commit = commit.job(job_for(house, &run.id, next_job));
    }
    Ok(commit)
}

/// The run's state when a job ended without success. Jobs outside the story are left alone.
pub(crate) async fn mark_ended(
    context: &JobContext,
    state: &str,
    message: &str,
) -> Result<(), StoreError> {
    let Some(run_id) = context.job.payload["run_id"].as_str() else {
        return Ok(());
    };
    let store = context.house.store.as_ref();
    let Some(mut run) = store::get::<StoryRun>(store, run_id).await? else {
        return Ok(());
    };
    state.clone_into(&mut run.state);
    run.error = (state == "failed").then(|| message.to_owned());
    run.updated = context.house.now();
    for step in run.steps.iter_mut().filter(|s| s.state == "running") {
        "failed".clone_into(&mut step.state);
    }
    let kind = if state == "failed" {
        "story-failed"
    } else {
        "story-cancelled"
    };
    let fact = NewFact::new(stream(run_id), kind, json!({ "reason": message }));
    let commit = Commit::new(context.actor(), run.updated)
        .fact(fact)
        .put(&run)?;
    store.commit(commit).await.map(|_| ())
}
