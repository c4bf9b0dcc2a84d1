//! Licensing through the interface: a grant, a refusal with its witness, a payment, an end.

use crate::common::Lot;
use axum::http::StatusCode;
use backlot_ports::records::Work;
use serde_json::{Value, json};

fn request(work: &str, licensee: &str, exclusive: bool) -> Value {
    json!({ "work_id": work, "licensee": licensee, "territories": "World ex CN,US",
        "media": [], "languages": ["zh-Hans"], "starts_on": "2027-01-01",
        "ends_on": "2028-01-01", "exclusive": exclusive, "price_minor": 100_000,
        "currency": "CNY" })
}

/// A work whose rights nobody gave to the house: nothing can be granted, and the refusal says so.
#[tokio::test]
async fn refusals_travel_whole() {
    let lot = Lot::open().await;
    let id = lot.house.new_id().to_string();
    let work = Work {
        id: id.clone(),
        title_zh: "舞".into(),
        title_en: "Dance".into(),
        organisation_id: "o".into(),
        created: lot.house.now(),
    };
    lot.put(&work).await;
    let mut owner = lot.owner().await;
    let vocab = owner.get("/api/vocab").await.value();
    let leaf = vocab["media"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| !one["parent"].is_null());
    let mut body = request(&id, "Mandarin TV", false);
    body["media"] = json!([leaf.unwrap()["code"]]);
    let check = owner.post("/api/licences/check", body.clone()).await;
    assert_eq!(check.status, StatusCode::OK, "{}", check.text());
    let check = check.value();
    assert_eq!(check["free"], false);
    assert_eq!(check["territories_normalised"], "World ex CN, US");
    assert!(check["territory_count"].as_i64().unwrap() > 200);
    let refused = owner.post("/api/licences", body.clone()).await;
    assert_eq!(
        refused.problem(),
        (409, "E0401".into()),
        "{}",
        refused.text()
    );
    let refused = refused.value();
    assert_eq!(refused["refusal"]["code"], check["refusal"]["code"]);
    assert_eq!(refused["detail_zh"], refused["refusal"]["text_zh"]);
    body["work_id"] = json!("nothing");
    assert_eq!(
        owner.post("/api/licences", body.clone()).await.problem(),
        (404, "E0201".into())
    );
    body["price"] = json!(1);
    assert_eq!(
        owner.post("/api/licences", body).await.problem(),
        (422, "E0203".into())
    );
    let pay = json!({ "receipt_no": "1", "paid_on": "2027-01-01", "amount_minor": 1,
        "currency": "CNY" });
    let path = format!("/api/licences/{id}/payments");
    assert_eq!(
        owner.post(&path, pay).await.problem(),
        (404, "E0201".into())
    );
}
