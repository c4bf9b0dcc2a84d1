//! The state of one work's rights: what is held, what was granted, what was paid.
//!
//! *Rights in* are what the house holds; a *licence* is what it granted; a *receipt* is money that
//! came in for a licence. The state is made from facts alone ([`WorkRights::apply`]) and is never
//! edited otherwise.

use crate::date::Window;
use crate::{Date, Scope};
use backlot_facts::Id;
use backlot_money::Money;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which work; its stream is `work/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkId(pub Id);

/// Which acquisition of rights.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RightsInId(pub Id);

/// Which licence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LicenceId(pub Id);

impl WorkId {
    /// `work/<id>`.
    pub fn stream(&self) -> String {
        format!("work/{}", self.0)
    }
}

impl fmt::Display for LicenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RightsInId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Rights the house holds in a work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightsIn {
    pub id: RightsInId,
    /// Who gave them.
    pub licensor: String,
    pub scope: Scope,
    /// Held alone, so that exclusive licences may be granted.
    pub exclusive: bool,
    /// Contract and clause, may be empty.
    pub reference: String,
}

/// One party of the split and its part of every payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyShare {
    pub party: String,
    /// Producer, performer, studio …
    pub role: String,
    /// All parties of a licence sum to 10,000.
    pub basis_points: u32,
}

/// A licence as it is asked for, and as it stands once granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    pub id: LicenceId,
    pub licensee: String,
    pub scope: Scope,
    /// Nobody else may be granted any of these cells.
    pub exclusive: bool,
    pub price: Money,
    /// In the order that breaks ties of a cent.
    pub shares: Vec<PartyShare>,
    /// Contract and clause, may be empty.
    pub reference: String,
}

/// Money that came in for a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Of the bank or the books; the same number twice is the same payment.
    pub receipt_no: String,
    pub licence: LicenceId,
    pub amount: Money,
    pub paid_on: Date,
    pub payer: String,
}

/// The end of a licence before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Termination {
    pub licence: LicenceId,
    /// First day on which the licence is no longer in force.
    pub ends_on: Date,
    pub reason: String,
}

/// What one party gets of one receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub party: String,
    pub role: String,
    /// In the receipt's currency. All instalments together give exactly the split of the price, so
    /// a later instalment may correct an earlier rounding by one unit.
    pub amount_minor: i64,
}

/// What may be done to a work's rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    RecordRightsIn(RightsIn),
    GrantLicence(GrantRequest),
    RecordPayment(Receipt),
    TerminateLicence(Termination),
}

/// What happened to a work's rights. Kinds and JSON bodies: [`Fact::to_new_fact`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    RightsInRecorded {
        rights_in: RightsIn,
        recorded_on: Date,
    },
    LicenceGranted {
        licence: GrantRequest,
        granted_on: Date,
    },
    PaymentReceived {
        receipt: Receipt,
        shares: Vec<Share>,
    },
    LicenceTerminated {
        termination: Termination,
        recorded_on: Date,
    },
}

/// How far a licence is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    Unpaid,
    PartlyPaid,
    Paid,
}

/// A receipt that was booked, with what each party got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookedReceipt {
    pub receipt: Receipt,
    pub shares: Vec<Share>,
}

/// A granted licence with its payments and its possible early end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Licence {
    pub granted: GrantRequest,
    pub granted_on: Date,
    pub termination: Option<Termination>,
    /// In the order they were booked.
    pub receipts: Vec<BookedReceipt>,
    pub paid_minor: i64,
}

impl Licence {
    /// The cells it holds now: cut at its termination; `None` when that was before its start.
    pub fn standing_scope(&self) -> Option<Scope> {
        let scope = &self.granted.scope;
        let Some(termination) = &self.termination else {
            return Some(scope.clone());
        };
        let window = scope.window();
        let end = crate::date::earlier_end(window.ends_on(), Some(termination.ends_on));
        Window::try_new(window.starts_on(), end)
            .ok()
            .map(|window| scope.with_window(window))
    }

    pub fn outstanding(&self) -> Money {
        let price = self.granted.price;
        Money::new(price.minor.saturating_sub(self.paid_minor), price.currency)
    }

    /// A licence without a price is paid from the start.
    pub fn payment_state(&self) -> PaymentState {
        match self.paid_minor {
            paid if paid >= self.granted.price.minor => PaymentState::Paid,
            0 => PaymentState::Unpaid,
            _ => PaymentState::PartlyPaid,
        }
    }
}

/// All rights of one work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkRights {
    pub work: WorkId,
    /// In the order they were recorded.
    pub rights_in: Vec<RightsIn>,
    /// In the order they were granted.
    pub licences: Vec<Licence>,
}

impl WorkRights {
    pub const fn new(work: WorkId) -> Self {
        Self {
            work,
            rights_in: Vec::new(),
            licences: Vec::new(),
        }
    }

    pub fn licence(&self, id: &LicenceId) -> Option<&Licence> {
        self.licences
            .iter()
            .find(|licence| licence.granted.id == *id)
    }

    /// The booked receipt of that number, on whichever licence.
    pub fn receipt(&self, receipt_no: &str) -> Option<&BookedReceipt> {
        let mut all = self.licences.iter().flat_map(|licence| &licence.receipts);
        all.find(|booked| booked.receipt.receipt_no == receipt_no)
    }

    /// Takes a fact in. A fact about a licence that does not stand here changes nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::RightsInRecorded { rights_in, .. } => self.rights_in.push(rights_in.clone()),
            Fact::LicenceGranted {
                licence,
                granted_on,
            } => self.licences.push(Licence {
                granted: licence.clone(),
                granted_on: *granted_on,
                termination: None,
                receipts: Vec::new(),
                paid_minor: 0,
            }),
            Fact::PaymentReceived { receipt, shares } => {
                if let Some(licence) = self.licence_mut(&receipt.licence) {
                    licence.paid_minor = licence.paid_minor.saturating_add(receipt.amount.minor);
                    licence.receipts.push(BookedReceipt {
                        receipt: receipt.clone(),
                        shares: shares.clone(),
                    });
                }
            }
            Fact::LicenceTerminated { termination, .. } => {
                if let Some(licence) = self.licence_mut(&termination.licence) {
                    licence.termination = Some(termination.clone());
                }
            }
        }
    }

    fn licence_mut(&mut self, id: &LicenceId) -> Option<&mut Licence> {
        self.licences
            .iter_mut()
            .find(|licence| licence.granted.id == *id)
    }
}

/// [`WorkRights::apply`] as a function.
pub fn apply(rights: &mut WorkRights, fact: &Fact) {
    rights.apply(fact);
}
