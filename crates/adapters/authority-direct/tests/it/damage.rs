//! Damaged, missing and old files: refused or reported by name, never repaired by forgetting.

use crate::desk::{assert_proven, at, leaf, open, try_open};
use backlot_ports::authorities::{Authorities, AuthorityError};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn ledger_of(size: u64) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    (0..size).for_each(|n| drop(ledger.submit(&leaf(n), at(n as i64)).unwrap()));
    dir
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn any_flipped_byte_of_the_leaves_is_refused_with_its_record() {
    let dir = ledger_of(4);
    let path = dir.path().join("log/leaves");
    let good = fs::read(&path).unwrap();
    let record = 12 + leaf(0).len();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x04;
        fs::write(&path, &bad).unwrap();
        let Err(AuthorityError::Damaged { offset, .. }) = try_open(dir.path()) else {
            panic!("byte {at} was not noticed");
        };
        let begins = if at < 16 {
            0
        } else {
            16 + (at - 16) / record * record
        };
        assert_eq!(offset, begins as u64, "byte {at}");
    }
    fs::write(&path, &good).unwrap();
    assert_proven(&open(dir.path()), 3, &leaf(3));
}

#[test]
fn an_old_copy_of_the_log_is_not_signed_again() {
    let dir = ledger_of(3);
    let path = dir.path().join("log/leaves");
    let old = fs::read(&path).unwrap();
    let ledger = open(dir.path());
    ledger.submit(&leaf(3), at(9)).unwrap();
    drop(ledger);
    fs::write(&path, &old).unwrap();
    let ledger = open(dir.path());
    let status = ledger.status().unwrap();
    let problem = status.authorities[0].problem.clone().unwrap();
    assert_eq!(
        problem,
        "the log has 3 entries, 4 were signed: an old copy?"
    );
    // Another fourth entry would be a fork.
    let refused = ledger.submit(&leaf(99), at(10)).unwrap_err();
    assert!(
        matches!(
            refused,
            AuthorityError::Quorum {
                signed: 0,
                needed: 3,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_rewritten_log_is_not_signed() {
    let dir = ledger_of(3);
    let other = tempfile::tempdir().unwrap();
    let forged = open(other.path());
    (10..14).for_each(|n| drop(forged.submit(&leaf(n), at(0)).unwrap()));
    drop(forged);
    fs::copy(
        other.path().join("log/leaves"),
        dir.path().join("log/leaves"),
    )
    .unwrap();
    let ledger = open(dir.path());
    let status = ledger.status().unwrap();
    for authority in &status.authorities {
        let problem = authority.problem.as_deref();
        assert_eq!(
            problem,
            Some("the log was rewritten below 3, which was signed")
        );
    }
    assert!(matches!(
        ledger.submit(&leaf(5), at(10)),
        Err(AuthorityError::Quorum { .. })
    ));
    assert_eq!(ledger.checkpoint().unwrap(), None);
}

#[test]
fn broken_authorities_are_named_and_three_suffice() {
    type Break = fn(&Path);
    let cases: [(&str, Break); 6] = [
        ("is missing", |dir| fs::remove_dir_all(dir).unwrap()),
        ("the key", |dir| fs::remove_file(dir.join("key")).unwrap()),
        ("is damaged", |dir| flip(&dir.join("key"), 100)),
        ("can be read by others", |dir| {
            fs::set_permissions(dir.join("key"), fs::Permissions::from_mode(0o644)).unwrap();
        }),
        ("missing or damaged", |dir| {
            fs::remove_file(dir.join("last-signed")).unwrap()
        }),
        ("missing or damaged", |dir| {
            fs::write(dir.join("last-signed"), [0; 192]).unwrap()
        }),
    ];
    for (expected, damage) in cases {
        let dir = ledger_of(2);
        damage(&dir.path().join("authorities/notary"));
        let ledger = open(dir.path());
        let receipt = ledger.submit(&leaf(2), at(20)).unwrap();
        assert!(!receipt.checkpoint.contains("/notary "));
        assert_proven(&ledger, 2, &leaf(2));
        let notary = ledger.status().unwrap().authorities[1].clone();
        let problem = notary.problem.unwrap();
        assert!(
            !notary.healthy && problem.contains(expected),
            "{expected}: {problem}"
        );
        drop(ledger);
        // Its key is not made anew behind its back.
        damage(&dir.path().join("authorities/internet-court"));
        let ledger = open(dir.path());
        let refused = ledger.submit(&leaf(3), at(21)).unwrap_err().to_string();
        assert!(
            refused.contains("notary: ") && refused.contains("internet-court: "),
            "{refused}"
        );
    }
}

/// The newer slot of a state is torn: the older one still guards, and signing goes on.
#[test]
fn a_torn_state_slot_falls_back() {
    for slot in [0, 96] {
        let dir = ledger_of(3);
        flip(
            &dir.path().join("authorities/notary/last-signed"),
            slot + 20,
        );
        let ledger = open(dir.path());
        assert!(
            ledger
                .submit(&leaf(3), at(20))
                .unwrap()
                .checkpoint
                .contains("/notary ")
        );
    }
}

#[test]
fn a_lost_note_is_signed_again() {
    let dir = ledger_of(3);
    for content in [None, Some("")] {
        let path = dir.path().join("log/checkpoint");
        match content {
            None => fs::remove_file(&path).unwrap(),
            Some(text) => fs::write(&path, text).unwrap(),
        }
        assert_proven(&open(dir.path()), 1, &leaf(1));
    }
}

#[test]
fn the_log_key_and_policy_are_not_replaced() {
    let dir = ledger_of(1);
    flip(&dir.path().join("log/key"), 100);
    let error = try_open(dir.path()).err().unwrap();
    assert!(error.to_string().contains("log/key"), "{error}");
    flip(&dir.path().join("log/key"), 100);
    let policy = dir.path().join("policy.txt");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("witness notary", "witness notarx")).unwrap();
    assert!(matches!(
        try_open(dir.path()),
        Err(AuthorityError::Damaged { .. })
    ));
    fs::remove_file(&policy).unwrap();
    let error = try_open(dir.path()).err().unwrap().to_string();
    assert!(
        error.contains("missing, but the log has entries"),
        "{error}"
    );
}
