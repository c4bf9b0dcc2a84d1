//! Jobs: rows with a lease. Every change is one compare-and-set, so two workers never both win.
//!
//! A lease that ran out is retaken while attempts are left; on the last attempt the job fails, and
//! a job that was asked to stop is cancelled instead of run again.

use crate::engine::SqlStore;
use crate::fault::{Doing, Fault, refused};
use crate::schema::check_name;
use crate::sql::{Sql, int, opt_int, opt_text, text};
use backlot_facts::{Id, UtcMicros};
use backlot_ports::jobs::{Job, JobQuery, JobState, LeaseLost, NewJob, Progress};
use backlot_ports::store::{JobLease, StoreError, Value};
use sqlx::{AnyConnection, any::AnyRow};

const COLUMNS: &str = "id, kind, subject, payload, state, attempt, max_attempts, run_at, \
                       lease_owner, lease_until, lease_token, progress_ppm, stage, error, \
                       cancel_requested, created, updated";
/// Times a lease may lose the race for a candidate before it says "nothing".
const RACES: u32 = 200;
const STAGE_CHARS: usize = 200;
const ERROR_CHARS: usize = 4_000;
const LIST_DEFAULT: u32 = 100;
const LIST_MAX: u32 = 500;

/// Adds a queued job; the same id again does nothing.
pub async fn enqueue(
    connection: &mut AnyConnection,
    job: &NewJob,
    at: UtcMicros,
) -> Result<(), Fault> {
    check_name("enqueue a job", "kind", &job.kind)?;
    check_name("enqueue a job", "subject", &job.subject)?;
    let mut insert = Sql::new(
        "INSERT INTO jobs (id, kind, subject, payload, state, attempt, max_attempts, run_at, \
         progress_ppm, stage, cancel_requested, created, updated) VALUES ",
    );
    insert.bind_list([
        job.id.as_str().into(),
        job.kind.as_str().into(),
        job.subject.as_str().into(),
        job.payload.to_string().into(),
        JobState::Queued.name().into(),
        0.into(),
        job.max_attempts.max(1).into(),
        job.run_at.0.into(),
        0.into(),
        "".into(),
        0.into(),
        at.0.into(),
        Value::Int(at.0),
    ]);
    insert.push(" ON CONFLICT (id) DO NOTHING");
    insert
        .query()
        .execute(connection)
        .await
        .doing("enqueue a job")?;
    Ok(())
}

/// Ends a leased job inside the caller's transaction.
pub async fn finish(
    connection: &mut AnyConnection,
    lease: &JobLease,
    at: UtcMicros,
) -> Result<(), Fault> {
    let mut update = Sql::new(
        "UPDATE jobs SET state = 'done', progress_ppm = 1000000, error = NULL, \
         lease_owner = NULL, lease_until = NULL, lease_token = NULL, updated = ",
    );
    update.bind(at.0);
    push_held(&mut update, lease);
    let done = update
        .query()
        .execute(connection)
        .await
        .doing("finish a job")?;
    held(done.rows_affected(), lease)
}

fn push_held(update: &mut Sql, lease: &JobLease) {
    update.push(" WHERE id = ");
    update.bind(lease.job.as_str());
    update.push(" AND lease_token = ");
    update.bind(lease.token.replace('\0', ""));
    update.push(" AND state = 'running'");
}

fn held(rows: u64, lease: &JobLease) -> Result<(), Fault> {
    if rows == 1 {
        return Ok(());
    }
    Err(StoreError::from(LeaseLost {
        job: lease.job.clone(),
    })
    .into())
}

pub async fn lease(
    store: &SqlStore,
    kinds: &[&str],
    worker: &str,
    now: UtcMicros,
    lease_secs: i64,
) -> Result<Option<Job>, Fault> {
    store.retry(|| end_exhausted(store, now)).await?;
    for _ in 0..RACES {
        let Some(candidate) = store.retry(|| oldest_due(store, kinds, now)).await? else {
            return Ok(None);
        };
        let taken = store
            .retry(|| take(store, &candidate, worker, now, lease_secs))
            .await?;
        if taken.is_some() {
            return Ok(taken);
        }
    }
    Ok(None)
}

/// Expired leases that may not run again: out of attempts, or asked to stop.
async fn end_exhausted(store: &SqlStore, now: UtcMicros) -> Result<(), Fault> {
    let mut find = Sql::new("SELECT id FROM jobs WHERE");
    push_ended(&mut find, now);
    find.push(" LIMIT 1");
    let doing = "end expired leases";
    // Looking is free of locks; most of the time there is nothing to write.
    if find
        .query()
        .fetch_optional(store.readers())
        .await
        .doing(doing)?
        .is_none()
    {
        return Ok(());
    }
    let mut update = Sql::new(
        "UPDATE jobs SET \
         state = CASE WHEN cancel_requested = 1 THEN 'cancelled' ELSE 'failed' END, \
         error = CASE WHEN cancel_requested = 1 THEN error ELSE 'lease expired on attempt ' \
            || CAST(attempt AS TEXT) || ' of ' || CAST(max_attempts AS TEXT) END, \
         lease_owner = NULL, lease_until = NULL, lease_token = NULL, updated = ",
    );
    update.bind(now.0);
    update.push(" WHERE");
    push_ended(&mut update, now);
    update.query().execute(store.writer()).await.doing(doing)?;
    Ok(())
}

fn push_ended(sql: &mut Sql, now: UtcMicros) {
    sql.push(" state = 'running' AND lease_until <= ");
    sql.bind(now.0);
    sql.push(" AND (attempt >= max_attempts OR cancel_requested = 1)");
}

/// Queued and due, or running with an expired lease.
fn push_due(sql: &mut Sql, now: UtcMicros) {
    sql.push(" ((state = 'queued' AND run_at <= ");
    sql.bind(now.0);
    sql.push(") OR (state = 'running' AND lease_until <= ");
    sql.bind(now.0);
    sql.push(" AND attempt < max_attempts AND cancel_requested = 0))");
}

async fn oldest_due(
    store: &SqlStore,
    kinds: &[&str],
    now: UtcMicros,
) -> Result<Option<String>, Fault> {
    let mut select = Sql::new("SELECT id FROM jobs WHERE");
    push_due(&mut select, now);
    if !kinds.is_empty() {
        select.push(" AND kind IN ");
        select.bind_list(kinds.iter().copied());
    }
    select.push(" ORDER BY run_at, id LIMIT 1");
    let row = select
        .query()
        .fetch_optional(store.readers())
        .await
        .doing("look for a job")?;
    row.as_ref().map(|row| text(row, "id")).transpose()
}

/// Takes the candidate if it is still due; `None` = another worker was faster.
async fn take(
    store: &SqlStore,
    id: &str,
    worker: &str,
    now: UtcMicros,
    lease_secs: i64,
) -> Result<Option<Job>, Fault> {
    let mut update = Sql::new(
        "UPDATE jobs SET state = 'running', attempt = attempt + 1, progress_ppm = 0, \
         stage = '', error = NULL, lease_owner = ",
    );
    update.bind(worker);
    update.push(", lease_until = ");
    update.bind(until(now, lease_secs));
    update.push(", lease_token = ");
    update.bind(hex::encode(rand::random::<[u8; 16]>()));
    update.push(", updated = ");
    update.bind(now.0);
    update.push(" WHERE id = ");
    update.bind(id);
    update.push(" AND");
    push_due(&mut update, now);
    update.push(" RETURNING ");
    update.push(COLUMNS);
    let row = update
        .query()
        .fetch_optional(store.writer())
        .await
        .doing("lease a job")?;
    row.as_ref().map(job_of).transpose()
}

const fn until(now: UtcMicros, lease_secs: i64) -> i64 {
    now.0.saturating_add(lease_secs.saturating_mul(1_000_000))
}

pub async fn report(
    store: &SqlStore,
    lease: &JobLease,
    now: UtcMicros,
    lease_secs: i64,
    progress: &Progress,
) -> Result<bool, Fault> {
    let attempt = || async {
        let mut update = Sql::new("UPDATE jobs SET lease_until = ");
        update.bind(until(now, lease_secs));
        update.push(", progress_ppm = ");
        update.bind(progress.ppm.clamp(0, 1_000_000));
        update.push(", stage = ");
        update.bind(short(&progress.stage, STAGE_CHARS));
        update.push(", updated = ");
        update.bind(now.0);
        push_held(&mut update, lease);
        update.push(" RETURNING cancel_requested");
        let row = update
            .query()
            .fetch_optional(store.writer())
            .await
            .doing("report progress")?;
        match row {
            Some(row) => Ok(int(&row, "cancel_requested")? == 1),
            None => held(0, lease).map(|()| false),
        }
    };
    store.retry(attempt).await
}

pub async fn fail(
    store: &SqlStore,
    lease: &JobLease,
    now: UtcMicros,
    error: &str,
    retry_at: Option<UtcMicros>,
) -> Result<(), Fault> {
    let attempt = || async {
        let mut update = Sql::new("UPDATE jobs SET state = ");
        match retry_at {
            None => update.push("'failed'"),
            Some(retry_at) => {
                update.push(
                    "CASE WHEN cancel_requested = 1 THEN 'cancelled' \
                     WHEN attempt >= max_attempts THEN 'failed' ELSE 'queued' END, run_at = ",
                );
                update.bind(retry_at.0);
            }
        }
        update.push(", lease_owner = NULL, lease_until = NULL, lease_token = NULL, error = ");
        update.bind(short(error, ERROR_CHARS));
        end(store, update, lease, now).await
    };
    store.retry(attempt).await
}

pub async fn cancel_leased(
    store: &SqlStore,
    lease: &JobLease,
    now: UtcMicros,
) -> Result<(), Fault> {
    let attempt = || async {
        let update = Sql::new(
            "UPDATE jobs SET state = 'cancelled', lease_owner = NULL, lease_until = NULL, \
             lease_token = NULL",
        );
        end(store, update, lease, now).await
    };
    store.retry(attempt).await
}

async fn end(
    store: &SqlStore,
    mut update: Sql,
    lease: &JobLease,
    now: UtcMicros,
) -> Result<(), Fault> {
    update.push(", updated = ");
    update.bind(now.0);
    push_held(&mut update, lease);
    let done = update
        .query()
        .execute(store.writer())
        .await
        .doing("end a job's attempt")?;
    held(done.rows_affected(), lease)
}

pub async fn request_cancel(store: &SqlStore, job: &Id, now: UtcMicros) -> Result<bool, Fault> {
    // `state` on the right is the old state: a queued job ends, a running one is asked.
    let set = "UPDATE jobs SET cancel_requested = 1, \
               state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, updated = ";
    change(store, set, job, " AND state IN ('queued', 'running')", now).await
}

pub async fn retry(store: &SqlStore, job: &Id, now: UtcMicros) -> Result<bool, Fault> {
    let set = "UPDATE jobs SET state = 'queued', attempt = 0, progress_ppm = 0, stage = '', \
               error = NULL, cancel_requested = 0, lease_owner = NULL, lease_until = NULL, \
               lease_token = NULL, run_at = ";
    let attempt = || async {
        let mut update = Sql::new(set);
        update.bind(now.0);
        update.push(", updated = ");
        changed(
            store,
            update,
            job,
            " AND state IN ('failed', 'cancelled')",
            now,
        )
        .await
    };
    store.retry(attempt).await
}

async fn change(
    store: &SqlStore,
    set: &'static str,
    job: &Id,
    from: &'static str,
    now: UtcMicros,
) -> Result<bool, Fault> {
    store
        .retry(|| changed(store, Sql::new(set), job, from, now))
        .await
}

async fn changed(
    store: &SqlStore,
    mut update: Sql,
    job: &Id,
    from: &'static str,
    now: UtcMicros,
) -> Result<bool, Fault> {
    update.bind(now.0);
    update.push(" WHERE id = ");
    update.bind(job.as_str());
    update.push(from);
    let done = update
        .query()
        .execute(store.writer())
        .await
        .doing("change a job")?;
    Ok(done.rows_affected() == 1)
}

pub async fn release(store: &SqlStore, worker: &str, now: UtcMicros) -> Result<u64, Fault> {
    let attempt = || async {
        let mut update = Sql::new("UPDATE jobs SET lease_until = ");
        update.bind(now.0);
        update.push(" WHERE state = 'running' AND lease_until > ");
        update.bind(now.0);
        update.push(" AND lease_owner = ");
        update.bind(worker);
        update
            .query()
            .execute(store.writer())
            .await
            .doing("release leases")
    };
    Ok(store.retry(attempt).await?.rows_affected())
}

pub async fn one(store: &SqlStore, job: &Id) -> Result<Option<Job>, Fault> {
    let mut select = Sql::new(&format!("SELECT {COLUMNS} FROM jobs WHERE id = "));
    select.bind(job.as_str());
    let row = select
        .query()
        .fetch_optional(store.readers())
        .await
        .doing("read a job")?;
    row.as_ref().map(job_of).transpose()
}

pub async fn list(store: &SqlStore, query: &JobQuery) -> Result<Vec<Job>, Fault> {
    let mut select = Sql::new(&format!("SELECT {COLUMNS} FROM jobs WHERE 1 = 1"));
    if let Some(state) = query.state {
        select.push(" AND state = ");
        select.bind(state.name());
    }
    if let Some(subject) = &query.subject {
        if subject.contains('\0') {
            return Ok(Vec::new());
        }
        select.push(" AND subject = ");
        select.bind(subject.as_str());
    }
    if let Some(after) = query.updated_after {
        select.push(" AND updated > ");
        select.bind(after.0);
    }
    let limit = if query.limit == 0 {
        LIST_DEFAULT
    } else {
        query.limit.min(LIST_MAX)
    };
    select.push(" ORDER BY updated DESC, id DESC LIMIT ");
    select.bind(i64::from(limit));
    let rows = select
        .query()
        .fetch_all(store.readers())
        .await
        .doing("list jobs")?;
    rows.iter().map(job_of).collect()
}

fn job_of(row: &AnyRow) -> Result<Job, Fault> {
    let doing = "read a job";
    let id = text(row, "id")?;
    let wrong = |what: &str| refused(doing, format!("job {id} has a malformed {what}"));
    let state = JobState::parse(&text(row, "state")?).ok_or_else(|| wrong("state"))?;
    let payload = serde_json::from_str(&text(row, "payload")?).map_err(|_| wrong("payload"))?;
    Ok(Job {
        id: Id::parse(&id).map_err(|_| wrong("id"))?,
        kind: text(row, "kind")?,
        subject: text(row, "subject")?,
        payload,
        state,
        attempt: int(row, "attempt")?,
        max_attempts: int(row, "max_attempts")?,
        run_at: UtcMicros(int(row, "run_at")?),
        lease_owner: opt_text(row, "lease_owner")?,
        lease_until: opt_int(row, "lease_until")?.map(UtcMicros),
        lease_token: opt_text(row, "lease_token")?,
        progress_ppm: int(row, "progress_ppm")?,
        stage: text(row, "stage")?,
        error: opt_text(row, "error")?,
        cancel_requested: int(row, "cancel_requested")? == 1,
        created: UtcMicros(int(row, "created")?),
        updated: UtcMicros(int(row, "updated")?),
    })
}

/// At most `chars` characters and no NUL, which PostgreSQL cannot store.
pub fn short(text: &str, chars: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(chars).collect()
}
