//! Migrations: numbered SQL files inside the binary, each applied once, in one transaction.
//!
//! Files only add (expand-only). A file that was applied and is different now, or a number this
//! binary does not know, stops the start: an older binary must not write to a newer schema.
//! `<nnnn>_<name>.sql` runs on both engines, `<nnnn>_<name>.<engine>.sql` on one.

use crate::engine::{Engine, SqlStore};
use crate::fault::{Doing, Fault, refused};
use crate::sql::{Sql, int, text};
use backlot_facts::sha256_hex;
use sqlx::{AssertSqlSafe, Executor};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub struct Migration {
    pub version: i64,
    pub name: &'static str,
    /// `None` = every engine.
    pub only: Option<Engine>,
    pub sql: &'static str,
}

pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "house",
        only: None,
        sql: include_str!("../migrations/0001_house.sql"),
    },
    Migration {
        version: 2,
        name: "byte_order",
        only: Some(Engine::Postgres),
        sql: include_str!("../migrations/0002_byte_order.postgres.sql"),
    },
    Migration {
        version: 3,
        name: "search",
        only: Some(Engine::Sqlite),
        sql: include_str!("../migrations/0003_search.sqlite.sql"),
    },
];

const RACES: u32 = 10;
const DOING: &str = "migrate the schema";

/// Applies what is missing. Safe when several processes start at once.
pub async fn run(store: &SqlStore) -> Result<(), Fault> {
    let mut race = 1;
    loop {
        match store.retry(|| attempt(store)).await {
            Err(fault) if fault.is_race_to_create() && race < RACES => {
                tokio::time::sleep(Duration::from_millis(20 * u64::from(race))).await;
                race += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn attempt(store: &SqlStore) -> Result<(), Fault> {
    let mut tx = store.begin().await?;
    // Version 0 is a row to lock: a second starter waits here until the first has committed.
    tx.execute(sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            version BIGINT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            at_us BIGINT NOT NULL);
         INSERT INTO schema_migrations (version, name, sha256, at_us) VALUES (0, 'lock', '', 0)
            ON CONFLICT (version) DO NOTHING;
         UPDATE schema_migrations SET name = 'lock' WHERE version = 0;",
    ))
    .await
    .doing(DOING)?;
    let applied = Sql::new(
        "SELECT version, name, sha256 FROM schema_migrations WHERE version > 0 ORDER BY version",
    );
    let applied = applied.query().fetch_all(&mut *tx).await.doing(DOING)?;
    let mut done = Vec::with_capacity(applied.len());
    for row in &applied {
        let (version, name, sha256) = (
            int(row, "version")?,
            text(row, "name")?,
            text(row, "sha256")?,
        );
        verify(store.engine, version, &name, &sha256)?;
        done.push(version);
    }
    let here = MIGRATIONS
        .iter()
        .filter(|m| m.only.is_none_or(|engine| engine == store.engine));
    for migration in here.filter(|m| !done.contains(&m.version)) {
        if let Some(newest) = done.last().filter(|newest| **newest > migration.version) {
            return Err(refused(
                DOING,
                format!(
                    "migration {} was never applied although {newest} was; restore a backup",
                    migration.version,
                ),
            ));
        }
        tx.execute(sqlx::raw_sql(AssertSqlSafe(migration.sql)))
            .await
            .doing(DOING)?;
        let mut record =
            Sql::new("INSERT INTO schema_migrations (version, name, sha256, at_us) VALUES ");
        record.bind_list([
            migration.version.into(),
            migration.name.into(),
            sha256_hex(migration.sql.as_bytes()).as_str().into(),
            backlot_ports::store::Value::Int(unix_micros()),
        ]);
        record.query().execute(&mut *tx).await.doing(DOING)?;
        tracing::info!(
            version = migration.version,
            name = migration.name,
            "schema migrated"
        );
    }
    tx.commit().await.doing(DOING)
}

fn verify(engine: Engine, version: i64, name: &str, sha256: &str) -> Result<(), Fault> {
    let known = MIGRATIONS
        .iter()
        .find(|m| m.version == version && m.only.is_none_or(|only| only == engine));
    let Some(known) = known else {
        return Err(refused(
            DOING,
            format!(
                "the database has migration {version} `{name}`, which this program does not know; \
             start the newer program that wrote it",
            ),
        ));
    };
    if sha256_hex(known.sql.as_bytes()).as_str() == sha256 {
        return Ok(());
    }
    Err(refused(
        DOING,
        format!(
            "migration {version} `{name}` was applied with other text (sha256 {sha256}); \
         start the program that applied it, or restore a backup",
        ),
    ))
}

/// The highest migration applied, 0 before the first.
pub async fn version(store: &SqlStore) -> Result<i64, Fault> {
    let newest = Sql::new("SELECT COALESCE(MAX(version), 0) AS version FROM schema_migrations");
    let newest = newest
        .query()
        .fetch_one(store.readers())
        .await
        .doing("read the schema version")?;
    int(&newest, "version")
}

/// When a migration ran is a note for people; nothing is decided by it.
fn unix_micros() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    /// A migration that takes something away breaks the older program still running beside it.
    #[test]
    fn migrations_are_numbered_and_only_add() {
        for pair in MIGRATIONS.windows(2) {
            assert!(pair[0].version < pair[1].version);
        }
        for migration in MIGRATIONS {
            let sql = migration.sql.to_uppercase();
            for word in ["DROP ", "RENAME ", "DELETE ", "TRUNCATE "] {
                assert!(!sql.contains(word), "{} has {word}", migration.name);
            }
        }
    }
}
