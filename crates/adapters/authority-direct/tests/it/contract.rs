//! What the port promises, on a sound disk.

use crate::desk::{assert_history, assert_proven, at, checkpoint, leaf, open, seeds, try_open};
use backlot_authority_direct::{AUTHORITIES, AuthorityDirect, THRESHOLD};
use backlot_ports::authorities::{Authorities, AuthorityError};
use backlot_register::{Policy, leaf_hash};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_claim_is_signed_by_four_and_proven() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    assert_eq!(ledger.checkpoint().unwrap(), None);
    let receipt = ledger.submit(&leaf(0), at(7)).unwrap();
    assert_eq!((receipt.index, receipt.tree_size), (0, 1));
    assert_eq!(receipt.leaf_hash, leaf_hash(&leaf(0)));
    assert_proven(&ledger, 0, &leaf(0));
    let status = ledger.status().unwrap();
    assert_eq!(
        (status.size, status.signed_size, status.needed),
        (1, 1, THRESHOLD)
    );
    for (health, name) in status.authorities.iter().zip(AUTHORITIES) {
        assert_eq!(
            (health.id.as_str(), health.name_zh.as_str()),
            (name.id, name.zh)
        );
        assert!(health.healthy, "{health:?}");
        assert_eq!(
            (health.last_signed_size, health.last_signed_time),
            (1, Some(at(7)))
        );
    }
}

#[test]
fn the_same_leaf_keeps_its_index() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    let first = ledger.submit(&leaf(0), at(1)).unwrap();
    assert_eq!(ledger.submit(&leaf(0), at(2)).unwrap(), first);
    assert_eq!(ledger.submit(&leaf(1), at(3)).unwrap().index, 1);
    let fresh = ledger.submit(&leaf(0), at(4)).unwrap();
    assert_eq!((fresh.index, fresh.tree_size), (0, 2));
    drop(ledger);
    let ledger = open(dir.path());
    assert_eq!(ledger.submit(&leaf(0), at(5)).unwrap(), fresh);
    assert_eq!(ledger.status().unwrap().size, 2);
}

#[test]
fn only_canonical_claims_are_taken() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    for wrong in [&b""[..], b"{}", &[leaf(0), b"\n".to_vec()].concat()] {
        assert!(matches!(
            ledger.submit(wrong, at(0)),
            Err(AuthorityError::NotAClaim(_))
        ));
    }
    assert_eq!(ledger.status().unwrap().size, 0);
}

#[test]
fn pages_proofs_and_consistency_have_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    let receipts: Vec<_> = (0..9)
        .map(|n| (leaf(n), ledger.submit(&leaf(n), at(n as i64)).unwrap()))
        .collect();
    let page = ledger.entries(7, 100).unwrap();
    assert_eq!(
        page.iter().map(|entry| entry.index).collect::<Vec<_>>(),
        [7, 8]
    );
    assert_eq!(page[1].leaf, leaf(8));
    assert_eq!(ledger.entries(u64::MAX, 5).unwrap(), []);
    assert!(matches!(
        ledger.prove(9),
        Err(AuthorityError::NoEntry { index: 9, size: 9 })
    ));
    assert!(matches!(
        ledger.consistency(10),
        Err(AuthorityError::NoSuchSize { old: 10, size: 9 })
    ));
    assert_eq!(
        ledger.consistency(0).unwrap().hashes,
        Vec::<[u8; 32]>::new()
    );
    assert_history(&ledger, &receipts);
    assert_eq!(checkpoint(&ledger.checkpoint().unwrap().unwrap()).size, 9);
}

#[test]
fn a_second_opener_is_told_and_a_later_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    assert!(matches!(
        try_open(dir.path()),
        Err(AuthorityError::Locked { .. })
    ));
    drop(ledger);
    open(dir.path());
}

#[test]
fn keys_are_private_and_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let policy = open(dir.path()).policy().unwrap();
    let keys = AUTHORITIES.map(|name| format!("authorities/{}/key", name.id));
    for key in keys.iter().map(String::as_str).chain(["log/key"]) {
        let mode = dir
            .path()
            .join(key)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let mut never = |_: &mut [u8; 32]| panic!("keys are made only once");
    let again = AuthorityDirect::open(dir.path(), at(0), &mut never).unwrap();
    assert_eq!(again.policy().unwrap(), policy);
    assert_eq!(Policy::parse(&policy.to_string()), Ok(policy));
}

#[test]
fn a_random_source_that_repeats_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let outcome = AuthorityDirect::open(dir.path(), at(0), &mut |seed| *seed = [5; 32]);
    assert!(
        outcome
            .err()
            .unwrap()
            .to_string()
            .contains("random source repeats")
    );
    // Nothing of the refused attempt is kept.
    AuthorityDirect::open(dir.path(), at(0), &mut seeds()).unwrap();
}

#[test]
fn a_clock_that_went_back_is_not_signed() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    ledger.submit(&leaf(0), at(1_000)).unwrap();
    // A small step repeats the last time, a large one is refused; nothing is lost meanwhile.
    ledger.submit(&leaf(1), at(900)).unwrap();
    assert_eq!(
        ledger.status().unwrap().authorities[0].last_signed_time,
        Some(at(1_000))
    );
    let refused = ledger.submit(&leaf(2), at(0)).unwrap_err();
    assert!(refused.to_string().contains("1000 s behind"), "{refused}");
    assert!(matches!(
        ledger.prove(2),
        Err(AuthorityError::NotSigned { index: 2, size: 2 })
    ));
    assert!(!ledger.status().unwrap().authorities[0].healthy);
    assert_eq!(ledger.submit(&leaf(2), at(1_001)).unwrap().index, 2);
    assert!(ledger.status().unwrap().authorities[0].healthy);
}

#[test]
fn threads_share_commits_and_every_receipt_holds() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = open(dir.path());
    let receipts: Vec<_> = std::thread::scope(|scope| {
        let work = |thread: u64| {
            let ledger = &ledger;
            // Neighbours submit each other's leaves too.
            move || {
                let submit = |n| (leaf(n), ledger.submit(&leaf(n), at(1)).unwrap());
                (thread * 5..thread * 5 + 10)
                    .map(submit)
                    .collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(work(thread))).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(ledger.status().unwrap().size, 45);
    assert_history(&ledger, &receipts);
}
