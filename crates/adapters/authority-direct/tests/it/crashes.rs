//! The table of injected failures: the process dies at a step, is opened again, and everything is
//! verified; "failed but persisted" included.

use crate::desk::{assert_history, assert_proven, at, leaf, open, open_failing};
use backlot_authority_direct::{AUTHORITIES, Step};
use backlot_ports::authorities::{Authorities, AuthorityError};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Dies at every step the pattern names, once armed.
fn check(what: &str, dies_at: fn(Step) -> bool, expected_size_after: u64) {
    let dir = tempfile::tempdir().unwrap();
    let armed = Arc::new(AtomicBool::new(false));
    let trigger = Arc::clone(&armed);
    let ledger = open_failing(
        dir.path(),
        Box::new(move |step| {
            if trigger.load(Ordering::SeqCst) && dies_at(step) {
                return Err(io::Error::new(
                    io::ErrorKind::Interrupted,
                    "killed by the test",
                ));
            }
            Ok(())
        }),
    );
    let before: Vec<_> = (0..5)
        .map(|n| (leaf(n), ledger.submit(&leaf(n), at(1)).unwrap()))
        .collect();
    armed.store(true, Ordering::SeqCst);
    let died = ledger.submit(&leaf(5), at(2));
    assert!(died.is_err(), "{what}: {died:?}");
    assert_history(&ledger, &before);
    drop(ledger);

    let ledger = open(dir.path());
    let status = ledger.status().unwrap();
    assert_eq!(
        (status.size, status.signed_size),
        (expected_size_after, expected_size_after),
        "{what}"
    );
    assert!(
        status.authorities.iter().all(|authority| authority.healthy),
        "{what}: {status:?}"
    );
    assert_history(&ledger, &before);
    // The caller that saw the failure tries again: once in the log, at the one index.
    let receipt = ledger.submit(&leaf(5), at(3)).unwrap();
    assert_eq!((receipt.index, receipt.tree_size), (5, 6), "{what}");
    let next = ledger.submit(&leaf(6), at(4)).unwrap();
    assert_eq!(next.index, 6, "{what}");
    assert_history(&ledger, &before);
    assert_proven(&ledger, 5, &leaf(5));
}

fn number(id: &str) -> usize {
    AUTHORITIES.iter().position(|name| name.id == id).unwrap()
}

#[test]
fn dies_with_half_a_record_written() {
    check("torn", |step| step == Step::LeafTorn, 5);
}

#[test]
fn dies_after_the_leaf_before_anybody_signed() {
    check("appended", |step| step == Step::LeafAppended, 6);
    check(
        "nobody saved",
        |step| matches!(step, Step::BeforeSaved(_)),
        6,
    );
}

#[test]
fn dies_after_one_two_or_three_saved_states() {
    check(
        "one saved",
        |s| matches!(s, Step::BeforeSaved(id) if number(id) > 0),
        6,
    );
    check(
        "two saved",
        |s| matches!(s, Step::BeforeSaved(id) if number(id) > 1),
        6,
    );
    check(
        "three saved",
        |s| s == Step::BeforeSaved("forensic-centre") || s == Step::QuorumReached,
        6,
    );
}

#[test]
fn dies_after_states_were_saved_but_no_signature_left() {
    check(
        "two persisted",
        |s| matches!(s, Step::Saved(id) if number(id) > 1),
        6,
    );
    check("all persisted", |s| matches!(s, Step::Saved(_)), 6);
}

#[test]
fn dies_with_the_quorum_but_without_the_note() {
    check("quorum", |step| step == Step::QuorumReached, 6);
}

/// A failing disk, not a death: the ledger goes on without being opened again.
#[test]
fn a_full_disk_is_said_and_survived() {
    let dir = tempfile::tempdir().unwrap();
    let full = Arc::new(AtomicBool::new(false));
    let trigger = Arc::clone(&full);
    let ledger = open_failing(
        dir.path(),
        Box::new(move |step| match step {
            Step::LeafTorn if trigger.load(Ordering::SeqCst) => {
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            _ => Ok(()),
        }),
    );
    let first = ledger.submit(&leaf(0), at(1)).unwrap();
    full.store(true, Ordering::SeqCst);
    assert!(matches!(
        ledger.submit(&leaf(1), at(2)),
        Err(AuthorityError::Full { .. })
    ));
    assert_eq!(ledger.submit(&leaf(0), at(2)).unwrap(), first);
    full.store(false, Ordering::SeqCst);
    assert_eq!(ledger.submit(&leaf(1), at(3)).unwrap().index, 1);
    drop(ledger);
    let ledger = open(dir.path());
    assert_proven(&ledger, 0, &leaf(0));
    assert_proven(&ledger, 1, &leaf(1));
}

/// One authority's disk fails: three sign; two fail: nothing is given out, and later it heals.
#[test]
fn one_failing_authority_is_named_and_two_stop_the_quorum() {
    let dir = tempfile::tempdir().unwrap();
    let failing = Arc::new(std::sync::atomic::AtomicUsize::new(1));
    let count = Arc::clone(&failing);
    let ledger = open_failing(
        dir.path(),
        Box::new(move |step| match step {
            Step::BeforeSaved(id) if number(id) < count.load(Ordering::SeqCst) => {
                Err(io::Error::other("disk gone"))
            }
            _ => Ok(()),
        }),
    );
    ledger.submit(&leaf(0), at(1)).unwrap();
    assert_proven(&ledger, 0, &leaf(0));
    let status = ledger.status().unwrap();
    assert_eq!(status.authorities[0].problem.as_deref(), Some("disk gone"));
    assert!(status.authorities[1].healthy);
    failing.store(2, Ordering::SeqCst);
    let refused = ledger.submit(&leaf(1), at(2)).unwrap_err().to_string();
    assert_eq!(
        refused,
        "only 2 authorities signed, 3 are needed: copyright-office: disk gone; notary: disk gone"
    );
    failing.store(0, Ordering::SeqCst);
    assert_eq!(ledger.submit(&leaf(1), at(3)).unwrap().index, 1);
    assert!(
        ledger
            .status()
            .unwrap()
            .authorities
            .iter()
            .all(|authority| authority.healthy)
    );
}
