//! Decisions about a work's rights, each check in a fixed order.
//!
//! - Rights in: id free; licensor named.
//! - Grant: id free; licensee named; price not negative; parties named, each once, 10,000 basis
//!   points together; inside the rights held; exclusive only where held exclusively; no standing
//!   licence in the way.
//! - Payment: number and payer named; number new; licence known; its currency; above zero; not in
//!   the future; not above what is outstanding.
//! - Termination: licence known; reason named; not terminated before; earlier than its end.
//!
//! The same command twice (same id or number, same content) is no error and gives no fact. Empty
//! windows and unknown words were refused before, when the [`Scope`](crate::Scope) was made.

use crate::refusal::{Refusal, Witness};
use crate::rights::{
    Command, Fact, GrantRequest, Licence, PartyShare, Receipt, RightsIn, Share, Termination,
    WorkRights,
};
use crate::{Date, Scope};
use backlot_money::{BASIS_POINTS, SplitError, split_basis_points};
use serde::Serialize;

/// Longest name, role, reference or reason, characters.
pub const TEXT_CHARS_MAX: usize = 400;
/// Most parties of one licence.
pub const PARTIES_MAX: usize = 100;

/// The facts that follow from a command on `today`, or why it is refused.
pub fn decide(rights: &WorkRights, command: Command, today: Date) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::RecordRightsIn(rights_in) => record_rights_in(rights, rights_in, today),
        Command::GrantLicence(request) => grant(rights, request, today),
        Command::RecordPayment(receipt) => pay(rights, receipt, today),
        Command::TerminateLicence(termination) => terminate(rights, termination, today),
    }
}

/// What a form shows while it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Availability {
    pub free: bool,
    pub refusal: Option<Refusal>,
}

/// Whether a grant would be accepted now; writes nothing.
pub fn check(rights: &WorkRights, request: &GrantRequest) -> Availability {
    let refusal = check_grant(rights, request).err();
    Availability {
        free: refusal.is_none(),
        refusal,
    }
}

/// Whether a scope alone is free: held, and nothing standing in the way. For forms that have no
/// licensee or price yet, and for matrices.
pub fn check_scope(rights: &WorkRights, scope: &Scope, exclusive: bool) -> Availability {
    let refusal = free_of_conflict(rights, scope, exclusive).err();
    Availability {
        free: refusal.is_none(),
        refusal,
    }
}

fn record_rights_in(
    rights: &WorkRights,
    rights_in: RightsIn,
    today: Date,
) -> Result<Vec<Fact>, Refusal> {
    if let Some(standing) = rights.rights_in.iter().find(|held| held.id == rights_in.id) {
        return if *standing == rights_in {
            Ok(Vec::new())
        } else {
            Err(Refusal::RightsInIdInUse)
        };
    }
    named("licensor", &rights_in.licensor)?;
    short("reference", &rights_in.reference)?;
    Ok(vec![Fact::RightsInRecorded {
        rights_in,
        recorded_on: today,
    }])
}

fn grant(rights: &WorkRights, request: GrantRequest, today: Date) -> Result<Vec<Fact>, Refusal> {
    if rights
        .licence(&request.id)
        .is_some_and(|standing| standing.granted == request)
    {
        return Ok(Vec::new());
    }
    check_grant(rights, &request)?;
    Ok(vec![Fact::LicenceGranted {
        licence: request,
        granted_on: today,
    }])
}

fn check_grant(rights: &WorkRights, request: &GrantRequest) -> Result<(), Refusal> {
    if rights.licence(&request.id).is_some() {
        return Err(Refusal::LicenceIdInUse);
    }
    named("licensee", &request.licensee)?;
    short("reference", &request.reference)?;
    if request.price.minor < 0 {
        return Err(Refusal::NegativePrice {
            price: request.price,
        });
    }
    check_parties(&request.shares)?;
    free_of_conflict(rights, &request.scope, request.exclusive)
}

fn check_parties(shares: &[PartyShare]) -> Result<(), Refusal> {
    if shares.len() > PARTIES_MAX {
        return Err(Refusal::TooManyParties {
            count: shares.len(),
        });
    }
    for (place, share) in shares.iter().enumerate() {
        named("party", &share.party)?;
        short("role", &share.role)?;
        let same =
            |earlier: &&PartyShare| earlier.party == share.party && earlier.role == share.role;
        if shares[..place].iter().find(same).is_some() {
            return Err(Refusal::PartyTwice {
                party: share.party.clone(),
            });
        }
    }
    let sum = shares
        .iter()
        .map(|share| u64::from(share.basis_points))
        .sum();
    if sum == BASIS_POINTS {
        Ok(())
    } else {
        Err(Refusal::ShareSum { basis_points: sum })
    }
}

fn free_of_conflict(rights: &WorkRights, asked: &Scope, exclusive: bool) -> Result<(), Refusal> {
    let held = rights.rights_in.iter().map(|held| &held.scope);
    let missing = asked.uncovered_by(held);
    if !missing.is_empty() {
        let nearest_free = rights.nearest_free(asked, exclusive);
        return Err(Refusal::OutsideRightsHeld {
            missing,
            nearest_free,
        });
    }
    if exclusive {
        let alone = rights
            .rights_in
            .iter()
            .filter(|held| held.exclusive)
            .map(|held| &held.scope);
        let missing = asked.uncovered_by(alone);
        if !missing.is_empty() {
            let nearest_free = rights.nearest_free(asked, exclusive);
            return Err(Refusal::ExclusivityNotHeld {
                missing,
                nearest_free,
            });
        }
    }
    let mut conflicts: Vec<(&Licence, Scope)> = rights
        .licences
        .iter()
        .filter(|licence| exclusive || licence.granted.exclusive)
        .filter_map(|licence| Some((licence, licence.standing_scope()?.intersect(asked)?)))
        .collect();
    // The witness is the conflict that begins first; ties by id.
    conflicts.sort_by(|(one, a), (other, b)| {
        let start = |scope: &Scope| scope.window().starts_on();
        start(a)
            .cmp(&start(b))
            .then_with(|| one.granted.id.cmp(&other.granted.id))
    });
    let others = conflicts.len().saturating_sub(1);
    match conflicts.into_iter().next() {
        None => Ok(()),
        Some((standing, overlap)) => Err(Refusal::Overlap(Box::new(Witness {
            licence: standing.granted.id.clone(),
            licensee: standing.granted.licensee.clone(),
            reference: standing.granted.reference.clone(),
            exclusive: standing.granted.exclusive,
            overlap,
            others,
            nearest_free: rights.nearest_free(asked, exclusive),
        }))),
    }
}

fn pay(rights: &WorkRights, receipt: Receipt, today: Date) -> Result<Vec<Fact>, Refusal> {
    named("receipt_no", &receipt.receipt_no)?;
    named("payer", &receipt.payer)?;
    if let Some(booked) = rights.receipt(&receipt.receipt_no) {
        let receipt_no = receipt.receipt_no.clone();
        let same = booked.receipt == receipt;
        return if same {
            Ok(Vec::new())
        } else {
            Err(Refusal::DuplicateReceipt { receipt_no })
        };
    }
    let unknown = || Refusal::UnknownLicence {
        licence: receipt.licence.clone(),
    };
    let licence = rights.licence(&receipt.licence).ok_or_else(unknown)?;
    let expected = licence.granted.price.currency;
    if receipt.amount.currency != expected {
        return Err(Refusal::WrongCurrency {
            expected,
            found: receipt.amount.currency,
        });
    }
    if receipt.amount.minor <= 0 {
        return Err(Refusal::WrongAmount {
            amount: receipt.amount,
        });
    }
    if receipt.paid_on > today {
        return Err(Refusal::PaidInFuture {
            paid_on: receipt.paid_on,
            today,
        });
    }
    let outstanding = licence.outstanding();
    if outstanding.minor <= 0 {
        return Err(Refusal::AlreadyPaid {
            licence: receipt.licence,
        });
    }
    if receipt.amount.minor > outstanding.minor {
        return Err(Refusal::OverPayment {
            amount: receipt.amount,
            outstanding,
        });
    }
    let shares = shares_of(licence, &receipt)?;
    Ok(vec![Fact::PaymentReceived { receipt, shares }])
}

/// Split of everything paid so far, less the split of what was paid before: however a price is cut
/// into instalments, each party ends with the same exact part.
fn shares_of(licence: &Licence, receipt: &Receipt) -> Result<Vec<Share>, Refusal> {
    let parties = &licence.granted.shares;
    let points: Vec<u32> = parties.iter().map(|share| share.basis_points).collect();
    let split = |minor: i64| {
        split_basis_points(minor, &points).map_err(|error| match error {
            SplitError::BasisPoints { sum } => Refusal::ShareSum { basis_points: sum },
            SplitError::NoShares => Refusal::ShareSum { basis_points: 0 },
        })
    };
    let before = split(licence.paid_minor)?;
    let after = split(licence.paid_minor.saturating_add(receipt.amount.minor))?;
    let share = |((party, after), before): ((&PartyShare, i64), i64)| Share {
        party: party.party.clone(),
        role: party.role.clone(),
        amount_minor: after - before,
    };
    Ok(parties.iter().zip(after).zip(before).map(share).collect())
}

fn terminate(
    rights: &WorkRights,
    termination: Termination,
    today: Date,
) -> Result<Vec<Fact>, Refusal> {
    let unknown = || Refusal::UnknownLicence {
        licence: termination.licence.clone(),
    };
    let licence = rights.licence(&termination.licence).ok_or_else(unknown)?;
    named("reason", &termination.reason)?;
    if let Some(standing) = &licence.termination {
        let ends_on = standing.ends_on;
        let same = *standing == termination;
        return if same {
            Ok(Vec::new())
        } else {
            Err(Refusal::AlreadyTerminated { ends_on })
        };
    }
    match licence.granted.scope.window().ends_on() {
        Some(ends_on) if termination.ends_on >= ends_on => Err(Refusal::EndsBefore { ends_on }),
        _ => Ok(vec![Fact::LicenceTerminated {
            termination,
            recorded_on: today,
        }]),
    }
}

fn named(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::FieldMissing { field });
    }
    short(field, text)
}

fn short(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::FieldTooLong { field });
    }
    Ok(())
}
