//! Leases: who may run a job, for how long, and what happens when a worker dies.

use super::{AnyStore, START, at, enqueue, fact, id, new_job, take};
use backlot_ports::jobs::{JobState, Progress};
use backlot_ports::store::{Commit, StoreError};
use std::collections::BTreeSet;

pub async fn the_oldest_due_job_is_leased(store: AnyStore) {
    enqueue(&store, new_job(1, "slow", at(30), 3)).await;
    enqueue(&store, new_job(2, "fast", at(20), 3)).await;
    enqueue(&store, new_job(3, "slow", at(10), 3)).await;
    enqueue(&store, new_job(4, "slow", at(500), 3)).await;
    assert!(
        store
            .lease_job(&[], "w", at(9), 60)
            .await
            .unwrap()
            .is_none(),
        "nothing is due"
    );
    assert!(
        store
            .lease_job(&["none"], "w", at(99), 60)
            .await
            .unwrap()
            .is_none()
    );
    let job = store
        .lease_job(&["fast", "other"], "w", at(99), 60)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (job.id, job.attempt, job.state),
        (id(2), 1, JobState::Running)
    );
    assert_eq!(job.lease_owner.as_deref(), Some("w"));
    assert_eq!(job.lease_until, Some(at(159)));
    assert_eq!(job.payload["n"], 2);
    let third = store
        .lease_job(&[], "w", at(99), 60)
        .await
        .unwrap()
        .unwrap();
    let first = store
        .lease_job(&[], "w", at(99), 60)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((third.id, first.id), (id(3), id(1)));
    assert!(
        store
            .lease_job(&[], "w", at(99), 60)
            .await
            .unwrap()
            .is_none()
    );
}

/// 80 jobs, 8 workers: every job is taken once.
pub async fn workers_never_share_a_job(store: AnyStore) {
    let mut commit = Commit::new("system", START);
    for n in 0..80 {
        commit = commit.job(new_job(n, "k", START, 1));
    }
    store.commit(commit).await.unwrap();
    let workers = (0..8).map(|worker| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            let worker = format!("w{worker}");
            while let Some(job) = store.lease_job(&[], &worker, at(1), 600).await.unwrap() {
                taken.push(job.id);
            }
            taken
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.unwrap());
    }
    assert_eq!(all.len(), 80, "a job was taken twice or never");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 80);
}

/// Two finishes with the same lease: one; a finish after the lease was retaken: none.
pub async fn finishing_is_compare_and_set(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 5)).await;
    let old = take(&store, "dead", START, 60).await;
    let new = take(&store, "alive", at(61), 60).await;
    let finish = |lease: &backlot_ports::store::JobLease| {
        Commit::new("worker/w", at(62))
            .fact(fact("result", 1))
            .finish(lease.clone())
    };
    let lost = store.commit(finish(&old)).await;
    assert!(matches!(lost, Err(StoreError::LeaseLost(_))), "{lost:?}");
    assert!(store.stream("result").await.unwrap().is_empty());
    let (left, right) = tokio::join!(store.commit(finish(&new)), store.commit(finish(&new)));
    assert!(left.is_ok() != right.is_ok(), "{left:?} and {right:?}");
    assert_eq!(
        store.stream("result").await.unwrap().len(),
        1,
        "the result is visible once"
    );
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.progress_ppm, job.attempt),
        (JobState::Done, 1_000_000, 2)
    );
    assert_eq!((job.lease_owner, job.lease_until), (None, None));
    assert!(
        store
            .lease_job(&[], "w", at(9_999), 60)
            .await
            .unwrap()
            .is_none()
    );
}

pub async fn expired_leases_are_retaken_until_attempts_end(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 2)).await;
    take(&store, "a", START, 60).await;
    assert!(
        store
            .lease_job(&[], "b", at(59), 60)
            .await
            .unwrap()
            .is_none(),
        "still leased"
    );
    let job = store
        .lease_job(&[], "b", at(60), 60)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((job.attempt, job.lease_owner.as_deref()), (2, Some("b")));
    assert!(
        store
            .lease_job(&[], "c", at(120), 60)
            .await
            .unwrap()
            .is_none()
    );
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(
        job.error.as_deref(),
        Some("lease expired on attempt 2 of 2")
    );
    // Asked to stop, then the worker died: not run again.
    enqueue(&store, new_job(2, "k", START, 5)).await;
    take(&store, "a", at(200), 60).await;
    assert!(store.request_cancel(&id(2), at(201)).await.unwrap());
    assert!(
        store
            .lease_job(&[], "b", at(300), 60)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        store.job(&id(2)).await.unwrap().unwrap().state,
        JobState::Cancelled
    );
}

pub async fn a_dead_workers_leases_are_released(store: AnyStore) {
    for n in 1..=3 {
        enqueue(&store, new_job(n, "k", START, 3)).await;
    }
    take(&store, "server", START, 600).await;
    take(&store, "server", START, 600).await;
    let kept = take(&store, "other", START, 600).await;
    assert_eq!(store.release_leases("server", at(5)).await.unwrap(), 2);
    assert_eq!(store.release_leases("server", at(5)).await.unwrap(), 0);
    for expected in [id(1), id(2)] {
        let job = store
            .lease_job(&[], "server", at(5), 60)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((job.id, job.attempt), (expected, 2));
    }
    assert!(
        store
            .lease_job(&[], "server", at(5), 60)
            .await
            .unwrap()
            .is_none()
    );
    let progress = Progress::default();
    assert!(
        !store
            .report_progress(&kept, at(6), 60, &progress)
            .await
            .unwrap()
    );
}

pub async fn progress_extends_the_lease(store: AnyStore) {
    enqueue(&store, new_job(1, "k", START, 3)).await;
    let lease = take(&store, "w", START, 60).await;
    let half = Progress {
        ppm: 500_000,
        stage: "encoding the proxy".into(),
    };
    assert!(
        !store
            .report_progress(&lease, at(50), 60, &half)
            .await
            .unwrap()
    );
    assert!(
        store
            .lease_job(&[], "thief", at(100), 60)
            .await
            .unwrap()
            .is_none()
    );
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(
        (job.progress_ppm, job.stage.as_str()),
        (500_000, "encoding the proxy")
    );
    assert_eq!((job.lease_until, job.updated), (Some(at(110)), at(50)));
    let beyond = Progress {
        ppm: 2_000_000,
        stage: "长".repeat(5_000),
    };
    store
        .report_progress(&lease, at(60), 60, &beyond)
        .await
        .unwrap();
    let job = store.job(&id(1)).await.unwrap().unwrap();
    assert_eq!(job.progress_ppm, 1_000_000);
    assert!(job.stage.chars().count() < 1_000, "a stage is a short name");
    let thief = take(&store, "thief", at(500), 60).await;
    let lost = store.report_progress(&lease, at(501), 60, &half).await;
    assert!(matches!(lost, Err(StoreError::LeaseLost(_))), "{lost:?}");
    assert!(
        store
            .report_progress(&thief, at(501), 60, &half)
            .await
            .is_ok()
    );
}
