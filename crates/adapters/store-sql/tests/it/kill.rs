//! A process killed at any moment loses nothing it was told is committed.
//!
//! The test runs its own binary again; that child commits in a loop and prints a number after each
//! commit. The parent kills it (SIGKILL) at random moments, several times on the same database.

use crate::{both, open};
use backlot_facts::{Id, NewFact, UtcMicros};
use backlot_ports::jobs::NewJob;
use backlot_ports::records::Work;
use backlot_ports::store::{Commit, Store, get};
use backlot_testkit::SeededRandom;
use serde_json::json;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};

const URL: &str = "BACKLOT_TEST_KILL_URL";

fn id(n: i64) -> Id {
    Id::derived(&Id::new(UtcMicros(0), [0; 10]), &n.to_string())
}

fn whole(n: i64) -> Commit {
    let work = Work {
        id: n.to_string(),
        title_zh: "题".into(),
        title_en: "t".into(),
        organisation_id: "o".into(),
        created: UtcMicros(n),
    };
    let job = NewJob {
        id: id(n),
        kind: "k".into(),
        subject: n.to_string(),
        payload: json!({}),
        run_at: UtcMicros(n),
        max_attempts: 1,
    };
    let fact = NewFact::new("all", "k", json!({"n": n}));
    let commit = Commit::new("system", UtcMicros(n)).fact(fact).job(job);
    commit.expect("all", n - 1).put(&work).unwrap()
}

/// Not a test of its own: the child's part.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = open(&url).await;
    let mut n = i64::try_from(store.stream("all").await.unwrap().len()).unwrap();
    loop {
        n += 1;
        store.commit(whole(n)).await.unwrap();
        println!("\ncommitted {n}");
    }
}

/// Runs a child until it is killed; the highest number it printed.
async fn killed_child(url: &str, after: Duration) -> i64 {
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
        .env(URL, url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut highest = 0;
    let mut deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    let mut killed = false;
    loop {
        tokio::select! {
            line = lines.next_line() => {
                let Some(line) = line.unwrap() else { break };
                let number = line.strip_prefix("committed ").and_then(|n| n.parse().ok());
                if let Some(number) = number {
                    if highest == 0 {
                        deadline = tokio::time::Instant::now() + after;
                    }
                    highest = highest.max(number);
                }
            }
            () = tokio::time::sleep_until(deadline), if !killed => {
                child.start_kill().unwrap();
                killed = true;
            }
        }
    }
    assert!(killed, "the child ended by itself");
    child.wait().await.unwrap();
    assert!(highest > 0, "the child never committed");
    highest
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9() {
    let mut random = SeededRandom::new(9);
    let dir = tempfile::tempdir().unwrap();
    for url in both(dir.path()).await {
        for _ in 0..6 {
            let after = Duration::from_micros(random.below(250_000));
            let acknowledged = killed_child(&url, after).await;
            let store = open(&url).await;
            let check = store.check_journal().await.unwrap();
            assert_eq!(check.broken, None);
            let facts = i64::try_from(store.stream("all").await.unwrap().len()).unwrap();
            assert!(
                facts >= acknowledged,
                "{acknowledged} were promised, {facts} are there"
            );
            assert_eq!(
                store.count("works", &[]).await.unwrap(),
                facts,
                "rows without facts"
            );
            for n in [1, acknowledged, facts] {
                assert!(get::<Work>(&store, &n.to_string()).await.unwrap().is_some());
                assert!(store.job(&id(n)).await.unwrap().is_some());
            }
            assert!(
                store.job(&id(facts + 1)).await.unwrap().is_none(),
                "a job without its fact"
            );
            store.close().await;
        }
    }
}
