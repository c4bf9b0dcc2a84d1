//! Public pages: evidence without JavaScript, error pages, health.

use crate::common::Lot;
use axum::body::Body;
use axum::http::Method;
use backlot_ports::records::Evidence;
use serde_json::json;

/// A row whose texts try to be markup and whose package is damaged.
async fn planted(lot: &Lot, code: &str) -> Evidence {
    let package = lot.house.blobs.put_bytes("not a zip".into()).await.unwrap();
    let evil = "<script>alert(1)</script>\"'&";
    let row: Evidence = serde_json::from_value(json!({
        "id": "e", "code": code, "work_id": "w", "act": "work-registered", "title_zh": evil,
        "title_en": evil, "leaf_index": 3, "tree_size": 9, "leaf_hash": "ab",
        "signed_by": [{ "id": "x", "name_zh": evil, "name_en": evil, "signed": 0 }],
        "claim": { "files": [{ "name": evil, "sha256": evil, "bytes": 7 }] },
        "package_blob": package, "package_bytes": 9, "registered": 1_795_228_020_000_000_i64,
    }))
    .unwrap();
    lot.put(&row).await;
    row
}

fn valid_code() -> String {
    backlot_register::EvidenceCode::of_leaf(&[7; 32])
        .as_str()
        .to_owned()
}

#[tokio::test]
async fn the_public_page_escapes_and_tells_the_truth() {
    let lot = Lot::open().await;
    let code = valid_code();
    planted(&lot, &code).await;
    let mut browser = lot.browser();
    let zh = browser.get(&format!("/v/{code}")).await;
    assert_eq!(zh.status.as_u16(), 200, "{}", zh.text());
    assert!(zh.header("content-type").starts_with("text/html"));
    let text = zh.text();
    assert!(!text.contains("<script"), "{text}");
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    assert!(text.contains("<html lang=\"zh-CN\">") && text.contains("证据包校验未通过"));
    assert!(text.contains("2026-11-21T02:27:00Z") && text.contains("<svg role=\"img\""));
    let headers = [("accept-language", "en-GB,zh;q=0.5")];
    let en = browser
        .send(Method::GET, &format!("/v/{code}"), &headers, Body::empty())
        .await;
    assert!(en.text().contains("The evidence package does not verify"));
    let en = browser.get(&format!("/v/{code}?lang=en")).await;
    assert!(en.text().contains("<html lang=\"en\">"));
    let package = browser.get(&format!("/v/{code}/package")).await;
    assert_eq!(
        (package.header("content-type"), package.text().as_str()),
        ("application/zip", "not a zip")
    );
    assert_eq!(browser.get("/v/NOPE").await.status.as_u16(), 404);
    assert_eq!(browser.get("/v/..%2F..%2Fetc").await.status.as_u16(), 404);
}

#[tokio::test]
async fn error_pages_and_health_need_no_account() {
    let lot = Lot::open().await;
    let mut browser = lot.browser();
    assert_eq!(browser.get("/healthz").await.text(), "ok\n");
    for code in backlot_web::codes::ALL {
        let page = browser.get(&format!("/docs/errors/{}", code.code)).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.text().contains(&format!("<h1>{}", code.code)));
    }
    assert_eq!(
        browser.get("/docs/errors/E9999").await.problem(),
        (404, "E0201".into())
    );
    let mut owner = lot.owner().await;
    let health = owner.get("/api/health").await.value();
    assert_eq!(health["store"]["engine"], "sqlite");
    assert_eq!(health["journal_ok"], true);
    assert_eq!(health["authorities"].as_array().unwrap().len(), 4);
    assert!(health["disk"]["free_bytes"].as_u64().unwrap() > 0);
    assert_eq!(owner.get("/api/ledger").await.value()["size"], 0);
}

#[tokio::test]
async fn the_app_answers_its_own_pages_and_nothing_else() {
    let lot = Lot::open().await;
    let mut browser = lot.browser();
    for path in ["/", "/takes", "/licences/some-id", "/docs", "/admin/audit"] {
        let page = browser.get(path).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
    }
    for path in ["/assets/none.js", "/api/none", "/files/none", "/v/"] {
        assert_eq!(
            browser.get(path).await.problem(),
            (404, "E0201".into()),
            "{path}"
        );
    }
    let headers = [("accept", "text/html,*/*")];
    let page = browser
        .send(Method::GET, "/v/NOPE", &headers, Body::empty())
        .await;
    assert_eq!(page.status.as_u16(), 404);
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("E0201"));
}
