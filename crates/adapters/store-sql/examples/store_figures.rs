//! Figures of the store on SQLite and, when installed, PostgreSQL:
//! `cargo run --release -p backlot-store-sql --example store_figures`.

#![expect(
    clippy::unwrap_used,
    reason = "a measuring program stops at the first surprise"
)]

use backlot_facts::{NewFact, UtcMicros};
use backlot_ports::store::{Commit, Compare, Filter, Query, Store};
use backlot_store_sql::{SqlOptions, SqlStore};
use backlot_testkit::postgres::Cluster;
use backlot_testkit::store_suite::licence;
use serde_json::json;
use std::time::Instant;

const LICENCES: u64 = 100_000;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    report(
        "SQLite",
        &format!("sqlite://{}/house.db", dir.path().display()),
    )
    .await;
    if let Some(cluster) = Cluster::start(true).await {
        report("PostgreSQL", &cluster.database()).await;
    }
}

async fn open(url: &str) -> SqlStore {
    let store = SqlStore::open(url, SqlOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn report(name: &str, url: &str) {
    let store = open(url).await;
    let started = Instant::now();
    for n in 0..1_000 {
        append(&store, n).await;
    }
    let alone = 1_000.0 / started.elapsed().as_secs_f64();
    let started = Instant::now();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..125 {
                    append(&store, writer * 1_000 + n).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let eight = 1_000.0 / started.elapsed().as_secs_f64();
    println!("{name}: {alone:.0} commits/s alone, {eight:.0} by eight writers");
    let started = Instant::now();
    let check = store.check_journal().await.unwrap();
    println!(
        "{name}: {} rows checked in {:?}",
        check.rows,
        started.elapsed()
    );
    fill(&store).await;
    searches(name, &store).await;
    for (what, query) in queries() {
        let mut times = Vec::new();
        let mut query = query;
        for _ in 0..40 {
            let started = Instant::now();
            let page = store.rows("licences", &query).await.unwrap();
            times.push(started.elapsed());
            query.after = page.next;
        }
        times.sort();
        println!(
            "{name}: page by {what}: median {:?}, p95 {:?}",
            times[20], times[37]
        );
    }
    let started = Instant::now();
    let all = store.count("licences", &[]).await.unwrap();
    println!("{name}: counting {all} took {:?}", started.elapsed());
}

/// First pages and totals of a search over three columns.
async fn searches(name: &str, store: &SqlStore) {
    let columns = &["licensee", "title_zh", "title_en"];
    let words = [
        ("common", "99"),
        ("rare", "第77777部"),
        ("absent", "没有这个"),
    ];
    let orders = ["created", "title_en", "price_minor", "starts_on", "state"];
    for (kind, word) in words {
        for order in orders {
            for state in [None, Some("paid")] {
                let mut query = Query::by(order);
                query.descending = order == "created";
                query.filters.extend(Filter::any_contains(columns, word));
                let paid = state.map(|state| Filter::new("state", Compare::Equal, state));
                query.filters.extend(paid);
                let mut times = Vec::new();
                for _ in 0..20 {
                    let started = Instant::now();
                    let page = store.rows("licences", &query).await.unwrap();
                    if page.next.is_some() {
                        let counted = store.count_up_to("licences", &query.filters, 1_000);
                        counted.await.unwrap();
                    }
                    times.push(started.elapsed());
                }
                times.sort();
                println!(
                    "{name}: search, {kind} word by {order} {}: median {:?}, p95 {:?}",
                    state.unwrap_or("any"),
                    times[10],
                    times[18]
                );
            }
        }
    }
}

async fn append(store: &SqlStore, n: i64) {
    let fact = NewFact::new(
        format!("work/{n}"),
        "counted",
        json!({"n": n, "title": "不见长安"}),
    );
    store
        .commit(Commit::new("person/p", UtcMicros(n)).fact(fact))
        .await
        .unwrap();
}

async fn fill(store: &SqlStore) {
    for start in (0..LICENCES).step_by(2_000) {
        let mut commit = Commit::new("system", UtcMicros(0));
        for n in start..start + 2_000 {
            commit = commit.put(&licence(n)).unwrap();
        }
        store.commit(commit).await.unwrap();
    }
}

fn queries() -> Vec<(&'static str, Query)> {
    let contains = |needle: &str| {
        Query::by("created")
            .descending()
            .filter("title_zh", Compare::Contains, needle)
    };
    let mut queries: Vec<_> = [
        "id",
        "licensee",
        "title_zh",
        "title_en",
        "starts_on",
        "price_minor",
    ]
    .map(|column| (column, Query::by(column)))
    .into();
    queries.extend([
        ("created descending", Query::by("created").descending()),
        (
            "title of paid",
            Query::by("title_zh").filter("state", Compare::Equal, "paid"),
        ),
        (
            "price of paid",
            Query::by("price_minor").filter("state", Compare::Equal, "paid"),
        ),
        (
            "price of one work",
            Query::by("price_minor").filter("work_id", Compare::Equal, "work-5"),
        ),
        (
            "created of one licensee",
            Query::by("created").filter("licensee", Compare::Equal, "Licensee 77"),
        ),
        ("created containing 99", contains("99")),
        ("created containing one rare word", contains("第77777部")),
        ("created containing nothing", contains("没有这个")),
    ]);
    queries
}
