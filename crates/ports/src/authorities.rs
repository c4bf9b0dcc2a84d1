//! Authorities: the institutions that sign the copyright log together.
//!
//! Contract. A leaf is the canonical bytes of a claim. `submit` returns only after the leaf is on
//! stable storage and a quorum of authorities has signed a checkpoint that holds it; the same leaf
//! submitted again has the same index, however often and after whatever crash. The log only grows:
//! every checkpoint ever returned is consistent with every later one. Calls block (files, locks,
//! signatures): run them off the async threads. What an adapter's disk holds is trusted only as
//! far as its authorities' own last-signed states agree with it.

use backlot_facts::UtcMicros;
use backlot_register::authorities::AuthorityList;
use backlot_register::claim::ClaimError;
use backlot_register::evidence::EvidenceParts;
use backlot_register::merkle::Hash;
use backlot_register::policy::Policy;
use backlot_register::tlog_proof::TlogProof;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("the leaf is not a canonical claim")]
    NotAClaim(#[source] ClaimError),
    #[error("only {signed} authorities signed, {needed} are needed: {}", refusals.join("; "))]
    Quorum {
        signed: usize,
        needed: usize,
        refusals: Vec<String>,
    },
    #[error("the ledger has no entry {index}, it has {size}")]
    NoEntry { index: u64, size: u64 },
    #[error(
        "entry {index} is not signed yet, the signed ledger has {size} entries; \
             hint: submit it again once the authorities are back"
    )]
    NotSigned { index: u64, size: u64 },
    #[error("the ledger never had {old} entries, it has {size}")]
    NoSuchSize { old: u64, size: u64 },
    #[error("another process has the ledger {path} open; hint: stop it first")]
    Locked { path: PathBuf },
    #[error("{path} is damaged at byte {offset}: {detail}; hint: restore it from a backup")]
    Damaged {
        path: PathBuf,
        offset: u64,
        detail: String,
    },
    #[error("no space is left for the ledger at {path}")]
    Full { path: PathBuf },
    #[error("the ledger failed before and must be opened again: {0}")]
    Stopped(String),
    #[error("the ledger failed to {doing} {path}")]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
}

/// What a submitter gets and may keep: everything needed to verify offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Zero-based place in the log.
    pub index: u64,
    /// Size of the signed tree the proof belongs to.
    pub tree_size: u64,
    /// SHA-256(0x00 ‖ leaf).
    pub leaf_hash: Hash,
    /// `c2sp.org/tlog-proof@v1` text.
    pub tlog_proof: String,
    /// The checkpoint note inside the proof.
    pub checkpoint: String,
}

/// One authority as the health page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityHealth {
    /// `copyright-office`, `notary`, …
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub vkey: String,
    pub last_signed_size: u64,
    pub last_signed_time: Option<UtcMicros>,
    pub healthy: bool,
    /// Why it is not healthy.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerStatus {
    pub origin: String,
    /// Entries stored.
    pub size: u64,
    /// Entries under the newest checkpoint with a quorum; less than `size` only after a failure.
    pub signed_size: u64,
    pub root: Hash,
    /// Cosignatures the policy needs.
    pub needed: usize,
    pub authorities: Vec<AuthorityHealth>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub index: u64,
    pub leaf_hash: Hash,
    /// Canonical claim bytes.
    pub leaf: Vec<u8>,
}

/// Proof that the log of `old_size` entries is a prefix of the signed log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    pub old_size: u64,
    pub old_root: Hash,
    pub new_size: u64,
    pub new_root: Hash,
    pub hashes: Vec<Hash>,
}

/// Entries of one page at most.
pub const ENTRIES_LIMIT_MAX: u32 = 1_000;

pub trait Authorities: Send + Sync {
    /// Registers a claim. `at` is the caller's clock, which the authorities sign.
    fn submit(&self, leaf: &[u8], at: UtcMicros) -> Result<Receipt, AuthorityError>;

    fn status(&self) -> Result<LedgerStatus, AuthorityError>;

    /// A receipt of a stored, signed entry against the newest checkpoint.
    fn prove(&self, index: u64) -> Result<Receipt, AuthorityError>;

    /// The place of a leaf by its hash, if it is in the log.
    fn find(&self, leaf_hash: &Hash) -> Result<Option<u64>, AuthorityError>;

    /// The newest checkpoint note with a quorum; `None` while the log is empty.
    fn checkpoint(&self) -> Result<Option<String>, AuthorityError>;

    /// The log's and the authorities' keys, and how many must sign.
    fn policy(&self) -> Result<Policy, AuthorityError>;

    /// The authorities' names beside their keys, in the order of the policy.
    fn authorities(&self) -> Result<AuthorityList, AuthorityError>;

    /// Entries from `start` on, oldest first, at most `limit` (and [`ENTRIES_LIMIT_MAX`]).
    fn entries(&self, start: u64, limit: u32) -> Result<Vec<LedgerEntry>, AuthorityError>;

    fn consistency(&self, old_size: u64) -> Result<Consistency, AuthorityError>;

    /// What `backlot_register::build_package` needs for the evidence of one entry.
    fn evidence(&self, index: u64) -> Result<EvidenceParts, AuthorityError> {
        let receipt = self.prove(index)?;
        let entry = self.entries(index, 1)?.into_iter().next();
        let entry = entry.ok_or(AuthorityError::NoEntry {
            index,
            size: receipt.tree_size,
        })?;
        let claim =
            backlot_register::Claim::parse(&entry.leaf).map_err(AuthorityError::NotAClaim)?;
        let proof = TlogProof::parse(&receipt.tlog_proof).map_err(|error| {
            AuthorityError::Stopped(format!("the proof just written does not parse: {error}"))
        })?;
        Ok(EvidenceParts {
            claim,
            proof,
            policy: self.policy()?,
            authorities: self.authorities()?,
        })
    }
}
