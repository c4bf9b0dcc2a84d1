//! The authorities as people know them: names in two languages beside their keys.
//!
//! The list is not signed; it only puts names to the keys of the policy, and a verdict says so.

use crate::claim::first_difference;
use crate::note::{KeyKind, NamedKey};
use backlot_facts::canonical_json;
use serde::{Deserialize, Serialize};

pub const AUTHORITIES_SCHEMA: &str = "backlot.authorities/1";
pub const AUTHORITIES_BYTES_MAX: usize = 65_536;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AuthorityListError {
    #[error("the list of authorities has {0} bytes, at most {AUTHORITIES_BYTES_MAX} are read")]
    TooLong(usize),
    #[error("the list is of schema `{0}`, this program reads `{AUTHORITIES_SCHEMA}`")]
    Version(String),
    #[error("the list is not valid JSON of its schema: {0}")]
    Json(String),
    #[error("the list is not in canonical form (RFC 8785) from byte {0} on")]
    NotCanonical(usize),
    #[error("`{0}` has an unusable name or key")]
    Card(String),
}

/// One authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityCard {
    /// Its witness name in the policy.
    pub id: String,
    pub name_en: String,
    pub name_zh: String,
    pub vkey: String,
}

/// `authorities.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityList {
    pub authorities: Vec<AuthorityCard>,
    pub schema: String,
}

impl AuthorityList {
    pub fn new(authorities: Vec<AuthorityCard>) -> Self {
        Self {
            authorities,
            schema: AUTHORITIES_SCHEMA.to_owned(),
        }
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>, AuthorityListError> {
        self.check()?;
        canonical_json(self).map_err(|error| AuthorityListError::Json(error.to_string()))
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, AuthorityListError> {
        if bytes.len() > AUTHORITIES_BYTES_MAX {
            return Err(AuthorityListError::TooLong(bytes.len()));
        }
        crate::claim::check_depth(bytes)
            .map_err(|error| AuthorityListError::Json(error.to_string()))?;
        let list: Self = serde_json::from_slice(bytes)
            .map_err(|error| AuthorityListError::Json(crate::text::excerpt(&error.to_string())))?;
        let canonical = list.to_bytes()?;
        match first_difference(bytes, &canonical) {
            None => Ok(list),
            Some(offset) => Err(AuthorityListError::NotCanonical(offset)),
        }
    }

    pub fn card(&self, id: &str) -> Option<&AuthorityCard> {
        self.authorities.iter().find(|card| card.id == id)
    }

    fn check(&self) -> Result<(), AuthorityListError> {
        if self.schema != AUTHORITIES_SCHEMA {
            return Err(AuthorityListError::Version(crate::text::excerpt(
                &self.schema,
            )));
        }
        for card in &self.authorities {
            let named = [&card.id, &card.name_en, &card.name_zh]
                .into_iter()
                .all(|name| {
                    !name.is_empty() && name.len() <= 400 && !name.chars().any(char::is_control)
                });
            let key = NamedKey::parse(&card.vkey);
            if !named || !key.is_ok_and(|key| key.kind() == KeyKind::Cosigner) {
                return Err(AuthorityListError::Card(crate::text::excerpt(&card.id)));
            }
        }
        Ok(())
    }
}
