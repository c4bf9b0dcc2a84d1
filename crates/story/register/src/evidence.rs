//! Evidence packages: everything a stranger needs to check one registration offline, in one file.
//!
//! | entry | what |
//! |---|---|
//! | `claim.json` | the claim, canonical |
//! | `leaf.bin` | 0x00 ‖ claim, so that `sha256sum leaf.bin` prints the leaf hash |
//! | `proof.tlog-proof` | index, inclusion proof, cosigned checkpoint |
//! | `policy.txt` | the log's key, the authorities' keys, how many must sign |
//! | `authorities.json` | the authorities' names in Chinese and English |
//! | `VERIFY.md` | how to check this with stock tools, and what it proves |
//! | `SHA256SUMS` | digests of the entries above, for `sha256sum -c` |
//!
//! [`open_package`] proves that the package is whole and of this one form; whether the evidence in
//! it holds is decided in [`crate::verdict`]. The format is specified in docs/evidence-format.md.

use crate::authorities::{AuthorityList, AuthorityListError};
use crate::claim::{Claim, ClaimError};
use crate::guide::VERIFY_MD;
use crate::merkle::Hash;
use crate::policy::{Policy, PolicyError};
use crate::tlog_proof::{TlogProof, TlogProofError};
use crate::zip;
use backlot_facts::sha256_hex;

pub const PACKAGE_BYTES_MAX: usize = 4 << 20;

pub const CLAIM_ENTRY: &str = "claim.json";
pub const LEAF_ENTRY: &str = "leaf.bin";
pub const PROOF_ENTRY: &str = "proof.tlog-proof";
pub const POLICY_ENTRY: &str = "policy.txt";
pub const AUTHORITIES_ENTRY: &str = "authorities.json";
pub const GUIDE_ENTRY: &str = "VERIFY.md";
pub const SUMS_ENTRY: &str = "SHA256SUMS";

/// All entries, in their order.
pub const ENTRIES: [&str; 7] = [
    CLAIM_ENTRY,
    LEAF_ENTRY,
    PROOF_ENTRY,
    POLICY_ENTRY,
    AUTHORITIES_ENTRY,
    GUIDE_ENTRY,
    SUMS_ENTRY,
];

/// Which part of a package is wrong, and how.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("{entry}: {detail}")]
pub struct PackageError {
    /// An entry, or a part of the zip structure.
    pub entry: String,
    pub detail: String,
}

impl PackageError {
    fn new(entry: &str, detail: impl Into<String>) -> Self {
        Self {
            entry: entry.to_owned(),
            detail: detail.into(),
        }
    }

    fn because(entry: &str, error: &dyn std::error::Error) -> Self {
        let mut detail = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            detail.push_str(": ");
            detail.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::new(entry, detail)
    }
}

/// What goes into a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceParts {
    pub claim: Claim,
    pub proof: TlogProof,
    pub policy: Policy,
    pub authorities: AuthorityList,
}

/// A package that is whole and of the one form; its signatures are not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub parts: EvidenceParts,
    pub claim_bytes: Vec<u8>,
    /// SHA-256(0x00 ‖ claim).
    pub leaf_hash: Hash,
}

/// The bytes of `NAME.evidence.zip`: the same parts always give the same bytes.
pub fn build_package(parts: &EvidenceParts) -> Result<Vec<u8>, PackageError> {
    let claim = parts
        .claim
        .to_bytes()
        .map_err(|error: ClaimError| PackageError::because(CLAIM_ENTRY, &error))?;
    let authorities = parts
        .authorities
        .to_bytes()
        .map_err(|error: AuthorityListError| PackageError::because(AUTHORITIES_ENTRY, &error))?;
    check_names(&parts.policy, &parts.authorities)?;
    let mut leaf = vec![0];
    leaf.extend_from_slice(&claim);
    let proof = parts.proof.to_string();
    let policy = parts.policy.to_string();
    let six: [&[u8]; 6] = [
        &claim,
        &leaf,
        proof.as_bytes(),
        policy.as_bytes(),
        &authorities,
        VERIFY_MD.as_bytes(),
    ];
    let sums = sums_of(&six);
    let mut entries: Vec<(&str, &[u8])> = ENTRIES.into_iter().zip(six).collect();
    entries.push((SUMS_ENTRY, sums.as_bytes()));
    let package = zip::write(&entries);
    // What was built must open: a part that does not survive its own parser is a caller's error.
    open_package(&package)?;
    Ok(package)
}

/// `sha256sum` lines of the first six entries.
fn sums_of(six: &[&[u8]; 6]) -> String {
    ENTRIES
        .iter()
        .zip(six)
        .map(|(name, data)| format!("{}  {name}\n", sha256_hex(data)))
        .collect()
}

/// Opens a package strictly. Names the entry, or the part of the zip, that is wrong.
pub fn open_package(package: &[u8]) -> Result<Package, PackageError> {
    if package.len() > PACKAGE_BYTES_MAX {
        let detail = format!("{} bytes, a package has at most 4 MiB", package.len());
        return Err(PackageError::new("package", detail));
    }
    let data = zip::read(package, &ENTRIES).map_err(|error| PackageError {
        entry: error.part,
        detail: error.detail,
    })?;
    let Ok([claim, leaf, proof, policy, authorities, guide, sums]) = <[&[u8]; 7]>::try_from(data)
    else {
        return Err(PackageError::new("package", "not seven entries"));
    };
    check_sums(&[claim, leaf, proof, policy, authorities, guide], sums)?;
    if leaf.split_first() != Some((&0, claim)) {
        return Err(PackageError::new(
            LEAF_ENTRY,
            "is not one zero byte and the claim",
        ));
    }
    if guide != VERIFY_MD.as_bytes() {
        return Err(PackageError::new(
            GUIDE_ENTRY,
            "is not the guide of this package version",
        ));
    }
    let parts = EvidenceParts {
        claim: Claim::parse(claim).map_err(|error| PackageError::because(CLAIM_ENTRY, &error))?,
        proof: parse_proof(proof)?,
        policy: parse_policy(policy)?,
        authorities: AuthorityList::parse(authorities)
            .map_err(|error| PackageError::because(AUTHORITIES_ENTRY, &error))?,
    };
    check_names(&parts.policy, &parts.authorities)?;
    Ok(Package {
        parts,
        claim_bytes: claim.to_vec(),
        leaf_hash: crate::merkle::leaf_hash(claim),
    })
}

fn check_sums(six: &[&[u8]; 6], sums: &[u8]) -> Result<(), PackageError> {
    let expected = sums_of(six);
    if sums == expected.as_bytes() {
        return Ok(());
    }
    let found = String::from_utf8_lossy(sums);
    for (line, (name, right)) in found.lines().zip(ENTRIES.iter().zip(expected.lines())) {
        if line != right && line.ends_with(name) {
            let detail = format!("does not have the digest that {SUMS_ENTRY} states");
            return Err(PackageError::new(name, detail));
        }
    }
    Err(PackageError::new(
        SUMS_ENTRY,
        "is not the six lines of `sha256sum`",
    ))
}

fn parse_proof(bytes: &[u8]) -> Result<TlogProof, PackageError> {
    let text = utf8(PROOF_ENTRY, bytes)?;
    let proof = TlogProof::parse(text)
        .map_err(|error: TlogProofError| PackageError::because(PROOF_ENTRY, &error))?;
    if proof.to_string() == text {
        Ok(proof)
    } else {
        Err(PackageError::new(
            PROOF_ENTRY,
            "is not in its one written form",
        ))
    }
}

fn parse_policy(bytes: &[u8]) -> Result<Policy, PackageError> {
    let text = utf8(POLICY_ENTRY, bytes)?;
    let policy = Policy::parse(text)
        .map_err(|error: PolicyError| PackageError::because(POLICY_ENTRY, &error))?;
    if policy.to_string() == text {
        Ok(policy)
    } else {
        Err(PackageError::new(
            POLICY_ENTRY,
            "is not in its one written form",
        ))
    }
}

fn utf8<'a>(entry: &str, bytes: &'a [u8]) -> Result<&'a str, PackageError> {
    std::str::from_utf8(bytes).map_err(|error| {
        PackageError::new(entry, format!("byte {} is not UTF-8", error.valid_up_to()))
    })
}

/// The list names exactly the witnesses of the policy, with the same keys, in the same order.
fn check_names(policy: &Policy, list: &AuthorityList) -> Result<(), PackageError> {
    let policy = policy
        .witnesses
        .iter()
        .map(|w| (w.name.clone(), w.key.to_string()));
    let list = list
        .authorities
        .iter()
        .map(|card| (card.id.clone(), card.vkey.clone()));
    if policy.eq(list) {
        Ok(())
    } else {
        let detail = format!("does not list the witnesses of {POLICY_ENTRY} with their keys");
        Err(PackageError::new(AUTHORITIES_ENTRY, detail))
    }
}
