//! Every documented call × every role, and nobody.

use crate::common::{Browser, Lot};
use axum::http::{Method, StatusCode};
use backlot_flows::accounts::Role;
use backlot_ports::records::Licence;
use serde_json::{Value, json};

const ALL: &str = "owner producer rights-manager licensee authority auditor park-staff";
const STAFF: &str = "owner producer rights-manager authority auditor park-staff";
const MAKERS: &str = "owner producer";
const SELLERS: &str = "owner rights-manager";
const UPLOADERS: &str = "owner producer rights-manager authority park-staff";

fn grant() -> Value {
    json!({ "work_id": "x", "licensee": "x", "territories": "World", "media": [],
        "languages": [], "starts_on": "2027-01-01", "ends_on": null, "exclusive": false,
        "price_minor": 1, "currency": "CNY" })
}

/// Method, path as documented, who may, body.
type Row = (&'static str, &'static str, &'static str, Value);

fn reading() -> Vec<Row> {
    let read = |path, who| ("get", path, who, Value::Null);
    vec![
        read("/api/home", ALL),
        read("/api/search", ALL),
        read("/api/events", ALL),
        read("/api/vocab", ALL),
        read("/api/licences", ALL),
        read("/api/licences/{id}", ALL),
        read("/api/story-runs", STAFF),
        read("/api/story-runs/{id}", STAFF),
        read("/api/takes", STAFF),
        read("/api/takes/{id}", STAFF),
        read("/api/masters", STAFF),
        read("/api/masters/{id}", STAFF),
        read("/api/works", STAFF),
        read("/api/works/{id}", STAFF),
        read("/api/works/{id}/rights", STAFF),
        read("/api/evidence", STAFF),
        read("/api/evidence/{id}", STAFF),
        read("/api/evidence/{id}/package", STAFF),
        read("/api/evidence/{id}/verify", STAFF),
        read("/api/ledger", STAFF),
        read("/api/matches", STAFF),
        read("/api/matches/{id}", STAFF),
        read("/api/cases", STAFF),
        read("/api/cases/{id}", STAFF),
        read("/api/jobs", STAFF),
        read("/api/jobs/{id}/log", STAFF),
        read("/api/health", STAFF),
        read("/api/people", "owner"),
        read("/api/audit", "owner auditor"),
        read("/api/uploads/{id}", UPLOADERS),
    ]
}

fn changing() -> Vec<Row> {
    let none = Value::Null;
    vec![
        (
            "post",
            "/api/uploads",
            UPLOADERS,
            json!({ "file_name": "a", "bytes_total": 1 }),
        ),
        ("patch", "/api/uploads/{id}", UPLOADERS, json!(0)),
        ("post", "/api/story-runs/{id}/cancel", MAKERS, none.clone()),
        ("post", "/api/story-runs/{id}/retry", MAKERS, none.clone()),
        (
            "post",
            "/api/story-runs",
            MAKERS,
            json!({ "take_upload": "nothing" }),
        ),
        ("post", "/api/jobs/{id}/cancel", MAKERS, none.clone()),
        ("post", "/api/jobs/{id}/retry", MAKERS, none.clone()),
        ("post", "/api/licences/check", STAFF, grant()),
        ("post", "/api/licences", SELLERS, grant()),
        (
            "post",
            "/api/licences/{id}/payments",
            SELLERS,
            json!({ "receipt_no": "1", "paid_on": "2027-01-01", "amount_minor": 1,
                "currency": "CNY" }),
        ),
        (
            "post",
            "/api/licences/{id}/terminate",
            SELLERS,
            json!({ "reason": "x" }),
        ),
        ("post", "/api/cases/{id}/close", SELLERS, none),
        (
            "post",
            "/api/people",
            "owner",
            json!({ "email": "x", "name": "x", "role": "x", "locale": "x" }),
        ),
        ("patch", "/api/people/{id}", "owner", json!({})),
    ]
}

/// Open to everybody, or about one's own session; tested in `accounts` and `contract`.
const APART: [&str; 5] = [
    "get /api/session",
    "post /api/session",
    "delete /api/session",
    "patch /api/session",
    "get /api/openapi.json",
];

async fn call(browser: &mut Browser, method: &str, path: &str, body: &Value) -> StatusCode {
    let path = path.replace("{id}", "0197a000-0000-7000-8000-000000000000");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let headers = [("x-backlot", "1"), ("upload-offset", "0")];
    let body = match body {
        Value::Null => axum::body::Body::empty(),
        body => axum::body::Body::from(body.to_string()),
    };
    browser.begin(method, &path, &headers, body).await.status()
}

#[tokio::test]
async fn every_call_for_every_role() {
    let lot = Lot::open().await;
    let table = [reading(), changing()].concat();
    let document = serde_json::to_value(backlot_web::document()).unwrap();
    let mut documented = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        documented.extend(
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(|m| format!("{m} {path}")),
        );
    }
    documented.sort();
    let mut known: Vec<String> = table.iter().map(|(m, p, ..)| format!("{m} {p}")).collect();
    known.extend(APART.map(str::to_owned));
    known.sort();
    assert_eq!(
        documented, known,
        "a call without a row in the table of roles"
    );

    let mut nobody = lot.browser();
    for (method, path, _, body) in &table {
        let status = call(&mut nobody, method, path, body).await;
        assert_eq!(
            status,
            StatusCode::UNAUTHORIZED,
            "{method} {path} for nobody"
        );
    }
    for role in Role::ALL {
        let mut browser = lot.person(role.name(), None).await;
        for (method, path, who, body) in &table {
            let allowed = who.split(' ').any(|name| name == role.name());
            let status = call(&mut browser, method, path, body).await;
            assert_ne!(
                status,
                StatusCode::UNAUTHORIZED,
                "{method} {path} for {role}"
            );
            assert!(
                !status.is_server_error(),
                "{method} {path} for {role}: {status}"
            );
            let refused = status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !allowed, "{method} {path} for {role}: {status}");
        }
    }
}

#[tokio::test]
async fn a_licensee_sees_his_own_licences_only() {
    let lot = Lot::open().await;
    for (id, licensee) in [("l1", "Mandarin TV"), ("l2", "Other TV")] {
        let licence: Licence = serde_json::from_value(json!({
            "id": id, "work_id": "w", "title_zh": "舞", "title_en": "Dance",
            "licensee": licensee, "territories": "CN", "media": [], "languages": [],
            "starts_on": "2027-01-01", "ends_on": null, "exclusive": false, "state": "paid",
            "price_minor": 1, "currency": "CNY", "paid_minor": 1, "payments": [], "created": 1,
        }))
        .unwrap();
        lot.put(&licence).await;
    }
    let mut browser = lot.person("licensee", Some("Mandarin TV")).await;
    let list = browser.get("/api/licences").await.value();
    assert_eq!(
        (&list["total"], &list["rows"][0]["id"]),
        (&json!(1), &json!("l1"))
    );
    assert_eq!(
        browser.get("/api/licences?q=Dance").await.value()["total"],
        1
    );
    assert_eq!(
        browser.get("/api/licences?q=Other").await.value()["total"],
        0
    );
    assert_eq!(browser.get("/api/licences/l1").await.status, StatusCode::OK);
    assert_eq!(
        browser.get("/api/licences/l2").await.status,
        StatusCode::NOT_FOUND
    );
    let hits = browser.get("/api/search?q=Dance").await.value();
    assert_eq!(hits["hits"].as_array().unwrap().len(), 1);
    let home = browser.get("/api/home").await.value();
    assert_eq!(home["counts"]["licences"], 1);
    assert_eq!(home["counts"]["licences_paid"], 1);
    assert_eq!(home["last_run"], Value::Null);
    let file = format!("/files/{}/a.mp4", "a".repeat(64));
    assert_eq!(browser.get(&file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        browser.get("/hls/m/main.m3u8").await.status,
        StatusCode::FORBIDDEN
    );
}
