//! Decisions as told stories: the order of checks, witnesses, nearest windows, repeats.

use crate::build::*;
use backlot_license::*;

fn exclusive_germany() -> WorkRights {
    let mut rights = held_world();
    let scope = scope("DACH", "SVOD", "all", "2027-01-01", "2028-01-01");
    accept(&mut rights, Command::GrantLicence(request(1, scope, true)));
    rights
}

#[test]
fn the_witness_says_who_where_and_when_else() {
    let rights = exclusive_germany();
    let asked = scope("EU", "VOD", "en sub, de dub", "2026-07-01", "2027-07-01");
    let refusal = refuse(
        &rights,
        Command::GrantLicence(request(2, asked.clone(), false)),
    );
    assert_eq!(refusal.code(), "licence.overlaps-exclusive");
    let witness = refusal.witness().unwrap();
    assert_eq!(witness.licence, LicenceId(id(1)));
    assert_eq!(witness.licensee, "Buyer 1");
    assert_eq!(
        witness.overlap,
        scope(
            "AT, DE",
            "SVOD",
            "en sub, de dub",
            "2027-01-01",
            "2027-07-01"
        )
    );
    assert_eq!(
        witness.nearest_free,
        Some(window("2028-01-01", "2028-12-31"))
    );
    assert_eq!(
        refusal.message(Lang::En),
        "The exclusive licence of Buyer 1 stands in the way. Both would hold: Austria, Germany · \
         SVOD · German (dub); English (sub) · 2027-01-01 until before 2027-07-01. The same rights \
         are next free 2028-01-01 until before 2028-12-31."
    );
    assert!(
        refusal
            .message(Lang::Zh)
            .contains("奥地利、德国 · 订阅点播 · 德语 (配音)")
    );
    let seen = check(&rights, &request(2, asked.clone(), false));
    assert_eq!(
        seen,
        Availability {
            free: false,
            refusal: Some(refusal)
        }
    );
    assert!(!check_scope(&rights, &asked, false).free);
    assert!(
        check_scope(
            &rights,
            &scope("FR", "VOD", "all", "2027-01-01", "2028-01-01"),
            true
        )
        .free
    );
}

#[test]
fn neighbours_touch_without_meeting() {
    let rights = exclusive_germany();
    for (t, m, l, start, end) in [
        ("DE", "SVOD", "all", "2026-01-01", "2027-01-01"),
        ("DE", "SVOD", "all", "2028-01-01", "2029-01-01"),
        ("FR", "SVOD", "all", "2027-01-01", "2028-01-01"),
        ("DE", "AVOD", "all", "2027-01-01", "2028-01-01"),
    ] {
        let asked = scope(t, m, l, start, end);
        assert!(
            check(&rights, &request(2, asked, true)).free,
            "{t} {m} {start}"
        );
    }
}

#[test]
fn non_exclusive_licences_live_side_by_side() {
    let mut rights = held_world();
    let asked = scope("JP", "AVOD", "ja", "2026-01-01", "2027-01-01");
    accept(
        &mut rights,
        Command::GrantLicence(request(1, asked.clone(), false)),
    );
    accept(
        &mut rights,
        Command::GrantLicence(request(2, asked.clone(), false)),
    );
    let refusal = refuse(&rights, Command::GrantLicence(request(3, asked, true)));
    assert_eq!(refusal.code(), "licence.exclusive-overlaps-standing");
    assert_eq!(refusal.witness().unwrap().others, 1);
}

#[test]
fn what_is_not_held_is_named() {
    let mut rights = WorkRights::new(WorkId(id(200)));
    let held = scope("Asia", "all", "all", "2026-01-01", "2030-01-01");
    accept(
        &mut rights,
        Command::RecordRightsIn(rights_in(100, held, false)),
    );
    let asked = scope("JP, DE", "SVOD", "en", "2029-07-01", "2030-07-01");
    let refusal = refuse(&rights, Command::GrantLicence(request(1, asked, false)));
    assert_eq!(refusal.code(), "licence.outside-rights-held");
    assert_eq!(
        refusal.missing(),
        [
            scope("DE", "SVOD", "en", "2029-07-01", "2030-07-01"),
            scope("JP", "SVOD", "en", "2030-01-01", "2030-07-01"),
        ]
    );
    let asked = scope("JP", "SVOD", "en", "2026-07-01", "2027-07-01");
    let refusal = refuse(&rights, Command::GrantLicence(request(1, asked, true)));
    assert_eq!(refusal.code(), "licence.exclusivity-not-held");
}

/// Two acquisitions that touch hold what neither holds alone.
#[test]
fn rights_in_join() {
    let mut rights = WorkRights::new(WorkId(id(200)));
    let first = scope("Asia", "all", "all", "2026-01-01", "2028-01-01");
    let second = scope("Asia + Europe", "all", "all", "2028-01-01", "");
    accept(
        &mut rights,
        Command::RecordRightsIn(rights_in(100, first, true)),
    );
    accept(
        &mut rights,
        Command::RecordRightsIn(rights_in(101, second, true)),
    );
    let asked = scope("JP", "all", "all", "2027-01-01", "");
    assert!(check(&rights, &request(1, asked.clone(), true)).free);
    assert_eq!(
        rights.free_windows(&asked, true),
        [window("2026-01-01", "")]
    );
    let both = scope("JP, DE", "all", "all", "2026-01-01", "2027-01-01");
    let refusal = refuse(&rights, Command::GrantLicence(request(1, both, true)));
    assert_eq!(
        refusal.nearest_free(),
        Some(&window("2028-01-01", "2028-12-31"))
    );
}

#[test]
fn a_termination_frees_the_rest() {
    let mut rights = exclusive_germany();
    let end = |day: &str| Termination {
        licence: LicenceId(id(1)),
        ends_on: date(day),
        reason: "unpaid".to_owned(),
    };
    let late = refuse(&rights, Command::TerminateLicence(end("2028-01-01")));
    assert_eq!(late.code(), "licence.ends-before-termination");
    accept(&mut rights, Command::TerminateLicence(end("2027-07-01")));
    assert!(accept(&mut rights, Command::TerminateLicence(end("2027-07-01"))).is_empty());
    let twice = refuse(&rights, Command::TerminateLicence(end("2027-08-01")));
    assert_eq!(twice.code(), "licence.already-terminated");
    let after = scope("DE", "SVOD", "all", "2027-07-01", "2028-01-01");
    assert!(check(&rights, &request(2, after, true)).free);
    let before = scope("DE", "SVOD", "all", "2027-06-01", "2027-07-01");
    assert!(!check(&rights, &request(2, before, true)).free);
}

#[test]
fn the_same_command_twice_is_one_fact() {
    let mut rights = exclusive_germany();
    let standing = rights.licences[0].granted.clone();
    assert!(accept(&mut rights, Command::GrantLicence(standing.clone())).is_empty());
    let held = rights.rights_in[0].clone();
    assert!(accept(&mut rights, Command::RecordRightsIn(held)).is_empty());
    assert_eq!((rights.rights_in.len(), rights.licences.len()), (1, 1));
    let other = GrantRequest {
        exclusive: false,
        ..standing
    };
    assert_eq!(
        refuse(&rights, Command::GrantLicence(other)).code(),
        "licence.id-in-use"
    );
}

/// Everything wrong at once: the first check in the documented order speaks.
#[test]
fn checks_have_an_order() {
    let rights = WorkRights::new(WorkId(id(200)));
    let asked = scope("DE", "SVOD", "en", "2026-01-01", "2027-01-01");
    let mut bad = request(1, asked, true);
    bad.licensee = " ".to_owned();
    bad.price.minor = -1;
    bad.shares = vec![party("A", "x", 10_001), party("A", "x", 1)];
    let mut codes = Vec::new();
    let mut next = |request: &GrantRequest| {
        codes.push(refuse(&rights, Command::GrantLicence(request.clone())).code());
    };
    next(&bad);
    bad.licensee = "Buyer".to_owned();
    next(&bad);
    bad.price.minor = 0;
    next(&bad);
    bad.shares.pop();
    next(&bad);
    bad.shares[0].basis_points = 10_000;
    next(&bad);
    assert_eq!(
        codes,
        [
            "licence.field-missing",
            "licence.negative-price",
            "licence.party-twice",
            "licence.share-sum",
            "licence.outside-rights-held",
        ]
    );
}
