//! Two sellers, one exclusive right: exactly one wins, on every store.

use crate::house::{open, stores};
use backlot_facts::{Id, NewFact, UtcMicros};
use backlot_flows::licences::{GrantRequest, LicenceFlowError, grant};
use backlot_ports::records::Work;
use backlot_ports::store::Commit;
use serde_json::json;

const SELLERS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sellers_can_never_both_win() {
    let folder = tempfile::tempdir().unwrap();
    for (number, url) in stores(folder.path()).await.iter().enumerate() {
        let dir = folder.path().join(format!("house-{number}"));
        std::fs::create_dir_all(&dir).unwrap();
        let house = open(&dir, url, 11).await;
        for round in 0..5 {
            let work = Work {
                id: Id::new(UtcMicros(0), [round; 10]).to_string(),
                title_zh: "抢".to_owned(),
                title_en: "Race".to_owned(),
                organisation_id: String::new(),
                created: house.now(),
            };
            house.store.commit(held(&house, &work)).await.unwrap();
            let sellers = (0..SELLERS).map(|seller| {
                let (house, request) = (house.clone(), request(&work, seller));
                tokio::spawn(async move { grant(&house, &request, "system").await })
            });
            let mut won = 0;
            for seller in sellers.collect::<Vec<_>>() {
                match seller.await.unwrap() {
                    Ok(_) => won += 1,
                    Err(LicenceFlowError::Refused(refusal)) => {
                        assert_eq!(refusal.code, "licence.overlaps-exclusive");
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            assert_eq!(won, 1, "round {round} on {url}");
        }
    }
}

fn held(house: &backlot_flows::House, work: &Work) -> Commit {
    let rights_in = json!({
        "recorded_on": "2026-01-01",
        "rights_in": {
            "id": Id::derived(&Id::parse(&work.id).unwrap(), "rights-in"),
            "licensor": "Studio",
            "scope": {
                "territories": ["CN", "DE", "FR"],
                "media": ["on-demand/svod"],
                "languages": { "audio": "*", "dub": "*", "sub": "*" },
                "window": { "starts_on": "2026-01-01", "ends_on": null }
            },
            "exclusive": true,
            "reference": ""
        }
    });
    let fact = NewFact::new(format!("work/{}", work.id), "rights-in-recorded", rights_in);
    Commit::new("system", house.now())
        .fact(fact)
        .put(work)
        .unwrap()
}

fn request(work: &Work, seller: usize) -> GrantRequest {
    GrantRequest {
        work_id: work.id.clone(),
        licensee: format!("Seller {seller}'s client"),
        territories: "DE, FR".to_owned(),
        media: vec!["SVOD".to_owned()],
        languages: vec!["de:dub".to_owned()],
        starts_on: "2027-01-01".to_owned(),
        ends_on: Some("2028-01-01".to_owned()),
        exclusive: true,
        price_minor: 100,
        currency: "EUR".to_owned(),
        shares: Vec::new(),
    }
}
