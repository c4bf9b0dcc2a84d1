//! Facts: the way to the journal and back, other rooms' facts, other versions.

use crate::build::*;
use backlot_facts::{ChainedFact, NewFact, Sha256Hex, UtcMicros};
use backlot_license::*;
use serde_json::json;

fn chained(fact: NewFact, seq: i64) -> ChainedFact {
    let hash = Sha256Hex::from_bytes(&[0; 32]);
    ChainedFact {
        seq,
        stream: fact.stream,
        stream_seq: seq,
        kind: fact.kind,
        version: fact.version,
        actor: "system".to_owned(),
        at: UtcMicros(0),
        body: fact.body,
        prev_hash: hash.clone(),
        hash,
    }
}

fn story() -> (WorkRights, Vec<Fact>) {
    let mut rights = WorkRights::new(WorkId(id(200)));
    let all = scope("World ex KP", "all", "all ex ja", "2026-01-01", "");
    let asked = scope(
        "DACH",
        "Pay TV + SVOD",
        "en dub, zh audio",
        "2026-01-01",
        "2028-01-01",
    );
    let end = Termination {
        licence: LicenceId(id(1)),
        ends_on: date("2027-01-01"),
        reason: "agreed".to_owned(),
    };
    let mut facts = Vec::new();
    for command in [
        Command::RecordRightsIn(rights_in(100, all, true)),
        Command::GrantLicence(request(1, asked, true)),
        Command::RecordPayment(receipt("R-1", 1, 400)),
        Command::TerminateLicence(end),
    ] {
        facts.extend(accept(&mut rights, command));
    }
    (rights, facts)
}

#[test]
fn a_stream_replays_to_the_same_state() {
    let (rights, facts) = story();
    assert_eq!(facts.iter().map(Fact::kind).collect::<Vec<_>>(), FACT_KINDS);
    let work = WorkId(id(200));
    let foreign = NewFact::new(work.stream(), "work-registered", json!({"any": 1}));
    let mut stream = vec![chained(foreign, 1)];
    for (fact, seq) in facts.iter().zip(2..) {
        let new = fact.to_new_fact(&work);
        assert_eq!(
            (new.stream.as_str(), new.version),
            (work.stream().as_str(), 1)
        );
        assert_eq!(
            Fact::read(&new.kind, 1, &new.body).unwrap().as_ref(),
            Some(fact)
        );
        let text = serde_json::to_string(&new.body).unwrap();
        stream.push(chained(
            NewFact {
                body: serde_json::from_str(&text).unwrap(),
                ..new
            },
            seq,
        ));
    }
    assert_eq!(WorkRights::replay(work, &stream).unwrap(), rights);
}

/// The stored shape is a promise; a change here needs a new version.
#[test]
fn the_stored_shape() {
    let (_, facts) = story();
    let body = facts[1].to_new_fact(&WorkId(id(200))).body;
    let licence = &body["licence"];
    assert_eq!(licence["scope"]["territories"], json!(["AT", "CH", "DE"]));
    assert_eq!(
        licence["scope"]["media"],
        json!([
            "pay-tv/terrestrial",
            "pay-tv/cable",
            "pay-tv/satellite",
            "pay-tv/iptv",
            "on-demand/svod"
        ])
    );
    assert_eq!(
        licence["scope"]["languages"],
        json!({"audio": "zh", "dub": "en", "sub": ""})
    );
    assert_eq!(
        licence["scope"]["window"],
        json!({"starts_on": "2026-01-01", "ends_on": "2028-01-01"})
    );
    assert_eq!(
        licence["price"],
        json!({"minor": 1_000_001, "currency": "CNY"})
    );
    assert_eq!(body["granted_on"], json!("2026-11-21"));
    let held = facts[0].to_new_fact(&WorkId(id(200))).body;
    assert_eq!(
        held["rights_in"]["scope"]["languages"]["sub"],
        json!("* -ja")
    );
    assert_eq!(held["rights_in"]["scope"]["window"]["ends_on"], json!(null));
}

#[test]
fn other_versions_and_shapes_are_refused() {
    let (_, facts) = story();
    for fact in &facts {
        let new = fact.to_new_fact(&WorkId(id(200)));
        assert!(matches!(
            Fact::read(&new.kind, 2, &new.body),
            Err(FactError::Version { version: 2, .. })
        ));
        let mut more = new.body.clone();
        more["surprise"] = json!(1);
        assert!(matches!(
            Fact::read(&new.kind, 1, &more),
            Err(FactError::Body { .. })
        ));
        assert!(Fact::read(&new.kind, 1, &json!({})).is_err());
    }
    let mut empty = facts[1].to_new_fact(&WorkId(id(200))).body;
    empty["licence"]["scope"]["territories"] = json!([]);
    assert!(Fact::read("licence-granted", 1, &empty).is_err());
    empty["licence"]["scope"]["territories"] = json!(["QQ"]);
    assert!(Fact::read("licence-granted", 1, &empty).is_err());
}
