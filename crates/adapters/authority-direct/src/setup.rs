//! Creating a ledger once: keys, empty log, and at last the policy that makes it exist.

use crate::files::{self, failed};
use crate::keys;
use crate::leaves::Leaves;
use crate::signed_state::StateFile;
use backlot_ports::authorities::AuthorityError;
use backlot_register::note::KeyKind;
use backlot_register::{NamedKey, NoteSigner, Policy};
use sha2::{Digest, Sha256};
use std::path::Path;

/// An authority as people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorityName {
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// The four, in the order of the policy.
pub const AUTHORITIES: [AuthorityName; 4] = [
    AuthorityName {
        id: "copyright-office",
        zh: "版权登记机构",
        en: "Copyright office",
    },
    AuthorityName {
        id: "notary",
        zh: "公证处",
        en: "Notary office",
    },
    AuthorityName {
        id: "internet-court",
        zh: "互联网法院",
        en: "Internet court",
    },
    AuthorityName {
        id: "forensic-centre",
        zh: "司法鉴定中心",
        en: "Forensic centre",
    },
];

/// Of the four, how many must sign.
pub const THRESHOLD: usize = 3;

/// Reads the policy, creating the ledger first when there is none.
pub fn policy(
    dir: &Path,
    fill_random: &mut dyn FnMut(&mut [u8; 32]),
) -> Result<Policy, AuthorityError> {
    let path = dir.join("policy.txt");
    let damaged = |detail: String| AuthorityError::Damaged {
        path: path.clone(),
        offset: 0,
        detail,
    };
    if let Some(bytes) = files::read(&path)? {
        let text = String::from_utf8(bytes).map_err(|error| damaged(error.to_string()))?;
        let policy = Policy::parse(&text).map_err(|error| damaged(keys::chain(&error)))?;
        let ids = policy.witnesses.iter().map(|witness| witness.name.as_str());
        if policy.logs.len() != 1 || !ids.eq(AUTHORITIES.iter().map(|name| name.id)) {
            return Err(damaged(
                "it does not name one log and the four authorities".to_owned(),
            ));
        }
        return Ok(policy);
    }
    // Without a policy nothing was ever signed for anybody, so an unfinished creation starts anew;
    // but a log with entries is never abandoned for want of a policy.
    let leaves = dir.join("log/leaves");
    if leaves.exists()
        && std::fs::metadata(&leaves)
            .map_err(failed("measure", &leaves))?
            .len()
            > 16
    {
        return Err(damaged("it is missing, but the log has entries".to_owned()));
    }
    create(dir, &path, fill_random)
}

fn create(
    dir: &Path,
    policy_path: &Path,
    fill_random: &mut dyn FnMut(&mut [u8; 32]),
) -> Result<Policy, AuthorityError> {
    let mut seed = [0; 32];
    fill_random(&mut seed);
    // Derived from the log's seed one way, so that every ledger has a name of its own.
    let tag = hex::encode(&Sha256::digest([b"backlot ledger name", &seed[..]].concat())[..4]);
    let origin = format!("backlot.local/{tag}");
    let log = write_key(&dir.join("log"), &origin, KeyKind::Log, &seed)?;
    Leaves::create(&dir.join("log/leaves"))?;
    let mut authorities = Vec::with_capacity(AUTHORITIES.len());
    for name in &AUTHORITIES {
        fill_random(&mut seed);
        let folder = dir.join("authorities").join(name.id);
        let key_name = format!("{origin}/{}", name.id);
        let key = write_key(&folder, &key_name, KeyKind::Cosigner, &seed)?;
        StateFile::create(&folder.join("last-signed"))?;
        authorities.push((name.id.to_owned(), key));
    }
    seed.fill(0);
    let policy = Policy::threshold(log, authorities, THRESHOLD);
    let text = policy.to_string();
    // Two equal seeds would give two authorities one key; such a policy does not parse.
    Policy::parse(&text).map_err(|error| AuthorityError::Damaged {
        path: policy_path.into(),
        offset: 0,
        detail: format!("the random source repeats itself: {error}"),
    })?;
    files::sync_folder(&dir.join("authorities"))?;
    files::sync_folder(dir)?;
    files::write_durable(policy_path, text.as_bytes(), 0o644)?;
    Ok(policy)
}

fn write_key(
    folder: &Path,
    name: &str,
    kind: KeyKind,
    seed: &[u8; 32],
) -> Result<NamedKey, AuthorityError> {
    files::create_folder(folder)?;
    let path = folder.join("key");
    let signer =
        NoteSigner::from_seed(name, kind, seed).map_err(|error| AuthorityError::Damaged {
            path: path.clone(),
            offset: 0,
            detail: error.to_string(),
        })?;
    keys::write(&path, &signer, seed)?;
    Ok(signer.verifier().clone())
}
