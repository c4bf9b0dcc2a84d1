//! Shared words of the house: time, ids, facts and their one canonical byte form.
//!
//! A *fact* is something that happened and will never be edited: "licence granted". Facts belong to
//! a *stream* (`work/0197…`), are numbered inside it, and are chained by hash in the journal, so a
//! changed or missing row is found by re-reading. Canonical bytes are JCS (RFC 8785).
//!
//! Reading order: [`time`], [`id`], [`digest`], [`canonical`], [`fact`].

mod canonical;
mod digest;
mod fact;
mod id;
mod time;

pub use canonical::{CanonicalError, canonical_json};
pub use digest::{DigestError, Sha256Hex, sha256_hex};
pub use fact::{ChainedFact, GENESIS_HASH, NewFact, chain_hash};
pub use id::{Id, IdError};
pub use time::{Clock, UtcMicros};
