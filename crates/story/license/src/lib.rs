//! License: rights held → availability → licence → money.
//!
//! *Rights in* are what the house holds in a work, a *licence* is what it grants. Both fill a
//! [`Scope`]: territories × media × languages (as audio, dub or subtitles) × half-open days. A
//! licence must lie inside the rights held; an exclusive one tolerates no other licence on any of
//! its cells. Invariant: replaying a work's facts never shows two licences on one cell of which one
//! is exclusive. A refusal carries its witness and the nearest free window. A payment is split to
//! the last minor unit by largest remainder.
//!
//! Sources: ISO 3166-1, UN M49, BCP 47 (RFC 5646), ISO 4217; trade usage for media words.
//!
//! Reading order: [`Date`] and [`Window`], [`TerritorySet`], [`MediaSet`], [`LanguageSet`],
//! [`Scope`], [`WorkRights`], [`decide()`], [`Refusal`], [`Fact::to_new_fact`].

mod date;
mod decide;
mod expression;
mod facts;
mod free;
mod language;
mod media;
mod message;
mod refusal;
mod rights;
mod scope;
mod tags;
mod territory;

pub use backlot_money::{Currency, Lang, Money};
pub use date::{Date, DateError, EmptyWindow, Window};
pub use decide::{Availability, PARTIES_MAX, TEXT_CHARS_MAX, check, check_scope, decide};
pub use expression::ExpressionError;
pub use facts::{FACT_KINDS, FACT_VERSION, FactError};
pub use language::{LanguageError, LanguageSet, LanguageUse};
pub use media::{MediaBranch, MediaSet, Medium, MediumError, media_tree};
pub use refusal::{Refusal, Witness};
pub use rights::{
    BookedReceipt, Command, Fact, GrantRequest, Licence, LicenceId, PartyShare, PaymentState,
    Receipt, RightsIn, RightsInId, Share, Termination, WorkId, WorkRights, apply,
};
pub use scope::{Scope, ScopeText, window_text};
pub use tags::{LanguageTag, LanguageTagError, TagSet};
pub use territory::{Territory, TerritoryError, TerritoryGroup, TerritorySet, territory_groups};
