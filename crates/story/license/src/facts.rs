//! Facts as the journal keeps them: kind, version 1, JSON body.
//!
//! | kind | body |
//! |---|---|
//! | `rights-in-recorded` | `rights_in`, `recorded_on` |
//! | `licence-granted` | `licence`, `granted_on` |
//! | `payment-received` | `receipt`, `shares` |
//! | `licence-terminated` | `termination`, `recorded_on` |
//!
//! Territories are kept as atoms, never as groups, so that a later edition of a group changes no
//! contract. Other kinds in a work's stream belong to other rooms and are passed over; an unknown
//! version or member of our own kinds is refused, never guessed.

use crate::Date;
use crate::rights::{
    Fact, GrantRequest, Receipt, RightsIn, Share, Termination, WorkId, WorkRights,
};
use backlot_facts::{ChainedFact, NewFact};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kinds this crate writes, and the version it writes and reads.
pub const FACT_KINDS: [&str; 4] = [
    "rights-in-recorded",
    "licence-granted",
    "payment-received",
    "licence-terminated",
];
pub const FACT_VERSION: u32 = 1;

#[derive(Debug, thiserror::Error)]
pub enum FactError {
    #[error(
        "`{kind}` has version {version}, this program reads version {FACT_VERSION}; \
         use the program that wrote it, or a newer one"
    )]
    Version { kind: String, version: u32 },
    #[error("the body of a `{kind}` fact does not have its shape")]
    Body {
        kind: String,
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RightsInBody {
    rights_in: RightsIn,
    recorded_on: Date,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    licence: GrantRequest,
    granted_on: Date,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentBody {
    receipt: Receipt,
    shares: Vec<Share>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TerminationBody {
    termination: Termination,
    recorded_on: Date,
}

impl Fact {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RightsInRecorded { .. } => FACT_KINDS[0],
            Self::LicenceGranted { .. } => FACT_KINDS[1],
            Self::PaymentReceived { .. } => FACT_KINDS[2],
            Self::LicenceTerminated { .. } => FACT_KINDS[3],
        }
    }

    /// The fact as the journal takes it, in the stream `work/<id>`.
    pub fn to_new_fact(&self, work: &WorkId) -> NewFact {
        let body = match self.clone() {
            Self::RightsInRecorded {
                rights_in,
                recorded_on,
            } => serde_json::to_value(RightsInBody {
                rights_in,
                recorded_on,
            }),
            Self::LicenceGranted {
                licence,
                granted_on,
            } => serde_json::to_value(GrantBody {
                licence,
                granted_on,
            }),
            Self::PaymentReceived { receipt, shares } => {
                serde_json::to_value(PaymentBody { receipt, shares })
            }
            Self::LicenceTerminated {
                termination,
                recorded_on,
            } => serde_json::to_value(TerminationBody {
                termination,
                recorded_on,
            }),
        };
        let body = body.expect("plain structs with text keys always become JSON");
        NewFact {
            stream: work.stream(),
            kind: self.kind().to_owned(),
            version: FACT_VERSION,
            body,
        }
    }

    /// `None` = a kind of another room.
    pub fn read(kind: &str, version: u32, body: &Value) -> Result<Option<Self>, FactError> {
        if !FACT_KINDS.contains(&kind) {
            return Ok(None);
        }
        if version != FACT_VERSION {
            return Err(FactError::Version {
                kind: kind.to_owned(),
                version,
            });
        }
        let fact = match kind {
            "rights-in-recorded" => {
                let RightsInBody {
                    rights_in,
                    recorded_on,
                } = shaped(kind, body)?;
                Self::RightsInRecorded {
                    rights_in,
                    recorded_on,
                }
            }
            "licence-granted" => {
                let GrantBody {
                    licence,
                    granted_on,
                } = shaped(kind, body)?;
                Self::LicenceGranted {
                    licence,
                    granted_on,
                }
            }
            "payment-received" => {
                let PaymentBody { receipt, shares } = shaped(kind, body)?;
                Self::PaymentReceived { receipt, shares }
            }
            _ => {
                let TerminationBody {
                    termination,
                    recorded_on,
                } = shaped(kind, body)?;
                Self::LicenceTerminated {
                    termination,
                    recorded_on,
                }
            }
        };
        Ok(Some(fact))
    }
}

fn shaped<T: DeserializeOwned>(kind: &str, body: &Value) -> Result<T, FactError> {
    T::deserialize(body).map_err(|source| FactError::Body {
        kind: kind.to_owned(),
        source,
    })
}

impl WorkRights {
    /// The state after a work's whole stream, oldest fact first.
    pub fn replay<'a>(
        work: WorkId,
        stream: impl IntoIterator<Item = &'a ChainedFact>,
    ) -> Result<Self, FactError> {
        let mut rights = Self::new(work);
        for row in stream {
            if let Some(fact) = Fact::read(&row.kind, row.version, &row.body)? {
                rights.apply(&fact);
            }
        }
        Ok(rights)
    }
}
