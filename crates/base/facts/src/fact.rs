//! Facts and the hash chain that binds each journal row to the one before it.

use crate::{CanonicalError, Sha256Hex, UtcMicros, canonical_json, sha256_hex};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What stands before the first row of a journal.
pub const GENESIS_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A fact that a decision returned and no store has numbered yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewFact {
    /// Whose history this belongs to: `work/<id>`, `person/<id>`, `story-run/<id>`.
    pub stream: String,
    /// Past tense, kebab case: `licence-granted`.
    pub kind: String,
    /// Version of the body's shape.
    pub version: u32,
    pub body: Value,
}

impl NewFact {
    pub fn new(stream: impl Into<String>, kind: &str, body: Value) -> Self {
        Self {
            stream: stream.into(),
            kind: kind.to_owned(),
            version: 1,
            body,
        }
    }
}

/// A fact as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChainedFact {
    /// 1, 2, 3 … over the whole journal, no gaps.
    pub seq: i64,
    pub stream: String,
    /// 1, 2, 3 … inside the stream, no gaps.
    pub stream_seq: i64,
    pub kind: String,
    pub version: u32,
    /// Who: `person/<id>`, `worker/<name>`, `system`.
    pub actor: String,
    pub at: UtcMicros,
    pub body: Value,
    pub prev_hash: Sha256Hex,
    pub hash: Sha256Hex,
}

/// `SHA-256(canonical JSON of every member but the hash)`; `prev_hash` is one of the members.
pub fn chain_hash(fact: &ChainedFact) -> Result<Sha256Hex, CanonicalError> {
    let bytes = canonical_json(&json!({
        "actor": fact.actor,
        "at": fact.at.0,
        "body": fact.body,
        "kind": fact.kind,
        "prev_hash": fact.prev_hash,
        "seq": fact.seq,
        "stream": fact.stream,
        "stream_seq": fact.stream_seq,
        "version": fact.version,
    }))?;
    Ok(sha256_hex(&bytes))
}
