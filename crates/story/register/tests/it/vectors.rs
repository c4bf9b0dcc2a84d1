//! Published vectors: transparency-dev Merkle proofs, Wycheproof Ed25519, and known roots.

use backlot_register::merkle::{
    self, Frontier, Hash, Tree, leaf_hash, verify_consistency, verify_inclusion,
    verify_subtree_consistency, verify_subtree_inclusion,
};
use backlot_register::note::KeyKind;
use backlot_register::{NamedKey, text::base64_decode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/register")
        .join(folder);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {folder} vectors are not beside the checkout");
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "published vectors are read from beside the checkout"
)]
fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if entry.is_dir() {
            found.extend(json_files(&entry));
        } else if entry
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// Roots of odd length only occur to be compared: another value of the right length stands for
/// each.
fn root(value: &Value) -> Hash {
    let bytes = base64_decode(value.as_str().unwrap()).unwrap();
    bytes
        .as_slice()
        .try_into()
        .unwrap_or_else(|_| Sha256::digest([b"odd ", &bytes[..]].concat()).into())
}

/// `None` when any hash is not 32 bytes: the types already refuse it.
fn proof(value: &Value) -> Option<Vec<Hash>> {
    let hash = |item: &Value| base64_decode(item.as_str()?)?.try_into().ok();
    value
        .as_array()
        .map_or(Some(Vec::new()), |items| items.iter().map(hash).collect())
}

fn accepts(kind: &str, case: &Value) -> bool {
    let number = |name: &str| case[name].as_u64().unwrap();
    let Some(proof) = proof(&case["proof"]) else {
        return false;
    };
    let leaf = || {
        let bytes = base64_decode(case["leafHash"].as_str().unwrap()).unwrap();
        <Hash>::try_from(bytes).ok()
    };
    match kind {
        "inclusion" => leaf().is_some_and(|leaf| {
            let (index, size) = (number("leafIdx"), number("treeSize"));
            verify_inclusion(&leaf, index, size, &proof, &root(&case["root"])).is_ok()
        }),
        "subtreeinclusion" => leaf().is_some_and(|leaf| {
            let (index, start, end) = (number("leafIdx"), number("start"), number("end"));
            let root = root(&case["root"]);
            verify_subtree_inclusion(&leaf, index, start, end, &proof, &root).is_ok()
        }),
        "consistency" => {
            let (old, new) = (number("size1"), number("size2"));
            let (old_root, new_root) = (root(&case["root1"]), root(&case["root2"]));
            verify_consistency(old, new, &old_root, &new_root, &proof).is_ok()
        }
        _ => {
            let (start, end, size) = (number("start"), number("end"), number("size"));
            let (part, whole) = (root(&case["root1"]), root(&case["root2"]));
            verify_subtree_consistency(start, end, size, &part, &whole, &proof).is_ok()
        }
    }
}

#[test]
fn transparency_dev_merkle_vectors() {
    let Some(folder) = shared("merkle") else {
        return;
    };
    let (mut accepted, mut refused) = (0, 0);
    for kind in [
        "inclusion",
        "consistency",
        "subtreeinclusion",
        "subtreeconsistency",
    ] {
        for path in json_files(&folder.join(kind)) {
            let case: Value = serde_json::from_slice(&read(&path)).unwrap();
            let must_refuse = case["wantErr"].as_bool().unwrap();
            assert_eq!(accepts(kind, &case), !must_refuse, "{}", path.display());
            if must_refuse {
                refused += 1
            } else {
                accepted += 1
            }
        }
    }
    println!("merkle vectors: {accepted} accepted, {refused} refused");
    assert_eq!((accepted, refused), (21, 238));
}

#[test]
fn wycheproof_ed25519() {
    let Some(folder) = shared("wycheproof") else {
        return;
    };
    let bytes = read(&folder.join("ed25519_test.json"));
    let vectors: Value = serde_json::from_slice(&bytes).unwrap();
    let hex_of = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let mut counts = (0, 0);
    for group in vectors["testGroups"].as_array().unwrap() {
        let key: [u8; 32] = hex_of(&group["publicKey"]["pk"]).try_into().unwrap();
        let key = NamedKey::try_new("k", KeyKind::Log, &key);
        for test in group["tests"].as_array().unwrap() {
            let signature = <[u8; 64]>::try_from(hex_of(&test["sig"]));
            let accepted = match (&key, &signature) {
                (Ok(key), Ok(signature)) => key.verify_ed25519(&hex_of(&test["msg"]), signature),
                _ => false,
            };
            let valid = test["result"] == "valid";
            assert_eq!(
                accepted, valid,
                "tcId {}: {}",
                test["tcId"], test["comment"]
            );
            if valid { counts.0 += 1 } else { counts.1 += 1 }
        }
    }
    println!("wycheproof: {} accepted, {} refused", counts.0, counts.1);
    assert_eq!(counts, (88, 63));
}

/// The leaves and roots that Certificate Transparency implementations share.
const KNOWN: [(&str, &str); 8] = [
    (
        "",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    ),
    (
        "00",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ),
    (
        "10",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    ),
    (
        "2021",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (
        "3031",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    ),
    (
        "40414243",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    ),
    (
        "5051525354555657",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    ),
    (
        "606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ),
];

#[test]
fn known_roots() {
    assert_eq!(
        hex::encode(merkle::empty_root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let (mut tree, mut frontier) = (Tree::default(), Frontier::default());
    assert_eq!(frontier.root(), merkle::empty_root());
    for (leaf, root) in KNOWN {
        let leaf = leaf_hash(&hex::decode(leaf).unwrap());
        tree.append(leaf);
        frontier.append(leaf);
        assert_eq!(hex::encode(tree.root()), root);
        assert_eq!(frontier.root(), tree.root());
        assert_eq!(tree.frontier_at(tree.size()), Some(frontier.clone()));
    }
    for (size, (_, root)) in (1..).zip(KNOWN) {
        assert_eq!(tree.root_at(size).map(hex::encode).as_deref(), Some(root));
    }
}

/// C2SP merkle-tree's worked example of seven leaves, by name of the nodes in each proof.
#[test]
fn proofs_of_the_seven_leaf_example() {
    let mut tree = Tree::default();
    (0_u8..7).for_each(|n| tree.append(leaf_hash(&[n])));
    let leaf = |n: u64| tree.leaf(n).unwrap();
    let pair = |n: u64| merkle::node_hash(&leaf(n), &leaf(n + 1));
    let k = merkle::node_hash(&pair(0), &pair(2));
    let l = merkle::node_hash(&pair(4), &leaf(6));
    assert_eq!(tree.inclusion_proof(0, 7), Ok(vec![leaf(1), pair(2), l]));
    assert_eq!(tree.inclusion_proof(3, 7), Ok(vec![leaf(2), pair(0), l]));
    assert_eq!(tree.inclusion_proof(4, 7), Ok(vec![leaf(5), leaf(6), k]));
    assert_eq!(tree.inclusion_proof(6, 7), Ok(vec![pair(4), k]));
    assert_eq!(
        tree.consistency_proof(3, 7),
        Ok(vec![leaf(2), leaf(3), pair(0), l])
    );
    assert_eq!(tree.consistency_proof(4, 7), Ok(vec![l]));
    assert_eq!(tree.consistency_proof(6, 7), Ok(vec![pair(4), leaf(6), k]));
}
