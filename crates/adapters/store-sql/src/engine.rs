//! Opening: which engine a URL names, its connections and their settings.
//!
//! SQLite has one writer connection (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`) and readers that
//! refuse to write. PostgreSQL has one pool for both.

use crate::fault::{Doing, Fault, refused};
use crate::sql::{Sql, int, text};
use backlot_ports::store::{StoreError, StoreHealth};
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Transaction};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Attempts of a transaction that the database asks for again.
const ATTEMPTS: u32 = 8;
const BUSY_MILLIS: u64 = 15_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlOptions {
    /// Reading connections of SQLite; all connections of PostgreSQL.
    pub connections: u32,
    /// How long a caller waits for a free connection.
    pub acquire_secs: u64,
    /// The most 4 KiB pages an SQLite file may have; `None` = what the disk holds.
    pub sqlite_pages_max: Option<u32>,
}

impl Default for SqlOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            acquire_secs: 30,
            sqlite_pages_max: None,
        }
    }
}

/// A store on one database. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct SqlStore {
    pub(crate) engine: Engine,
    writer: AnyPool,
    readers: AnyPool,
}

impl std::fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A URL may hold a password; it is not shown.
        f.debug_struct("SqlStore")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl SqlStore {
    /// Connects to `sqlite:///path/to/file.db` (folder and file are made when missing) or
    /// `postgres://user:password@host/database`. Creates no tables: `Store::migrate` does.
    pub async fn open(url: &str, options: SqlOptions) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Ok(open_sqlite(&sqlite_path(path)?, options).await?);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(open_postgres(url, options).await?);
        }
        let scheme = url.split(':').next().unwrap_or_default();
        let why = format!("`{scheme}:` is not known; use sqlite:///path/file.db or postgres://…");
        Err(refused("read the store's address", why).into())
    }

    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    pub(crate) fn readers(&self) -> &AnyPool {
        &self.readers
    }

    pub(crate) fn writer(&self) -> &AnyPool {
        &self.writer
    }

    /// A write transaction; dropped without commit it is rolled back.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, Fault> {
        self.writer
            .begin_with(self.engine.begin())
            .await
            .doing("begin a transaction")
    }

    /// Runs a whole transaction again while the database asks for it, a bounded number of times.
    pub(crate) async fn retry<T, F, Fut>(&self, mut run: F) -> Result<T, Fault>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Fault>>,
    {
        let mut attempt = 1;
        loop {
            match run().await {
                Err(fault) if fault.wants_retry() && attempt < ATTEMPTS => {
                    tracing::debug!(attempt, "transaction runs again");
                    let spread = rand::random_range(1..=4 * u64::from(attempt));
                    tokio::time::sleep(Duration::from_millis(spread)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }
}

async fn open_postgres(url: &str, options: SqlOptions) -> Result<SqlStore, Fault> {
    let pool = AnyPoolOptions::new()
        .max_connections(options.connections.max(2))
        .acquire_timeout(Duration::from_secs(options.acquire_secs))
        .connect(url)
        .await
        .doing("connect to PostgreSQL")?;
    Ok(SqlStore {
        engine: Engine::Postgres,
        writer: pool.clone(),
        readers: pool,
    })
}

async fn open_sqlite(path: &Path, options: SqlOptions) -> Result<SqlStore, Fault> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(sqlx::Error::Io)
            .doing("create the folder of the SQLite file")?;
    }
    let url = sqlite_url(path);
    let mut settings = format!(
        "PRAGMA busy_timeout = {BUSY_MILLIS}; PRAGMA journal_mode = WAL; \
         PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;"
    );
    if let Some(pages) = options.sqlite_pages_max {
        settings.push_str(&format!(" PRAGMA max_page_count = {pages};"));
    }
    let writer = sqlite_pool(&format!("{url}?mode=rwc"), 1, settings, options).await?;
    let settings = format!(
        "PRAGMA busy_timeout = {BUSY_MILLIS}; PRAGMA query_only = ON; \
         PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456;"
    );
    let readers = sqlite_pool(
        &format!("{url}?mode=rw"),
        options.connections.max(1),
        settings,
        options,
    )
    .await?;
    Ok(SqlStore {
        engine: Engine::Sqlite,
        writer,
        readers,
    })
}

/// Two processes that turn on WAL in the same instant can meet a busy file in spite of
/// `busy_timeout`; the opening is tried again.
async fn sqlite_pool(
    url: &str,
    connections: u32,
    settings: String,
    options: SqlOptions,
) -> Result<AnyPool, Fault> {
    let mut attempt = 1;
    loop {
        let settings = settings.clone();
        let opened = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(options.acquire_secs))
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection: &mut AnyConnection, _| {
                let settings = settings.clone();
                Box::pin(async move {
                    connection
                        .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(settings)))
                        .await?;
                    Ok(())
                })
            })
            .connect(url)
            .await
            .doing("open the SQLite file");
        match opened {
            Err(fault) if fault.is_busy() && attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_millis(20 * u64::from(attempt))).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// The path behind `sqlite://`, percent-decoded; parameters are ours to set.
fn sqlite_path(rest: &str) -> Result<PathBuf, Fault> {
    let doing = "read the store's address";
    let encoded = rest.split('?').next().unwrap_or_default();
    if encoded.is_empty() || encoded == ":memory:" {
        return Err(refused(
            doing,
            "an SQLite store needs a file: sqlite:///path/to/file.db",
        ));
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|_| first == b'%').and_then(|hex| {
            let hex = std::str::from_utf8(hex).ok()?;
            u8::from_str_radix(hex, 16).ok()
        });
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    let path = String::from_utf8(bytes);
    path.map(PathBuf::from)
        .map_err(|_| refused(doing, "the SQLite path is not UTF-8"))
}

/// A URL that sqlx reads back as exactly this path.
fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite://");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

pub(crate) async fn health(store: &SqlStore) -> Result<StoreHealth, Fault> {
    let about = match store.engine {
        Engine::Sqlite => {
            "SELECT sqlite_version() AS engine_version, (SELECT page_count FROM \
             pragma_page_count()) * (SELECT page_size FROM pragma_page_size()) AS bytes"
        }
        Engine::Postgres => {
            "SELECT current_setting('server_version') AS engine_version, \
             pg_database_size(current_database()) AS bytes"
        }
    };
    let doing = "read the store's health";
    let about = Sql::new(about)
        .query()
        .fetch_one(store.readers())
        .await
        .doing(doing)?;
    let journal = Sql::new("SELECT seq FROM journal_head WHERE id = 1");
    let journal = journal
        .query()
        .fetch_one(store.readers())
        .await
        .doing(doing)?;
    Ok(StoreHealth {
        engine: store.engine.name().to_owned(),
        engine_version: text(&about, "engine_version")?,
        schema_version: crate::migrate::version(store).await?,
        journal_rows: int(&journal, "seq")?,
        bytes: int(&about, "bytes")?,
    })
}
