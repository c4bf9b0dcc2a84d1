//! Refusals: a stable code, the facts behind it, and a sentence in Chinese and English.
//!
//! A refused grant carries its witness: which licence stands in the way, whose, where exactly the
//! two meet, and the nearest window that is free.

use crate::language::LanguageError;
use crate::message::{message_en, message_zh};
use crate::rights::LicenceId;
use crate::{Date, DateError, EmptyWindow, ExpressionError, Scope, Window};
use backlot_money::{Currency, Lang, Money};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;

/// The standing licence that a new one would meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    pub licence: LicenceId,
    pub licensee: String,
    pub reference: String,
    /// Whether the standing licence is exclusive.
    pub exclusive: bool,
    /// Exactly the cells both hold.
    pub overlap: Scope,
    /// Further licences in the way beside this one.
    pub others: usize,
    /// Same rights, same length, first start not before the one asked for.
    pub nearest_free: Option<Window>,
}

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    FieldMissing {
        field: &'static str,
    },
    FieldTooLong {
        field: &'static str,
    },
    BadDate {
        source: DateError,
    },
    EmptyWindow {
        source: EmptyWindow,
    },
    NoTerritory,
    NoMedium,
    NoLanguage,
    Territories {
        source: ExpressionError,
    },
    Media {
        source: ExpressionError,
    },
    Languages {
        source: LanguageError,
    },
    RightsInIdInUse,
    LicenceIdInUse,
    NegativePrice {
        price: Money,
    },
    TooManyParties {
        count: usize,
    },
    PartyTwice {
        party: String,
    },
    ShareSum {
        basis_points: u64,
    },
    /// `missing`: the parts asked for and not held, disjoint.
    OutsideRightsHeld {
        missing: Vec<Scope>,
        nearest_free: Option<Window>,
    },
    /// `missing`: the parts held, but not exclusively.
    ExclusivityNotHeld {
        missing: Vec<Scope>,
        nearest_free: Option<Window>,
    },
    Overlap(Box<Witness>),
    UnknownLicence {
        licence: LicenceId,
    },
    AlreadyTerminated {
        ends_on: Date,
    },
    EndsBefore {
        ends_on: Date,
    },
    DuplicateReceipt {
        receipt_no: String,
    },
    WrongCurrency {
        expected: Currency,
        found: Currency,
    },
    WrongAmount {
        amount: Money,
    },
    PaidInFuture {
        paid_on: Date,
        today: Date,
    },
    AlreadyPaid {
        licence: LicenceId,
    },
    OverPayment {
        amount: Money,
        outstanding: Money,
    },
}

impl Refusal {
    /// Stable; each has a page in the error index.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FieldMissing { .. } => "licence.field-missing",
            Self::FieldTooLong { .. } => "licence.field-too-long",
            Self::BadDate { .. } => "licence.bad-date",
            Self::EmptyWindow { .. } => "licence.empty-window",
            Self::NoTerritory => "licence.no-territory",
            Self::NoMedium => "licence.no-medium",
            Self::NoLanguage => "licence.no-language",
            Self::Territories {
                source: ExpressionError::Unknown { .. },
            } => "licence.unknown-territory",
            Self::Territories { .. } => "licence.bad-territory-expression",
            Self::Media {
                source: ExpressionError::Unknown { .. },
            } => "licence.unknown-medium",
            Self::Media { .. } => "licence.bad-media-expression",
            Self::Languages {
                source: LanguageError::Empty,
            } => "licence.no-language",
            Self::Languages { .. } => "licence.unknown-language",
            Self::RightsInIdInUse => "rights-in.id-in-use",
            Self::LicenceIdInUse => "licence.id-in-use",
            Self::NegativePrice { .. } => "licence.negative-price",
            Self::TooManyParties { .. } => "licence.too-many-parties",
            Self::PartyTwice { .. } => "licence.party-twice",
            Self::ShareSum { .. } => "licence.share-sum",
            Self::OutsideRightsHeld { .. } => "licence.outside-rights-held",
            Self::ExclusivityNotHeld { .. } => "licence.exclusivity-not-held",
            Self::Overlap(witness) if witness.exclusive => "licence.overlaps-exclusive",
            Self::Overlap(_) => "licence.exclusive-overlaps-standing",
            Self::UnknownLicence { .. } => "licence.unknown",
            Self::AlreadyTerminated { .. } => "licence.already-terminated",
            Self::EndsBefore { .. } => "licence.ends-before-termination",
            Self::DuplicateReceipt { .. } => "payment.duplicate",
            Self::WrongCurrency { .. } => "payment.wrong-currency",
            Self::WrongAmount { .. } => "payment.wrong-amount",
            Self::PaidInFuture { .. } => "payment.dated-in-future",
            Self::AlreadyPaid { .. } => "payment.already-paid",
            Self::OverPayment { .. } => "payment.over-outstanding",
        }
    }

    /// Every code there is, sorted; for the error index and its tests.
    pub const CODES: [&'static str; 31] = [
        "licence.already-terminated",
        "licence.bad-date",
        "licence.bad-media-expression",
        "licence.bad-territory-expression",
        "licence.empty-window",
        "licence.ends-before-termination",
        "licence.exclusive-overlaps-standing",
        "licence.exclusivity-not-held",
        "licence.field-missing",
        "licence.field-too-long",
        "licence.id-in-use",
        "licence.negative-price",
        "licence.no-language",
        "licence.no-medium",
        "licence.no-territory",
        "licence.outside-rights-held",
        "licence.overlaps-exclusive",
        "licence.party-twice",
        "licence.share-sum",
        "licence.too-many-parties",
        "licence.unknown",
        "licence.unknown-language",
        "licence.unknown-medium",
        "licence.unknown-territory",
        "payment.already-paid",
        "payment.dated-in-future",
        "payment.duplicate",
        "payment.over-outstanding",
        "payment.wrong-amount",
        "payment.wrong-currency",
        "rights-in.id-in-use",
    ];

    /// The licence that stands in the way, when that is the reason.
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Self::Overlap(witness) => Some(witness),
            _ => None,
        }
    }

    /// The parts asked for and not held, when that is the reason; disjoint boxes.
    pub fn missing(&self) -> &[Scope] {
        match self {
            Self::OutsideRightsHeld { missing, .. } | Self::ExclusivityNotHeld { missing, .. } => {
                missing
            }
            _ => &[],
        }
    }

    /// The nearest window in which the same rights are free.
    pub fn nearest_free(&self) -> Option<&Window> {
        match self {
            Self::Overlap(witness) => witness.nearest_free.as_ref(),
            Self::OutsideRightsHeld { nearest_free, .. }
            | Self::ExclusivityNotHeld { nearest_free, .. } => nearest_free.as_ref(),
            _ => None,
        }
    }

    /// One or two sentences for the person who asked.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => message_zh(self),
            Lang::En => message_en(self),
        }
    }
}

/// `code`, both messages, and the evidence where there is any.
impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message_zh", &self.message(Lang::Zh))?;
        map.serialize_entry("message_en", &self.message(Lang::En))?;
        map.serialize_entry("witness", &self.witness())?;
        map.serialize_entry("missing", self.missing())?;
        map.serialize_entry("nearest_free", &self.nearest_free())?;
        map.end()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message(Lang::En))
    }
}

impl std::error::Error for Refusal {}

impl From<DateError> for Refusal {
    fn from(source: DateError) -> Self {
        Self::BadDate { source }
    }
}

impl From<EmptyWindow> for Refusal {
    fn from(source: EmptyWindow) -> Self {
        Self::EmptyWindow { source }
    }
}
