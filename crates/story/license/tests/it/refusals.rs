//! Every refusal code is reachable, listed once, and speaks both languages.

use crate::build::*;
use backlot_license::*;
use std::collections::BTreeMap;

fn of_text(text: ScopeText) -> Refusal {
    Scope::parse(&text, today()).unwrap_err()
}

fn typed() -> Vec<Refusal> {
    let ok = || text("DE", "SVOD", "en", "2026-01-01", "2027-01-01");
    vec![
        of_text(ScopeText {
            starts_on: "1.1.2026".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            ends_on: Some("2026-01-01".to_owned()),
            ..ok()
        }),
        of_text(ScopeText {
            territories: "Germny".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            territories: "(DE".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            territories: "DE - DE".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            media: "SVODD".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            media: "SVOD +".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            media: "SVOD - SVOD".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            languages: "Germn".to_owned(),
            ..ok()
        }),
        of_text(ScopeText {
            languages: String::new(),
            ..ok()
        }),
    ]
}

fn decided() -> Vec<Refusal> {
    let mut rights = held_world();
    let inside = scope("DE", "SVOD", "en", "2026-01-01", "2027-01-01");
    accept(
        &mut rights,
        Command::GrantLicence(request(1, inside.clone(), true)),
    );
    accept(&mut rights, Command::RecordPayment(receipt("R-1", 1, 1)));
    let plain = scope("FR", "SVOD", "en", "2026-01-01", "2027-01-01");
    accept(
        &mut rights,
        Command::GrantLicence(request(2, plain.clone(), false)),
    );
    accept(
        &mut rights,
        Command::RecordPayment(receipt("R-2", 2, 1_000_001)),
    );
    let grant = |rights: &WorkRights, change: &dyn Fn(&mut GrantRequest)| {
        let mut asked = request(
            9,
            scope("IT", "EST", "it", "2026-01-01", "2027-01-01"),
            false,
        );
        change(&mut asked);
        refuse(rights, Command::GrantLicence(asked))
    };
    let pay = |rights: &WorkRights, change: &dyn Fn(&mut Receipt)| {
        let mut paid = receipt("R-9", 1, 5);
        change(&mut paid);
        refuse(rights, Command::RecordPayment(paid))
    };
    let end = |licence: u8, day: &str| {
        let (licence, ends_on) = (LicenceId(id(licence)), date(day));
        Command::TerminateLicence(Termination {
            licence,
            ends_on,
            reason: "agreed".to_owned(),
        })
    };
    let many: Vec<PartyShare> = (0..101)
        .map(|number| party(&format!("P{number}"), "x", 1))
        .collect();
    let outside = scope("IT", "EST", "it", "2035-07-01", "2036-07-01");
    let mut found = vec![
        grant(&rights, &|asked| asked.licensee.clear()),
        grant(&rights, &|asked| asked.licensee = "x".repeat(401)),
        grant(&rights, &|asked| asked.id = LicenceId(id(1))),
        grant(&rights, &|asked| asked.price.minor = -5),
        grant(&rights, &|asked| asked.shares[0].basis_points = 1),
        grant(&rights, &|asked| asked.shares[1] = asked.shares[0].clone()),
        grant(&rights, &|asked| asked.shares = many.clone()),
        grant(&rights, &|asked| asked.scope = outside.clone()),
        grant(&rights, &|asked| asked.scope = inside.clone()),
        grant(&rights, &|asked| {
            (asked.scope, asked.exclusive) = (plain.clone(), true)
        }),
        pay(&rights, &|paid| paid.licence = LicenceId(id(77))),
        pay(&rights, &|paid| paid.receipt_no = "R-1".to_owned()),
        pay(&rights, &|paid| paid.amount.currency = Currency::USD),
        pay(&rights, &|paid| paid.amount.minor = 0),
        pay(&rights, &|paid| paid.paid_on = date("2026-11-22")),
        pay(&rights, &|paid| paid.licence = LicenceId(id(2))),
        pay(&rights, &|paid| paid.amount.minor = 1_000_001),
        refuse(&rights, end(1, "2027-01-01")),
        refuse(
            &rights,
            Command::RecordRightsIn(rights_in(100, inside.clone(), true)),
        ),
    ];
    accept(&mut rights, end(1, "2026-06-01"));
    found.push(refuse(&rights, end(1, "2026-05-01")));
    let mut shared = WorkRights::new(WorkId(id(200)));
    accept(
        &mut shared,
        Command::RecordRightsIn(rights_in(100, inside.clone(), false)),
    );
    found.push(refuse(
        &shared,
        Command::GrantLicence(request(1, inside, true)),
    ));
    found
}

#[test]
fn every_code_is_reached_and_speaks_both_languages() {
    let mut by_code = BTreeMap::new();
    for refusal in typed().into_iter().chain(decided()) {
        let (zh, en) = (refusal.message(Lang::Zh), refusal.message(Lang::En));
        assert!(
            zh.ends_with(['。', '？']) && zh.chars().any(|c| c > '\u{4e00}'),
            "{zh}"
        );
        assert!(
            en.ends_with('.') && !en.contains("..") && !en.contains("?."),
            "{en}"
        );
        assert!(!en.chars().any(|c| c > '\u{2fff}'), "{en}");
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(json["code"], refusal.code());
        assert_eq!(json["message_zh"], zh);
        println!("{}\n  {en}\n  {zh}", refusal.code());
        by_code.insert(refusal.code(), en);
    }
    let reached: Vec<&str> = by_code.into_keys().collect();
    assert_eq!(reached, Refusal::CODES);
}
