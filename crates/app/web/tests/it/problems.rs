//! Problems: their form, their pages, and that no way in escapes them.

use crate::common::Lot;
use axum::body::Body;
use axum::http::Method;
use expect_test::expect;
use serde_json::json;

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes: Vec<&str> = backlot_web::codes::ALL
        .iter()
        .map(|code| code.code)
        .collect();
    let pages: Vec<&str> = backlot_web::error_pages()
        .iter()
        .map(|(code, _)| *code)
        .collect();
    assert_eq!(codes, pages);
    for (code, text) in backlot_web::error_pages() {
        assert!(text.starts_with(&format!("# {code} · ")), "{code}");
        for part in [
            "## 发生了什么",
            "## 怎么办",
            "## What happened",
            "## What to do",
        ] {
            assert!(text.contains(part), "{code} lacks {part}");
        }
    }
}

#[tokio::test]
async fn the_form_of_a_problem() {
    let lot = Lot::open().await;
    let answer = lot.owner().await.get("/api/licences?limit=0").await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let mut value = answer.value();
    assert_eq!(
        value["trace_id"].as_str().unwrap(),
        answer.header("x-trace-id")
    );
    value["trace_id"] = json!("…");
    expect![[r#"
        {
          "code": "E0204",
          "detail_en": "A query parameter is not what this call takes.",
          "detail_zh": "查询参数无法理解。",
          "fields": [
            {
              "detail_en": "Must be 1 to 500.",
              "detail_zh": "须为 1 至 500。",
              "name": "limit"
            }
          ],
          "status": 422,
          "title": "query not understood",
          "trace_id": "…",
          "type": "/docs/errors/E0204"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&value).unwrap());
}

#[tokio::test]
async fn bad_requests() {
    let lot = Lot::open().await;
    let mut owner = lot.owner().await;
    for (path, problem) in [
        ("/api/licences?sort=body", (422, "E0204")),
        ("/api/licences?sort=id;drop", (422, "E0204")),
        ("/api/licences?limit=501", (422, "E0204")),
        ("/api/licences?limit=-1", (422, "E0204")),
        ("/api/licences?after=nonsense", (422, "E0204")),
        ("/api/licences?after=found-x&q=a", (422, "E0204")),
        ("/api/licences?dir=up", (422, "E0204")),
        ("/api/licences?colour=red", (422, "E0204")),
        ("/api/takes?state=x", (422, "E0204")),
        ("/api/jobs?state=x", (422, "E0204")),
        ("/api/takes/%00", (404, "E0201")),
        ("/api/nothing", (404, "E0201")),
    ] {
        let answer = owner.get(path).await;
        assert_eq!(
            answer.problem(),
            (problem.0, problem.1.to_owned()),
            "{path}"
        );
    }
    let long = format!("/api/licences?q={}", "x".repeat(101));
    assert_eq!(owner.get(&long).await.problem(), (422, "E0204".into()));
    let marked = [("x-backlot", "1")];
    let put = owner
        .send(Method::PUT, "/api/licences", &marked, Body::empty())
        .await;
    assert_eq!(put.problem(), (405, "E0202".into()));
}

#[tokio::test]
async fn bad_bodies() {
    let lot = Lot::open().await;
    let mut owner = lot.owner().await;
    let deep = "[".repeat(100_000);
    let huge = format!("{{\"reason\":\"{}\"}}", "x".repeat(300 * 1024));
    for (body, problem) in [
        (String::new(), (422, "E0203")),
        ("{".to_owned(), (422, "E0203")),
        ("null".to_owned(), (422, "E0203")),
        (r#"{"reason":1}"#.to_owned(), (422, "E0203")),
        (r#"{"reason":"x","admin":true}"#.to_owned(), (422, "E0203")),
        (deep, (422, "E0203")),
        (huge, (413, "E0205")),
    ] {
        let headers = [("x-backlot", "1"), ("content-type", "application/json")];
        let shown: String = body.chars().take(40).collect();
        let path = "/api/licences/x/terminate";
        let answer = owner
            .send(Method::POST, path, &headers, Body::from(body))
            .await;
        assert_eq!(
            answer.problem(),
            (problem.0, problem.1.to_owned()),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let lot = Lot::open().await;
    for path in [
        "/healthz",
        "/api/session",
        "/api/home",
        "/docs/errors/E0101",
        "/v/x",
        "/",
    ] {
        let answer = lot.browser().get(path).await;
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'self'"), "{path}");
        assert!(csp.contains("frame-ancestors 'none'"), "{path}");
        assert!(!csp.contains("'unsafe-eval'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_list_follow_each_other() {
    let lot = Lot::open().await;
    for n in 0..25_i64 {
        let work = backlot_ports::records::Work {
            id: format!("w{n:02}"),
            title_zh: format!("舞 {n:02}"),
            title_en: format!("Dance {n:02}"),
            organisation_id: "o".into(),
            created: backlot_facts::UtcMicros(n / 2),
        };
        lot.put(&work).await;
    }
    let mut owner = lot.owner().await;
    for query in [
        "",
        "q=dance&",
        "sort=title_en&dir=desc&",
        "q=dance&sort=title_en&dir=asc&",
    ] {
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = owner
                .get(&format!("/api/works?{query}limit=10&after={after}"))
                .await;
            let page = page.value();
            assert_eq!(page["total"], 25, "{query}");
            let rows = page["rows"].as_array().unwrap();
            seen.extend(
                rows.iter()
                    .map(|row| row["title_en"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((seen.len(), sorted.len()), (25, 25), "{query}");
        assert_eq!(seen.is_sorted(), query.ends_with("asc&"), "{query}");
        assert_eq!(
            seen.iter().rev().is_sorted(),
            !query.ends_with("asc&"),
            "{query}"
        );
    }
}
