//! Addresses, reopening, callers that give up, and a full file.

use crate::{both, open, raw, sqlite_url};
use backlot_facts::{NewFact, UtcMicros};
use backlot_ports::store::{Commit, Store, StoreError};
use backlot_store_sql::{SqlOptions, SqlStore};
use backlot_testkit::SeededRandom;
use serde_json::json;
use sqlx::Row;
use std::time::Duration;

fn commit(n: i64) -> Commit {
    let fact = NewFact::new("s", "k", json!({"n": n}));
    Commit::new("system", UtcMicros(n)).fact(fact)
}

#[tokio::test]
async fn folders_are_made_and_odd_names_work() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a b/c#d?.db", "片场/仓库.db", "100%/x.db"] {
        let encoded = name.replace('%', "%25").replace('?', "%3F");
        let url = format!("sqlite://{}/{encoded}", dir.path().display());
        open(&url).await.commit(commit(1)).await.unwrap();
        assert!(dir.path().join(name).is_file(), "{name}");
    }
}

#[tokio::test]
async fn other_addresses_are_refused_without_their_password() {
    for url in [
        "",
        "mysql://u:secret@h/d",
        "sqlite://",
        "sqlite://:memory:",
        "/a/file.db",
    ] {
        let refused = SqlStore::open(url, SqlOptions::default())
            .await
            .unwrap_err();
        assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
    }
    let refused = SqlStore::open(
        "postgres://u:secret@127.0.0.1:1/d",
        SqlOptions {
            acquire_secs: 2,
            ..SqlOptions::default()
        },
    );
    let refused = refused.await.unwrap_err();
    assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
}

#[tokio::test]
async fn sqlite_runs_with_wal_and_full_sync() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&sqlite_url(dir.path())).await;
    store.commit(commit(1)).await.unwrap();
    let pool = raw(&sqlite_url(dir.path())).await;
    let mode = sqlx::query("SELECT journal_mode AS m FROM pragma_journal_mode()");
    let mode: String = mode.fetch_one(&pool).await.unwrap().get("m");
    assert_eq!(mode, "wal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_dropped_without_close_is_all_there() {
    let dir = tempfile::tempdir().unwrap();
    for url in both(dir.path()).await {
        for n in 1..=10 {
            let store = open(&url).await;
            assert_eq!(store.commit(commit(n)).await.unwrap().last_seq, n);
            drop(store);
        }
        let store = open(&url).await;
        assert_eq!(store.stream("s").await.unwrap().len(), 10);
        assert!(store.check_journal().await.unwrap().broken.is_none());
    }
}

/// A browser that goes away drops the future in the middle: the commit is there or not, and the
/// next one works.
#[tokio::test(flavor = "multi_thread")]
async fn abandoned_commits_wedge_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for url in both(dir.path()).await {
        let store = open(&url).await;
        let mut random = SeededRandom::new(3);
        for n in 0..150 {
            let wait = Duration::from_micros(random.below(4_000));
            let _ = tokio::time::timeout(wait, store.commit(commit(n))).await;
        }
        let done = tokio::time::timeout(Duration::from_secs(20), store.commit(commit(999))).await;
        let last = done.expect("the store is wedged").unwrap().last_seq;
        let check = store.check_journal().await.unwrap();
        assert_eq!((check.rows, check.broken), (last, None));
    }
}

#[tokio::test]
async fn a_full_file_is_reported_as_full_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let url = sqlite_url(dir.path());
    open(&url).await.close().await;
    let options = SqlOptions {
        sqlite_pages_max: Some(220),
        ..SqlOptions::default()
    };
    let store = SqlStore::open(&url, options).await.unwrap();
    let mut done = 0;
    let full = loop {
        let fact = NewFact::new("s", "k", json!({"text": "x".repeat(20_000)}));
        match store
            .commit(Commit::new("system", UtcMicros(1)).fact(fact))
            .await
        {
            Ok(_) => done += 1,
            Err(error) => break error,
        }
        assert!(done < 1_000, "never full");
    };
    assert!(matches!(full, StoreError::Full(_)), "{full:?}");
    let check = store.check_journal().await.unwrap();
    assert_eq!((check.rows, check.broken), (done, None));
    store.close().await;
    let store = open(&url).await;
    assert_eq!(store.commit(commit(1)).await.unwrap().last_seq, done + 1);
}
