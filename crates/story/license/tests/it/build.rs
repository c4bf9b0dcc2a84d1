//! Short ways to make scopes, licences and states in tests.

use backlot_facts::{Id, UtcMicros};
use backlot_license::*;

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn today() -> Date {
    date("2026-11-21")
}

pub fn window(start: &str, end: &str) -> Window {
    let end = (!end.is_empty()).then(|| date(end));
    Window::try_new(date(start), end).unwrap()
}

pub fn id(number: u8) -> Id {
    Id::new(
        UtcMicros::from_secs(1_700_000_000 + i64::from(number)),
        [number; 10],
    )
}

pub fn scope(territories: &str, media: &str, languages: &str, start: &str, end: &str) -> Scope {
    Scope::parse(&text(territories, media, languages, start, end), today()).unwrap()
}

pub fn text(t: &str, media: &str, languages: &str, start: &str, end: &str) -> ScopeText {
    ScopeText {
        territories: t.to_owned(),
        media: media.to_owned(),
        languages: languages.to_owned(),
        starts_on: start.to_owned(),
        ends_on: (!end.is_empty()).then(|| end.to_owned()),
    }
}

pub fn party(name: &str, role: &str, basis_points: u32) -> PartyShare {
    PartyShare {
        party: name.to_owned(),
        role: role.to_owned(),
        basis_points,
    }
}

pub fn rights_in(number: u8, scope: Scope, exclusive: bool) -> RightsIn {
    RightsIn {
        id: RightsInId(id(number)),
        licensor: "Hengdian Pictures".to_owned(),
        scope,
        exclusive,
        reference: String::new(),
    }
}

pub fn request(number: u8, scope: Scope, exclusive: bool) -> GrantRequest {
    GrantRequest {
        id: LicenceId(id(number)),
        licensee: format!("Buyer {number}"),
        scope,
        exclusive,
        price: Money::new(1_000_001, Currency::CNY),
        shares: vec![
            party("Studio", "producer", 7_000),
            party("Performer", "performer", 2_000),
            party("Park", "service", 1_000),
        ],
        reference: String::new(),
    }
}

pub fn receipt(no: &str, licence: u8, minor: i64) -> Receipt {
    Receipt {
        receipt_no: no.to_owned(),
        licence: LicenceId(id(licence)),
        amount: Money::new(minor, Currency::CNY),
        paid_on: date("2026-11-20"),
        payer: "Buyer".to_owned(),
    }
}

/// Everything held exclusively from 2026 to 2036.
pub fn held_world() -> WorkRights {
    let mut rights = WorkRights::new(WorkId(id(200)));
    let all = scope("World", "all", "all", "2026-01-01", "2036-01-01");
    accept(
        &mut rights,
        Command::RecordRightsIn(rights_in(100, all, true)),
    );
    rights
}

pub fn accept(rights: &mut WorkRights, command: Command) -> Vec<Fact> {
    let facts = decide(rights, command, today()).unwrap();
    for fact in &facts {
        rights.apply(fact);
    }
    facts
}

pub fn refuse(rights: &WorkRights, command: Command) -> Refusal {
    decide(rights, command, today()).unwrap_err()
}
