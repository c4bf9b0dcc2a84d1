//! Migrations run once, also when several starters race, and refuse what they do not know.

use crate::{both, open, raw};
use backlot_ports::store::Store;
use backlot_store_sql::{SqlOptions, SqlStore};
use sqlx::Executor;

fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(&format!(": {error}"));
        cause = error.source();
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn six_starters_at_once_migrate_once() {
    let dir = tempfile::tempdir().unwrap();
    for url in both(dir.path()).await {
        let starters: Vec<_> = (0..6)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move {
                    let options = SqlOptions {
                        connections: 2,
                        ..SqlOptions::default()
                    };
                    let store = SqlStore::open(&url, options).await.unwrap();
                    store.migrate().await.unwrap();
                    store.health().await.unwrap().schema_version
                })
            })
            .collect();
        for starter in starters {
            assert!(starter.await.unwrap() >= 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_and_unknown_migrations_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for url in both(dir.path()).await {
        let store = open(&url).await;
        store.migrate().await.unwrap();
        let pool = raw(&url).await;
        let newer = "INSERT INTO schema_migrations (version, name, sha256, at_us) \
                     VALUES (9000, 'from_the_future', 'x', 0)";
        pool.execute(newer).await.unwrap();
        let refused = words(&store.migrate().await.unwrap_err());
        assert!(refused.contains("9000 `from_the_future`"), "{refused}");
        pool.execute("DELETE FROM schema_migrations WHERE version = 9000")
            .await
            .unwrap();
        store.migrate().await.unwrap();
        pool.execute("UPDATE schema_migrations SET sha256 = 'y' WHERE version = 1")
            .await
            .unwrap();
        let refused = words(&store.migrate().await.unwrap_err());
        assert!(
            refused.contains("migration 1 `house` was applied with other text"),
            "{refused}"
        );
    }
}
