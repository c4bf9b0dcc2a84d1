//! kill -9 of `serve` in every step of the story: it completes, nothing is lost or doubled.

use crate::support::{Client, Server, backlot, last_json, skip_without, step_state, wait_for};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn killed_in_every_step_the_story_completes_once() {
    if skip_without("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let (email, password) = server.sign_in.clone().unwrap();
    let mut client = Client::sign_in(&server, &email, &password);
    let (status, run) = client.post(
        "/api/story-runs",
        &json!({ "title_en": "Killed often", "title_zh": "屡杀不死" }),
    );
    assert_eq!(status, 202, "{run}");
    let path = format!("/api/story-runs/{}", run["id"].as_str().unwrap());

    let mut killed_in = Vec::new();
    for step in [
        "capture", "animate", "master", "register", "license", "monitor",
    ] {
        let state = wait_for(step, || {
            let state = step_state(&client.get(&path), step);
            (state != "waiting").then_some(state)
        });
        server.kill();
        if state == "running" {
            killed_in.push(step);
        }
        server = Server::start(folder.path());
        assert_eq!(server.sign_in, None, "the password is printed once only");
        client.address = server.address;
    }
    let run = wait_for("the end of the story", || {
        let run = client.get(&path);
        (run["state"] != "running").then_some(run)
    });
    assert_eq!(run["state"], "done", "{}", run["error"]);
    println!("killed while running: {killed_in:?}");
    assert!(
        killed_in.len() >= 3,
        "the test must hit running steps, it hit {killed_in:?}"
    );
    nothing_doubled(&client, &run);
    server.kill();

    let doctor = last_json(&backlot(folder.path(), &["doctor", "--journal", "--json"]));
    let journal = doctor["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == "journal")
        .unwrap();
    assert_eq!(journal["ok"], true, "{journal}");
    let scratch = folder.path().join("work/jobs");
    let left: Vec<_> = std::fs::read_dir(scratch)
        .map(|d| d.flatten().collect())
        .unwrap_or_default();
    assert!(left.is_empty(), "scratch files left behind: {left:?}");
}

/// One take, one master, two ledger entries, three licences, two matches, one case; every fact that
/// makes one of them stands in the journal once.
fn nothing_doubled(client: &Client, run: &Value) {
    let count = |path: &str| client.get(path)["rows"].as_array().unwrap().len();
    assert_eq!(count("/api/takes"), 1);
    assert_eq!(count("/api/masters"), 1);
    assert_eq!(count("/api/evidence"), 2);
    assert_eq!(count("/api/licences"), 3);
    assert_eq!(count("/api/matches"), 2);
    assert_eq!(count("/api/cases"), 1);
    assert_eq!(client.get("/api/ledger")["size"], 2);

    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for row in client.get("/api/audit?limit=500")["rows"]
        .as_array()
        .unwrap()
    {
        *kinds
            .entry(row["kind"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let once = [
        "work-created",
        "story-started",
        "take-recorded",
        "take-animated",
        "master-ingested",
        "rights-in-recorded",
        "case-opened",
    ];
    for kind in once {
        assert_eq!(kinds.get(kind), Some(&1), "{kind} in {kinds:?}");
    }
    assert_eq!(kinds.get("licence-granted"), Some(&3), "{kinds:?}");
    assert_eq!(kinds.get("payment-received"), Some(&1), "{kinds:?}");
    assert_eq!(kinds.get("evidence-registered"), Some(&2), "{kinds:?}");
    assert_eq!(kinds.get("story-step-finished"), Some(&6), "{kinds:?}");
    assert_eq!(run["steps"].as_array().unwrap().len(), 6);
}
