//! Changes made behind the store's back are found, at the right row.

use crate::{both, open, raw};
use backlot_facts::{NewFact, UtcMicros};
use backlot_ports::store::{Commit, Store};
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor};

const SWAP: &str = "UPDATE journal SET stream_seq = -1 WHERE seq = 3; \
                    UPDATE journal SET stream_seq = 3 WHERE seq = 5; \
                    UPDATE journal SET stream_seq = 5 WHERE seq = 3";

#[tokio::test(flavor = "multi_thread")]
async fn every_change_to_the_journal_is_found() {
    let zero = "0".repeat(64);
    let last = "DELETE FROM journal WHERE seq = 10".to_owned();
    let added = "INSERT INTO journal SELECT 11, stream, 11, kind, version, actor, at_us, body, \
                 prev_hash, hash FROM journal WHERE seq = 10";
    let cases = [
        (
            "UPDATE journal SET body = '{\"n\":99}' WHERE seq = 4".to_owned(),
            4,
        ),
        (
            "UPDATE journal SET body = 'not json' WHERE seq = 4".to_owned(),
            4,
        ),
        (
            format!("UPDATE journal SET hash = '{zero}' WHERE seq = 6"),
            6,
        ),
        (
            "UPDATE journal SET hash = 'short' WHERE seq = 6".to_owned(),
            6,
        ),
        (
            format!("UPDATE journal SET prev_hash = '{zero}' WHERE seq = 2"),
            2,
        ),
        (
            "UPDATE journal SET actor = 'person/other' WHERE seq = 1".to_owned(),
            1,
        ),
        (
            "UPDATE journal SET at_us = at_us + 1 WHERE seq = 10".to_owned(),
            10,
        ),
        ("UPDATE journal SET version = 2 WHERE seq = 5".to_owned(), 5),
        (
            "UPDATE journal SET kind = 'other' WHERE seq = 5".to_owned(),
            5,
        ),
        (
            "UPDATE journal SET stream = 'other' WHERE seq = 7".to_owned(),
            7,
        ),
        ("UPDATE journal SET seq = 70 WHERE seq = 7".to_owned(), 7),
        ("DELETE FROM journal WHERE seq = 7".to_owned(), 7),
        (SWAP.to_owned(), 3),
        (last, 10),
        (added.to_owned(), 11),
        (format!("UPDATE journal_head SET hash = '{zero}'"), 10),
        ("UPDATE journal_head SET seq = 9".to_owned(), 10),
        ("UPDATE journal_head SET seq = 12".to_owned(), 11),
        ("DELETE FROM journal_head".to_owned(), 0),
    ];
    for (sql, row) in cases {
        let dir = tempfile::tempdir().unwrap();
        for url in both(dir.path()).await {
            let store = open(&url).await;
            for n in 0..10 {
                let fact = NewFact::new("s", "k", json!({"n": n}));
                store
                    .commit(Commit::new("system", UtcMicros(n)).fact(fact))
                    .await
                    .unwrap();
            }
            assert!(store.check_journal().await.unwrap().broken.is_none());
            let pool = raw(&url).await;
            pool.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone())))
                .await
                .unwrap();
            let check = store.check_journal().await.unwrap();
            let (found, why) = check.broken.unwrap_or_else(|| panic!("not found: {sql}"));
            assert_eq!(found, row, "{sql}: {why}");
            pool.close().await;
            store.close().await;
        }
    }
}
