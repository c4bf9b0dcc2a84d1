//! The journal: numbers, chain, expectations, atomicity.

use super::{AnyStore, START, at, enqueue, fact, id, licence, new_job, person, take};
use backlot_facts::{GENESIS_HASH, NewFact, chain_hash};
use backlot_ports::records::{Licence, Person};
use backlot_ports::store::{Commit, JobLease, Record, RowPut, StoreError, get};
use serde_json::json;

pub async fn commits_carry_a_time(store: AnyStore) {
    let mut commit = Commit::new("system", START).fact(fact("s", 1));
    commit.at = None;
    assert!(
        store.commit(commit).await.is_err(),
        "a commit without a time was taken"
    );
    assert!(store.stream("s").await.unwrap().is_empty());
}

/// Every way a commit can be refused, each in a commit that also carries a fact, a row and a job.
pub async fn a_refused_commit_leaves_nothing(store: AnyStore) {
    let first = Commit::new("system", START).fact(fact("moved", 1));
    let first = first.put(&person(1, "a@example.org")).unwrap();
    store
        .commit(first.job(new_job(1, "k", START, 1)))
        .await
        .unwrap();
    let held = take(&store, "w", START, 60).await;
    let lost = JobLease {
        job: held.job.clone(),
        token: "not the token".into(),
    };
    let null = RowPut {
        table: "works",
        id: "w".into(),
        index: vec![
            ("title_zh", backlot_ports::store::Value::Null),
            ("title_en", "x".into()),
            ("created", 1.into()),
        ],
        body: "{}".into(),
    };
    let base = || {
        let commit = Commit::new("system", START)
            .fact(fact("kept", 1))
            .job(new_job(9, "k", START, 1));
        commit.put(&licence(9)).unwrap()
    };
    let mut with_null = base();
    with_null.puts.push(null);
    let cases = [
        ("stale version", base().expect("moved", 0)),
        ("version ahead", base().expect("moved", 2)),
        (
            "taken email",
            base().put(&person(2, "a@example.org")).unwrap(),
        ),
        ("lost lease", base().finish(lost)),
        ("null column", with_null),
        ("fact of no stream", base().fact(fact("", 1))),
    ];
    for (name, commit) in cases {
        assert!(store.commit(commit).await.is_err(), "{name} was taken");
        assert!(
            store.stream("kept").await.unwrap().is_empty(),
            "{name}: a fact stayed"
        );
        assert!(
            store.job(&id(9)).await.unwrap().is_none(),
            "{name}: a job stayed"
        );
        let row = store.row(Licence::TABLE, &licence(9).id).await.unwrap();
        assert!(row.is_none(), "{name}: a row stayed");
    }
    assert!(store.check_journal().await.unwrap().broken.is_none());
    // The same commit without the fault goes through, and everything is there.
    let done = store
        .commit(base().expect("moved", 1).finish(held.clone()))
        .await
        .unwrap();
    assert_eq!(done.last_seq, 2);
    assert_eq!(store.stream("kept").await.unwrap().len(), 1);
    assert!(
        get::<Licence>(&*store, &licence(9).id)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        get::<Person>(&*store, &person(1, "").id)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        store.job(&held.job).await.unwrap().unwrap().progress_ppm,
        1_000_000
    );
}

/// 2,000 facts in commits of 1 to 40 over seven streams; hashes are recomputed here.
pub async fn facts_are_numbered_and_chained(store: AnyStore) {
    let mut written = 0;
    let mut size = 1;
    while written < 2_000 {
        let mut commit = Commit::new("person/p", at(written));
        for n in written..(written + size).min(2_000) {
            commit = commit.fact(fact(&format!("stream/{}", n % 7), n));
        }
        written = (written + size).min(2_000);
        size = size % 40 + 1;
        assert_eq!(store.commit(commit).await.unwrap().last_seq, written);
    }
    let mut prev = GENESIS_HASH.to_owned();
    let mut versions = [0; 7];
    let mut seq = 0;
    while seq < 2_000 {
        let page = store.facts_after(seq, 300).await.unwrap();
        assert!(!page.is_empty(), "facts end at {seq}");
        for fact in page {
            seq += 1;
            let stream = usize::try_from((seq - 1) % 7).unwrap();
            versions[stream] += 1;
            assert_eq!((fact.seq, fact.stream_seq), (seq, versions[stream]));
            assert_eq!(fact.stream, format!("stream/{stream}"));
            assert_eq!(
                fact.body,
                json!({"n": seq - 1, "name": "数一数", "share": 0.1})
            );
            assert_eq!(fact.prev_hash.as_str(), prev);
            assert_eq!(fact.hash, chain_hash(&fact).unwrap());
            prev = fact.hash.as_str().to_owned();
        }
    }
    let check = store.check_journal().await.unwrap();
    assert_eq!(
        (check.rows, check.broken, check.head_hash),
        (2_000, None, prev)
    );
    let third = store.stream("stream/3").await.unwrap();
    assert_eq!(third.len(), 286);
    assert!(
        third
            .windows(2)
            .all(|pair| pair[0].stream_seq + 1 == pair[1].stream_seq)
    );
}

pub async fn one_of_two_writers_wins(store: AnyStore) {
    for round in 0..40 {
        let stream = format!("race/{round}");
        let commit = |who: &str| {
            Commit::new(who, START)
                .expect(stream.as_str(), 0)
                .fact(fact(&stream, round))
        };
        let (left, right) = tokio::join!(
            tokio::spawn({
                let (store, commit) = (store.clone(), commit("left"));
                async move { store.commit(commit).await }
            }),
            tokio::spawn({
                let (store, commit) = (store.clone(), commit("right"));
                async move { store.commit(commit).await }
            }),
        );
        let (left, right) = (left.unwrap(), right.unwrap());
        assert!(
            left.is_ok() != right.is_ok(),
            "round {round}: {left:?} and {right:?}"
        );
        let lost = left.err().or(right.err());
        assert!(
            matches!(
                lost,
                Some(StoreError::StreamMoved {
                    expected: 0,
                    found: 1,
                    ..
                })
            ),
            "{lost:?}"
        );
    }
}

/// Read, decide, commit with `expect`, retry when moved: a counter ends at the sum of all rounds.
pub async fn eight_writers_lose_no_update(store: AnyStore) {
    const ROUNDS: i64 = 25;
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut done = 0;
            while done < ROUNDS {
                let version = i64::try_from(store.stream("counter").await.unwrap().len()).unwrap();
                let commit = Commit::new(format!("worker/{writer}"), START)
                    .expect("counter", version)
                    .fact(fact("counter", version));
                match store.commit(commit).await {
                    Ok(_) => done += 1,
                    Err(StoreError::StreamMoved { .. }) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let facts = store.stream("counter").await.unwrap();
    assert_eq!(facts.len(), 200);
    for (version, fact) in facts.iter().enumerate() {
        assert_eq!(
            fact.body["n"], version,
            "a writer decided on a version it had not read"
        );
    }
    assert!(store.check_journal().await.unwrap().broken.is_none());
}

pub async fn audit_reads_newest_first(store: AnyStore) {
    for n in 0..30 {
        let commit = Commit::new(format!("person/{}", n % 3), at(n));
        store
            .commit(commit.fact(fact(&format!("work/{}", n % 2), n)))
            .await
            .unwrap();
    }
    let seqs = |facts: Vec<backlot_facts::ChainedFact>| {
        facts.iter().map(|fact| fact.seq).collect::<Vec<_>>()
    };
    let all = store.audit(i64::MAX, None, None, 4).await.unwrap();
    assert_eq!(seqs(all), [30, 29, 28, 27]);
    let before = store.audit(27, None, None, 2).await.unwrap();
    assert_eq!(seqs(before), [26, 25]);
    let actor = store
        .audit(i64::MAX, Some("person/1"), None, 3)
        .await
        .unwrap();
    assert_eq!(seqs(actor), [29, 26, 23]);
    let both = store
        .audit(i64::MAX, Some("person/1"), Some("work/0"), 3)
        .await
        .unwrap();
    assert_eq!(seqs(both), [29, 23, 17]);
    let none = store
        .audit(i64::MAX, Some("person/1' OR '1'='1"), None, 3)
        .await
        .unwrap();
    assert!(none.is_empty());
}

/// RFC 8785 hashes numbers as doubles: 2^53+1 would hash like 2^53.
pub async fn integers_beyond_doubles_are_refused(store: AnyStore) {
    let edge = 9_007_199_254_740_991_i64;
    let body = |n: i64| NewFact::new("s", "k", json!({"deep": [{"n": n}]}));
    store
        .commit(Commit::new("system", START).fact(body(edge)))
        .await
        .unwrap();
    store
        .commit(Commit::new("system", START).fact(body(-edge)))
        .await
        .unwrap();
    for n in [edge + 1, -edge - 1, i64::MIN] {
        assert!(
            store
                .commit(Commit::new("system", START).fact(body(n)))
                .await
                .is_err()
        );
    }
    enqueue(&store, new_job(1, "k", START, 1)).await;
    assert_eq!(
        store.stream("s").await.unwrap()[0].body["deep"][0]["n"],
        edge
    );
    assert!(store.check_journal().await.unwrap().broken.is_none());
}
