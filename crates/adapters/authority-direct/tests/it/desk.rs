//! A ledger in a temporary folder, with seeded keys and a clock by hand.

use backlot_authority_direct::{AuthorityDirect, Fault};
use backlot_facts::UtcMicros;
use backlot_ports::authorities::{Authorities, AuthorityError, Receipt};
use backlot_register::merkle::verify_consistency;
use backlot_register::{
    Act, Checkpoint, Claim, Hash, Note, Party, Title, build_package, leaf_hash, verify,
};
use std::path::Path;

pub const START_SECS: i64 = 1_795_228_020;

pub fn at(secs: i64) -> UtcMicros {
    UtcMicros::from_secs(START_SECS + secs)
}

/// Different seeds for each ledger and key; not random, so a failure repeats.
pub fn seeds() -> impl FnMut(&mut [u8; 32]) {
    let mut next = 0_u8;
    move |seed| {
        next += 1;
        *seed = [next; 32];
    }
}

pub fn open(dir: &Path) -> AuthorityDirect {
    try_open(dir).unwrap()
}

pub fn try_open(dir: &Path) -> Result<AuthorityDirect, AuthorityError> {
    AuthorityDirect::open(dir, at(0), &mut seeds())
}

pub fn open_failing(dir: &Path, fault: Fault) -> AuthorityDirect {
    AuthorityDirect::open_with_fault(dir, at(0), &mut seeds(), Some(fault)).unwrap()
}

pub fn leaf(number: u64) -> Vec<u8> {
    let title = Title {
        zh: format!("作品{number}"),
        en: String::new(),
    };
    let author = Party {
        name: "W".to_owned(),
        organisation: String::new(),
    };
    Claim::new(Act::WorkRegistered, title, author, at(0))
        .to_bytes()
        .unwrap()
}

/// Everything a stranger can check about one entry, with the ledger's own policy.
pub fn assert_proven(ledger: &dyn Authorities, index: u64, expected_leaf: &[u8]) {
    let parts = ledger.evidence(index).unwrap();
    assert_eq!(parts.claim.to_bytes().unwrap(), expected_leaf);
    let package = build_package(&parts).unwrap();
    let policy = ledger.policy().unwrap().to_string();
    let verdict = verify(&package, &[], Some(&policy));
    assert_eq!(verdict.failures, []);
    assert!(
        verdict
            .cosigners
            .iter()
            .filter(|c| c.signed_at.is_some())
            .count()
            >= 3
    );
}

/// Each receipt ever given is in the ledger at its index, and its checkpoint is a prefix.
pub fn assert_history(ledger: &dyn Authorities, receipts: &[(Vec<u8>, Receipt)]) {
    for (leaf, receipt) in receipts {
        assert_eq!(ledger.find(&leaf_hash(leaf)).unwrap(), Some(receipt.index));
        assert_proven(ledger, receipt.index, leaf);
        let old = checkpoint(&receipt.checkpoint);
        let proof = ledger.consistency(old.size).unwrap();
        assert_eq!(proof.old_root, old.root);
        let (size, roots): (u64, [&Hash; 2]) = (proof.new_size, [&old.root, &proof.new_root]);
        assert_eq!(
            verify_consistency(old.size, size, roots[0], roots[1], &proof.hashes),
            Ok(())
        );
    }
}

pub fn checkpoint(note: &str) -> Checkpoint {
    Checkpoint::parse(&Note::parse(note).unwrap().text).unwrap()
}
