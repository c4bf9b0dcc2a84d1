//! Jobs: enqueue, fail, cancel, retry, log, list.

use super::{AnyStore, START, at, enqueue, fact, id, new_job, take};
use backlot_ports::jobs::{JobQuery, JobState, Progress};
use backlot_ports::store::{Commit, StoreError};
use serde_json::json;

pub async fn the_same_job_is_enqueued_once(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 3)).await;
    take(&store, "w", START, 60).await;
    let mut again = new_job(1, "other", at(9), 9);
    again.payload = json!({"n": "changed"});
    store
        .commit(Commit::new("system", at(1)).fact(fact("s", 1)).job(again))
        .await
        .unwrap();
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(
        (job.kind.as_str(), job.state, job.attempt),
        ("k", JobState::Running, 1)
    );
    assert_eq!(job.payload, json!({"n": 1}));
    assert_eq!(
        store.stream("s").await.unwrap().len(),
        1,
        "the rest of the commit counts"
    );
}

pub async fn failed_attempts_are_kept(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 2)).await;
    let first = take(&store, "w", START, 60).await;
    store
        .fail_job(&first, at(1), "no such codec", Some(at(100)))
        .await
        .unwrap();
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.attempt, job.run_at),
        (JobState::Queued, 1, at(100))
    );
    assert_eq!(job.error.as_deref(), Some("no such codec"));
    assert!(
        store
            .lease_job(&[], "w", at(99), 60)
            .await
            .unwrap()
            .is_none(),
        "not due yet"
    );
    let again = store.fail_job(&first, at(2), "x", None).await;
    assert!(
        matches!(again, Err(StoreError::LeaseLost(_))),
        "a lease ends once: {again:?}"
    );
    // The second attempt is the last, whatever the worker asks for.
    let second = take(&store, "w", at(100), 60).await;
    store
        .fail_job(&second, at(101), "still none", Some(at(200)))
        .await
        .unwrap();
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempt), (JobState::Failed, 2));
    assert_eq!(job.error.as_deref(), Some("still none"));
    // Failed for good on the first attempt.
    enqueue(&store, new_job(2, "k", START, 9)).await;
    let lease = take(&store, "w", at(300), 60).await;
    store
        .fail_job(&lease, at(301), "坏的文件\0", None)
        .await
        .unwrap();
    let job = store.job(&id(2)).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.error.as_deref()),
        (JobState::Failed, Some("坏的文件"))
    );
}

pub async fn cancelling_stops_queued_and_asks_running(store: AnyStore) {
    assert!(
        !store.request_cancel(&id(404), START).await.unwrap(),
        "an unknown job"
    );
    enqueue(&store, new_job(1, "k", START, 3)).await;
    assert!(store.request_cancel(&id(1), at(1)).await.unwrap());
    assert_eq!(
        store.job(&id(1)).await.unwrap().unwrap().state,
        JobState::Cancelled
    );
    assert!(
        !store.request_cancel(&id(1), at(1)).await.unwrap(),
        "already ended"
    );
    assert!(
        store
            .lease_job(&[], "w", at(2), 60)
            .await
            .unwrap()
            .is_none()
    );
    enqueue(&store, new_job(2, "k", START, 3)).await;
    let lease = take(&store, "w", at(2), 60).await;
    assert!(store.request_cancel(&id(2), at(3)).await.unwrap());
    let asked = store
        .report_progress(&lease, at(4), 60, &Progress::default())
        .await
        .unwrap();
    assert!(asked, "the worker is told");
    assert_eq!(
        store.job(&id(2)).await.unwrap().unwrap().state,
        JobState::Running
    );
    store.cancel_leased(&lease, at(5)).await.unwrap();
    let job = store.job(&id(2)).await.unwrap().unwrap();
    assert_eq!((job.state, job.lease_owner), (JobState::Cancelled, None));
    assert!(store.cancel_leased(&lease, at(6)).await.is_err());
}

pub async fn ended_jobs_can_be_retried(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 1)).await;
    assert!(
        !store.retry_job(&id(1), at(1)).await.unwrap(),
        "a queued job"
    );
    let lease = take(&store, "w", START, 60).await;
    assert!(
        !store.retry_job(&id(1), at(1)).await.unwrap(),
        "a running job"
    );
    store.fail_job(&lease, at(2), "broken", None).await.unwrap();
    assert!(store.retry_job(&id(1), at(3)).await.unwrap());
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.attempt, job.run_at),
        (JobState::Queued, 0, at(3))
    );
    assert_eq!((job.error, job.cancel_requested), (None, false));
    assert!(store.request_cancel(&id(1), at(4)).await.unwrap());
    assert!(
        store.retry_job(&id(1), at(5)).await.unwrap(),
        "a cancelled job"
    );
    let lease = take(&store, "w", at(5), 60).await;
    let asked = store
        .report_progress(&lease, at(6), 60, &Progress::default())
        .await
        .unwrap();
    assert!(!asked, "the old request to stop is forgotten");
    store
        .commit(Commit::new("worker/w", at(7)).finish(lease))
        .await
        .unwrap();
    assert!(!store.retry_job(&id(1), at(8)).await.unwrap(), "a done job");
}

/// 2,500 lines of 3,000 characters: the beginning and the end are kept.
pub async fn the_job_log_is_bounded(store: AnyStore) {
    store.log_job(&id(404), START, "of no job").await.unwrap();
    enqueue(&store, new_job(1, "k", START, 1)).await;
    for n in 0..2_500 {
        let line = if n == 7 {
            "长".repeat(3_000)
        } else {
            format!("line {n}\0")
        };
        store.log_job(&id(1), at(n), &line).await.unwrap();
    }
    let log = store.job_log(&id(1)).await.unwrap();
    assert!(log.len() <= 1_100, "{} lines", log.len());
    assert_eq!(log[0].line, "line 0");
    assert_eq!((log[7].line.chars().count(), log[7].at), (2_000, at(7)));
    assert_eq!(log.last().unwrap().line, "line 2499");
    assert_eq!(
        log.iter()
            .filter(|line| line.line.contains("left out"))
            .count(),
        1
    );
    assert!(store.job_log(&id(404)).await.unwrap().is_empty());
}

pub async fn jobs_are_listed_newest_first(store: AnyStore) {
    for n in 1..=5 {
        enqueue(&store, new_job(n, "k", START, 1)).await;
    }
    for n in [2_u32, 4] {
        assert!(
            store
                .request_cancel(&id(n.into()), at(i64::from(n)))
                .await
                .unwrap()
        );
    }
    let ids = |jobs: Vec<backlot_ports::jobs::Job>| {
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    let all = store.jobs(&JobQuery::default()).await.unwrap();
    assert_eq!(ids(all), [id(4), id(2), id(5), id(3), id(1)]);
    let two = JobQuery {
        limit: 2,
        ..JobQuery::default()
    };
    assert_eq!(ids(store.jobs(&two).await.unwrap()), [id(4), id(2)]);
    let queued = JobQuery {
        state: Some(JobState::Queued),
        ..JobQuery::default()
    };
    assert_eq!(
        ids(store.jobs(&queued).await.unwrap()),
        [id(5), id(3), id(1)]
    );
    let subject = JobQuery {
        subject: Some("story-run/3".into()),
        ..JobQuery::default()
    };
    assert_eq!(ids(store.jobs(&subject).await.unwrap()), [id(3)]);
    let after = JobQuery {
        updated_after: Some(at(2)),
        ..JobQuery::default()
    };
    assert_eq!(ids(store.jobs(&after).await.unwrap()), [id(4)]);
}
