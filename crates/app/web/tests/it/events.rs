//! Server-sent events: hello, live facts, resuming without a gap, and who hears what.

use crate::common::{Browser, Lot};
use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use backlot_facts::NewFact;
use backlot_ports::store::Commit;
use futures::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;

struct Line {
    body: BodyDataStream,
    text: String,
}

impl Line {
    async fn open(browser: &mut Browser, last: Option<i64>) -> Self {
        let last = last.map(|seq| seq.to_string());
        let headers: Vec<(&str, &str)> = last
            .iter()
            .map(|seq| ("last-event-id", seq.as_str()))
            .collect();
        let response = browser
            .begin(Method::GET, "/api/events", &headers, Body::empty())
            .await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// Name and data of the next event; none when the line ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::to_owned)
                };
                let Some(name) = field("event: ") else {
                    continue;
                };
                let mut data: Value = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                if let Some(id) = field("id: ") {
                    data["id"] = json!(id.parse::<i64>().unwrap());
                }
                return Some((name, data));
            }
            let piece = tokio::time::timeout(Duration::from_secs(20), self.body.next());
            let piece = piece.await.expect("an event within 20 s")?;
            self.text
                .push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }
}

async fn note(lot: &Lot, kind: &str) -> i64 {
    let fact = NewFact::new("work/w", kind, json!({}));
    let commit = Commit::new("system", lot.house.now()).fact(fact);
    lot.house.store.commit(commit).await.unwrap().last_seq
}

#[tokio::test]
async fn facts_come_once_and_in_order_also_after_a_break() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let before = note(&lot, "before").await;
    let mut line = Line::open(&mut browser, None).await;
    let (name, hello) = line.next().await.unwrap();
    assert_eq!((name.as_str(), &hello["seq"]), ("hello", &json!(before)));
    let first = note(&lot, "first").await;
    let (name, fact) = line.next().await.unwrap();
    assert_eq!(name, "fact");
    assert_eq!(
        (&fact["seq"], &fact["id"], &fact["kind"]),
        (&json!(first), &json!(first), &json!("first"))
    );
    drop(line);
    let second = note(&lot, "second").await;
    let third = note(&lot, "third").await;
    let mut line = Line::open(&mut browser, Some(first)).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (name, data) = line.next().await.unwrap();
        seen.push((name, data["seq"].as_i64().unwrap()));
    }
    let fact = |seq| ("fact".to_owned(), seq);
    assert_eq!(
        seen,
        [fact(second), fact(third), ("hello".to_owned(), third)]
    );
    let fourth = note(&lot, "fourth").await;
    assert_eq!(line.next().await.unwrap().1["seq"], json!(fourth));
}

#[tokio::test]
async fn jobs_and_runs_are_told() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let mut line = Line::open(&mut browser, None).await;
    line.next().await.unwrap();
    let run = browser
        .post("/api/story-runs", json!({ "title_en": "Dance" }))
        .await
        .value();
    let (mut jobs, mut runs) = (0, 0);
    while jobs == 0 || runs == 0 {
        let (name, data) = line.next().await.unwrap();
        match name.as_str() {
            "job" => jobs += usize::from(data["kind"] == "story-capture"),
            "run" => runs += usize::from(data["id"] == run["id"]),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_licensee_hears_nothing_of_the_house() {
    let lot = Lot::open().await;
    let mut licensee = lot.person("licensee", Some("TV")).await;
    let mut owner = lot.owner().await;
    let seq = note(&lot, "secret").await;
    let mut quiet = Line::open(&mut licensee, Some(seq - 1)).await;
    assert_eq!(quiet.next().await.unwrap().0, "hello");
    let mut line = Line::open(&mut owner, None).await;
    line.next().await.unwrap();
    note(&lot, "secret").await;
    assert_eq!(line.next().await.unwrap().0, "fact");
    let nothing = tokio::time::timeout(Duration::from_millis(100), quiet.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
}
