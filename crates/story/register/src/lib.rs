//! Register: a work, its digests and the evidence that several authorities signed together.
//!
//! Words: a *claim* is the canonical statement that is registered; its bytes are a *leaf* of an
//! append-only Merkle log; a *checkpoint* names the log, its size and its root; *cosignatures* of
//! the authorities over a checkpoint, the *policy* that says how many suffice, and an inclusion
//! *proof* together are *evidence*, packed into one `NAME.evidence.zip` that anybody can check
//! offline. A *verdict* says what a package proves and what it does not.
//!
//! Invariant: nothing here reads a clock, a file or randomness; every parser is strict, bounded
//! and accepts exactly one byte form of each thing, so a changed byte is always found.
//!
//! Sources: RFC 6962 and RFC 9162 (Merkle trees), RFC 8785 (JCS), RFC 8032 (Ed25519), C2SP
//! signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy.
//!
//! Reading order: [`claim`], [`merkle`], [`note`], [`cosignature`], [`tlog_proof`], [`policy`],
//! [`authorities`], [`zip`], [`evidence`], [`verdict`].

pub mod authorities;
pub mod claim;
pub mod code;
pub mod cosignature;
pub mod evidence;
pub mod guide;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod text;
pub mod tlog_proof;
pub mod verdict;
pub mod zip;

pub use authorities::{AuthorityCard, AuthorityList};
pub use claim::{Act, CaptureRecord, Claim, ClaimError, ClaimFile, FrameRate, Party, Title};
pub use code::EvidenceCode;
pub use evidence::{EvidenceParts, Package, PackageError, build_package, open_package};
pub use merkle::{Hash, Tree, leaf_hash};
pub use note::{Checkpoint, NamedKey, Note, NoteSigner};
pub use policy::Policy;
pub use tlog_proof::TlogProof;
pub use verdict::{Lang, OriginalDigests, Verdict, verify};
