//! Ids are UUIDv7 text: sortable by creation time, the same on every store.

use crate::UtcMicros;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A UUIDv7 as 36 lowercase characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IdError {
    #[error("`{0}` is not a UUID of 36 characters")]
    NotAUuid(String),
}

impl Id {
    /// A new id from the caller's clock and ten random bytes (RFC 9562, version 7).
    pub fn new(now: UtcMicros, random: [u8; 10]) -> Self {
        let unix_ms = u64::try_from(now.0.div_euclid(1000)).unwrap_or(0);
        Self(
            uuid::Builder::from_unix_timestamp_millis(unix_ms, &random)
                .into_uuid()
                .to_string(),
        )
    }

    /// The same id every time for the same parent and role; replays of a step find their own rows.
    pub fn derived(parent: &Id, role: &str) -> Self {
        use sha2::{Digest, Sha256};
        let hash = Sha256::new()
            .chain_update(&parent.0)
            .chain_update("/")
            .chain_update(role)
            .finalize();
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self(
            uuid::Builder::from_custom_bytes(bytes)
                .into_uuid()
                .to_string(),
        )
    }

    pub fn parse(text: &str) -> Result<Self, IdError> {
        match uuid::Uuid::try_parse(text) {
            Ok(uuid) if text.len() == 36 => Ok(Self(uuid.to_string())),
            _ => Err(IdError::NotAUuid(text.chars().take(60).collect())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_round_trip() {
        let early = Id::new(UtcMicros::from_secs(1_700_000_000), [0xff; 10]);
        let late = Id::new(UtcMicros::from_secs(1_700_000_001), [0; 10]);
        assert!(early < late);
        assert_eq!(Id::parse(early.as_str()), Ok(early.clone()));
        assert_ne!(Id::derived(&early, "take"), Id::derived(&early, "master"));
        assert!(Id::parse("../../etc/passwd").is_err());
    }
}
