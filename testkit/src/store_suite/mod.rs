//! What every store must do. Each case takes a store that was just created and migrated.
//!
//! Cases open no second store and speak no SQL: they hold for any adapter of the port.

#![expect(clippy::unwrap_used, reason = "a case of a suite fails by panicking")]

mod facts;
mod jobs;
mod leases;
mod rows;
mod searches;

pub use facts::*;
pub use jobs::*;
pub use leases::*;
pub use rows::*;
pub use searches::*;

use backlot_facts::{Id, NewFact, UtcMicros};
use backlot_ports::jobs::NewJob;
use backlot_ports::records::{Licence, Person};
use backlot_ports::store::{Commit, JobLease, Store};
use serde_json::json;
use std::sync::Arc;

/// What the cases are given.
pub type AnyStore = Arc<dyn Store>;

/// 2026-11-21T00:00:00Z.
pub const START: UtcMicros = UtcMicros::from_secs(1_795_219_200);

/// `store_suite!(open)`: one test per case. `open` is an `async fn() -> Option<(AnyStore, Keep)>`;
/// `None` skips, `Keep` lives as long as the test.
#[macro_export]
macro_rules! store_suite {
    ($open:path) => {
        $crate::store_suite! { @each $open;
            commits_carry_a_time
            a_refused_commit_leaves_nothing
            facts_are_numbered_and_chained
            one_of_two_writers_wins
            eight_writers_lose_no_update
            audit_reads_newest_first
            integers_beyond_doubles_are_refused
            every_record_has_its_table
            names_outside_the_schema_are_refused
            pages_under_ties_show_every_row_once
            filters_compare
            contains_is_literal_and_folds_case
            any_column_may_contain_the_text
            searches_page_exactly_in_every_order
            cursors_are_strict
            unique_values_are_taken_once
            hostile_text_is_only_text
            the_oldest_due_job_is_leased
            the_same_job_is_enqueued_once
            workers_never_share_a_job
            finishing_is_compare_and_set
            expired_leases_are_retaken_until_attempts_end
            failed_attempts_are_kept
            cancelling_stops_queued_and_asks_running
            ended_jobs_can_be_retried
            a_dead_workers_leases_are_released
            progress_extends_the_lease
            the_job_log_is_bounded
            jobs_are_listed_newest_first
            health_counts
        }
    };
    (@each $open:path; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                if let Some((store, _keep)) = $open().await {
                    $crate::store_suite::$case(store).await;
                }
            }
        )*
    };
}

fn at(secs: i64) -> UtcMicros {
    START.plus_secs(secs)
}

fn id(number: u64) -> Id {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    Id::new(START, random)
}

fn fact(stream: &str, number: i64) -> NewFact {
    NewFact::new(
        stream,
        "counted",
        json!({"n": number, "name": "数一数", "share": 0.1}),
    )
}

fn new_job(number: u64, kind: &str, run_at: UtcMicros, max_attempts: i64) -> NewJob {
    NewJob {
        id: id(number),
        kind: kind.to_owned(),
        subject: format!("story-run/{number}"),
        payload: json!({"n": number}),
        run_at,
        max_attempts,
    }
}

async fn enqueue(store: &AnyStore, job: NewJob) {
    store
        .commit(Commit::new("system", START).job(job))
        .await
        .expect("enqueues");
}

/// Takes a job that must be there.
async fn take(store: &AnyStore, worker: &str, now: UtcMicros, secs: i64) -> JobLease {
    let job = store
        .lease_job(&[], worker, now, secs)
        .await
        .expect("leases")
        .expect("a due job");
    JobLease {
        job: job.id,
        token: job.lease_token.expect("a leased job has a token"),
    }
}

fn person(number: u64, email: &str) -> Person {
    Person {
        id: id(number).to_string(),
        organisation_id: "house".into(),
        email: email.into(),
        name: format!("Person {number}"),
        role: "producer".into(),
        password_hash: "$argon2id$…".into(),
        locale: "zh-CN".into(),
        failed_sign_ins: 0,
        locked_until: None,
        enabled: true,
        created: START,
    }
}

/// A licence for tests; ids follow `number`.
pub fn licence(number: u64) -> Licence {
    Licence {
        id: id(number).to_string(),
        work_id: format!("work-{}", number % 97),
        title_zh: format!("第{number}部"),
        title_en: format!("Title {number}"),
        licensee: format!("Licensee {}", number % 1_000),
        territories: "World ex CN,US".into(),
        media: vec!["svod".into(), "theatrical".into()],
        languages: vec!["zh".into(), "en".into()],
        starts_on: format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        ends_on: Some("2030-01-01".into()),
        exclusive: number.is_multiple_of(2),
        state: ["granted", "paid", "terminated"][usize::try_from(number % 3).unwrap_or(0)].into(),
        price_minor: i64::try_from(number * 7_919 % 1_000_000).unwrap_or(0),
        currency: "CNY".into(),
        paid_minor: 0,
        payments: Vec::new(),
        created: UtcMicros(START.0 + i64::try_from(number).unwrap_or(0)),
    }
}
