//! One use-case, one transaction: expectations, the finished job, facts, rows, jobs.

use crate::engine::SqlStore;
use crate::fault::{Doing, Fault, refused};
use crate::sql::{Sql, int};
use crate::{jobs, journal, rows, schema};
use backlot_facts::UtcMicros;
use backlot_ports::store::{Commit, Committed, StoreError};

/// Everything or nothing; again when the database asks for it.
pub async fn run(store: &SqlStore, commit: &Commit) -> Result<Committed, Fault> {
    let Some(at) = commit.at else {
        return Err(refused("commit", "the commit carries no time"));
    };
    // Refuse before the lock is taken.
    for put in &commit.puts {
        schema::table(put.table)?.arrange(&put.index)?;
    }
    for (table, _) in &commit.deletes {
        schema::table(table)?;
    }
    store.retry(|| attempt(store, commit, at)).await
}

async fn attempt(store: &SqlStore, commit: &Commit, at: UtcMicros) -> Result<Committed, Fault> {
    let mut tx = store.begin().await?;
    // A commit that expects or appends holds the head's lock to its end; rows alone need no order.
    let head = if commit.facts.is_empty() && commit.expect.is_empty() {
        None
    } else {
        Some(journal::lock_head(&mut tx).await?)
    };
    for (stream, expected) in &commit.expect {
        let found = journal::stream_version(&mut tx, stream).await?;
        if found != *expected {
            let (stream, expected) = (stream.clone(), *expected);
            return Err(StoreError::StreamMoved {
                stream,
                expected,
                found,
            }
            .into());
        }
    }
    if let Some(lease) = &commit.finish {
        jobs::finish(&mut tx, lease, at).await?;
    }
    let head = match head {
        Some(head) if !commit.facts.is_empty() => {
            Some(journal::append(&mut tx, head, &commit.facts, &commit.actor, at).await?)
        }
        head => head,
    };
    for put in &commit.puts {
        rows::put(&mut tx, put).await?;
    }
    for (table, id) in &commit.deletes {
        rows::delete(&mut tx, table, id).await?;
    }
    for job in &commit.jobs {
        jobs::enqueue(&mut tx, job, at).await?;
    }
    let last_seq = match head {
        Some(head) => head.seq,
        None => {
            let select = Sql::new("SELECT seq FROM journal_head WHERE id = 1");
            int(
                &select
                    .query()
                    .fetch_one(&mut *tx)
                    .await
                    .doing("read the journal's head")?,
                "seq",
            )?
        }
    };
    tx.commit().await.doing("commit")?;
    Ok(Committed { last_seq })
}
