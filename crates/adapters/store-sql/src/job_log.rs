//! The log of a job: bounded, the first and the last lines are kept.
//!
//! The beginning says how a job was started, the end how it ended; the middle of a long run goes.

use crate::engine::SqlStore;
use crate::fault::{Doing, Fault};
use crate::jobs::short;
use crate::sql::{Sql, int, text};
use backlot_facts::{Id, UtcMicros};
use backlot_ports::jobs::JobLogLine;

/// Lines kept from the beginning of a job.
pub const KEPT_FIRST: i64 = 200;
/// Lines kept from its end.
pub const KEPT_LAST: i64 = 800;
/// Characters of one line.
pub const LINE_CHARS: usize = 2_000;

/// Writes one line; the log of an unknown job is not kept.
pub async fn append(store: &SqlStore, job: &Id, at: UtcMicros, line: &str) -> Result<(), Fault> {
    let line = short(line, LINE_CHARS);
    store.retry(|| attempt(store, job, at, &line)).await
}

async fn attempt(store: &SqlStore, job: &Id, at: UtcMicros, line: &str) -> Result<(), Fault> {
    let doing = "write a job's log";
    let mut tx = store.begin().await?;
    // Locks the job's row, so lines of one job are numbered one after the other.
    let mut lock = Sql::new("UPDATE jobs SET updated = updated WHERE id = ");
    lock.bind(job.as_str());
    if lock
        .query()
        .execute(&mut *tx)
        .await
        .doing(doing)?
        .rows_affected()
        == 0
    {
        return Ok(());
    }
    let mut last = Sql::new("SELECT COALESCE(MAX(line_no), 0) AS n FROM job_log WHERE job = ");
    last.bind(job.as_str());
    let line_no = int(&last.query().fetch_one(&mut *tx).await.doing(doing)?, "n")? + 1;
    let mut insert = Sql::new("INSERT INTO job_log (job, line_no, at_us, line) VALUES ");
    insert.bind_list([
        job.as_str().into(),
        line_no.into(),
        at.0.into(),
        line.into(),
    ] as [backlot_ports::store::Value; 4]);
    insert.query().execute(&mut *tx).await.doing(doing)?;
    if line_no - KEPT_LAST > KEPT_FIRST {
        let mut delete = Sql::new("DELETE FROM job_log WHERE job = ");
        delete.bind(job.as_str());
        delete.push(" AND line_no = ");
        delete.bind(line_no - KEPT_LAST);
        delete.query().execute(&mut *tx).await.doing(doing)?;
    }
    tx.commit().await.doing(doing)
}

/// The kept lines in order; one line in their place says how many were left out.
pub async fn read(store: &SqlStore, job: &Id) -> Result<Vec<JobLogLine>, Fault> {
    let mut select = Sql::new("SELECT line_no, at_us, line FROM job_log WHERE job = ");
    select.bind(job.as_str());
    select.push(" ORDER BY line_no");
    let rows = select
        .query()
        .fetch_all(store.readers())
        .await
        .doing("read a job's log")?;
    let mut lines = Vec::with_capacity(rows.len() + 1);
    let mut before = 0;
    for row in &rows {
        let (line_no, at) = (int(row, "line_no")?, UtcMicros(int(row, "at_us")?));
        if line_no > before + 1 {
            let line = format!("({} lines left out)", line_no - before - 1);
            lines.push(JobLogLine { at, line });
        }
        before = line_no;
        lines.push(JobLogLine {
            at,
            line: text(row, "line")?,
        });
    }
    Ok(lines)
}
