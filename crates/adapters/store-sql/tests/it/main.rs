//! The store suite over SQLite always and over PostgreSQL when one is installed; then what only a
//! SQL store can break: tampering, migrations, reopening, a killed process, a full disk.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kill;
mod migrations;
mod opening;
mod tamper;

use backlot_ports::store::Store;
use backlot_store_sql::{SqlOptions, SqlStore};
use std::path::Path;

pub fn sqlite_url(dir: &Path) -> String {
    format!("sqlite://{}/house.db", dir.display())
}

pub async fn open(url: &str) -> SqlStore {
    let store = SqlStore::open(url, SqlOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// The URLs to test a case on: SQLite in `dir`, and PostgreSQL when there is one.
pub async fn both(dir: &Path) -> Vec<String> {
    let mut urls = vec![sqlite_url(dir)];
    urls.extend(backlot_testkit::postgres::shared_database().await);
    urls
}

/// A pool of our own beside the store, for what the port does not offer.
pub async fn raw(url: &str) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    sqlx::AnyPool::connect(url).await.unwrap()
}

mod sqlite {
    use backlot_testkit::store_suite::AnyStore;
    use std::sync::Arc;
    use tempfile::TempDir;

    async fn open() -> Option<(AnyStore, TempDir)> {
        let dir = tempfile::tempdir().unwrap();
        let store = super::open(&super::sqlite_url(dir.path())).await;
        Some((Arc::new(store), dir))
    }

    backlot_testkit::store_suite!(open);
}

mod postgres {
    use backlot_testkit::store_suite::AnyStore;
    use std::sync::Arc;

    async fn open() -> Option<(AnyStore, ())> {
        let url = backlot_testkit::postgres::shared_database().await?;
        Some((Arc::new(super::open(&url).await), ()))
    }

    backlot_testkit::store_suite!(open);
}
