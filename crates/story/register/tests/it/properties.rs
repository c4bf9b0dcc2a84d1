//! Properties: any tree verifies, any changed proof fails, no parser ever panics.

use crate::sample::{claim, parts, policy};
use backlot_register::merkle::{Frontier, leaf_hash, verify_consistency, verify_inclusion};
use backlot_register::{
    AuthorityList, Checkpoint, Claim, EvidenceCode, NamedKey, Note, Policy, TlogProof, Tree,
    build_package, verify,
};
use proptest::prelude::*;

fn any_tree(size: u64, salt: u64) -> Tree {
    let mut tree = Tree::default();
    (0..size).for_each(|n| tree.append(leaf_hash(&[n.to_be_bytes(), salt.to_be_bytes()].concat())));
    tree
}

fn parse_all(bytes: &[u8]) {
    let _ = (
        Claim::parse(bytes),
        AuthorityList::parse(bytes),
        verify(bytes, &[], None),
    );
    let text = String::from_utf8_lossy(bytes);
    let _ = (
        Note::parse(&text),
        TlogProof::parse(&text),
        Policy::parse(&text),
    );
    let _ = (
        Checkpoint::parse(&text),
        NamedKey::parse(&text),
        EvidenceCode::parse_lenient(&text),
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_leaf_of_every_tree_verifies(
        size in 1_u64..300,
        pick in any::<u64>(),
        salt in any::<u64>(),
    ) {
        let tree = any_tree(300, salt);
        let index = pick % size;
        let (leaf, root) = (tree.leaf(index).unwrap(), tree.root_at(size).unwrap());
        let proof = tree.inclusion_proof(index, size).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
        // A changed index, leaf, or hash, or a missing or further hash, never verifies.
        let moved = verify_inclusion(&leaf, (index + 1) % size, size, &proof, &root);
        prop_assert!(moved.is_err() || size == 1);
        prop_assert!(verify_inclusion(&leaf_hash(b"x"), index, size, &proof, &root).is_err());
        let mut longer = proof.clone();
        longer.push(root);
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
        for at in 0..proof.len() {
            let mut changed = proof.clone();
            changed[at][(pick % 32) as usize] ^= 1 << (salt % 8);
            prop_assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err());
            changed = proof.clone();
            changed.remove(at);
            prop_assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err());
        }
    }

    #[test]
    fn every_pair_of_sizes_is_consistent(a in 1_u64..300, b in 1_u64..300, salt in any::<u64>()) {
        let tree = any_tree(300, salt);
        let (old, new) = (a.min(b), a.max(b));
        let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
        let proof = tree.consistency_proof(old, new).unwrap();
        prop_assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Ok(()));
        let other = any_tree(300, salt ^ 1);
        let foreign = other.root_at(old).unwrap();
        prop_assert!(verify_consistency(old, new, &foreign, &new_root, &proof).is_err());
        for at in 0..proof.len() {
            let mut changed = proof.clone();
            changed[at][0] ^= 1;
            prop_assert!(verify_consistency(old, new, &old_root, &new_root, &changed).is_err());
        }
        let mut frontier = tree.frontier_at(old).unwrap();
        (old..new).for_each(|index| frontier.append(tree.leaf(index).unwrap()));
        prop_assert_eq!(frontier.root(), new_root);
        prop_assert_eq!(Frontier::size(&frontier), new);
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        parse_all(&bytes);
    }

    #[test]
    fn changed_valid_files_never_panic(
        file in 0_usize..5,
        changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..8),
        cut in any::<u16>(),
    ) {
        let parts = parts(&[0, 1, 2]);
        let mut bytes = match file {
            0 => claim(5).to_bytes().unwrap(),
            1 => parts.proof.to_string().into_bytes(),
            2 => policy().to_string().into_bytes(),
            3 => parts.authorities.to_bytes().unwrap(),
            _ => build_package(&parts).unwrap(),
        };
        for (at, value) in changes {
            let at = usize::from(at) % bytes.len();
            bytes[at] = value;
        }
        parse_all(&bytes);
        bytes.truncate(usize::from(cut) % (bytes.len() + 1));
        parse_all(&bytes);
    }

    #[test]
    fn claims_round_trip(
        zh in "\\PC{1,40}",
        name in "[^\\p{Cc}/\\\\]{1,20}[a-z]",
        bytes in 0_u64..(1 << 53),
    ) {
        let mut claim = claim(1);
        claim.title.zh = zh;
        claim.author.name = name.clone();
        claim.files[0].name = name;
        claim.files[0].bytes = bytes;
        let written = claim.to_bytes().unwrap();
        prop_assert_eq!(Claim::parse(&written), Ok(claim));
    }
}
