//! Payments: parts, instalments, the same receipt twice, too much, the wrong currency.

use crate::build::*;
use backlot_license::*;
use proptest::prelude::*;

fn one_licence() -> WorkRights {
    let mut rights = held_world();
    let scope = scope("DE", "SVOD", "en", "2026-01-01", "2027-01-01");
    accept(&mut rights, Command::GrantLicence(request(1, scope, true)));
    rights
}

fn shares(facts: &[Fact]) -> Vec<i64> {
    match facts {
        [Fact::PaymentReceived { shares, .. }] => shares.iter().map(|s| s.amount_minor).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_full_payment_is_split_to_the_fen() {
    let mut rights = one_licence();
    let licence = LicenceId(id(1));
    assert_eq!(
        rights.licence(&licence).unwrap().payment_state(),
        PaymentState::Unpaid
    );
    let facts = accept(
        &mut rights,
        Command::RecordPayment(receipt("R-1", 1, 1_000_001)),
    );
    assert_eq!(shares(&facts), [700_001, 200_000, 100_000]);
    let paid = rights.licence(&licence).unwrap();
    assert_eq!(paid.payment_state(), PaymentState::Paid);
    assert_eq!(paid.outstanding(), Money::zero(Currency::CNY));
}

#[test]
fn the_same_receipt_twice_is_one_payment() {
    let mut rights = one_licence();
    accept(&mut rights, Command::RecordPayment(receipt("R-1", 1, 500)));
    let again = accept(&mut rights, Command::RecordPayment(receipt("R-1", 1, 500)));
    assert!(again.is_empty());
    assert_eq!(rights.licences[0].paid_minor, 500);
    assert_eq!(rights.licences[0].payment_state(), PaymentState::PartlyPaid);
    let other = refuse(&rights, Command::RecordPayment(receipt("R-1", 1, 501)));
    assert_eq!(other.code(), "payment.duplicate");
}

#[test]
fn too_much_is_refused_with_what_is_due() {
    let mut rights = one_licence();
    accept(
        &mut rights,
        Command::RecordPayment(receipt("R-1", 1, 1_000_000)),
    );
    let refusal = refuse(&rights, Command::RecordPayment(receipt("R-2", 1, 2)));
    assert_eq!(
        refusal,
        Refusal::OverPayment {
            amount: Money::new(2, Currency::CNY),
            outstanding: Money::new(1, Currency::CNY)
        }
    );
    accept(&mut rights, Command::RecordPayment(receipt("R-2", 1, 1)));
    let refusal = refuse(&rights, Command::RecordPayment(receipt("R-3", 1, 1)));
    assert_eq!(refusal.code(), "payment.already-paid");
}

#[test]
fn a_terminated_licence_still_takes_what_is_owed() {
    let mut rights = one_licence();
    let end = Termination {
        licence: LicenceId(id(1)),
        ends_on: date("2026-06-01"),
        reason: "breach".to_owned(),
    };
    accept(&mut rights, Command::TerminateLicence(end));
    accept(&mut rights, Command::RecordPayment(receipt("R-1", 1, 10)));
    assert_eq!(rights.licences[0].paid_minor, 10);
}

proptest! {
    /// However the price is cut, each party ends with the split of the whole, and each instalment
    /// is given away entirely.
    #[test]
    fn instalments_change_nothing(cuts in proptest::collection::vec(1i64..400_000, 0..9)) {
        let mut rights = one_licence();
        let mut left = 1_000_001;
        let mut sums = [0i64; 3];
        let amounts = cuts.into_iter().chain([i64::MAX]);
        for (number, amount) in amounts.enumerate() {
            let amount = amount.min(left);
            if amount == 0 {
                break;
            }
            left -= amount;
            let receipt = receipt(&format!("R-{number}"), 1, amount);
            let parts = shares(&accept(&mut rights, Command::RecordPayment(receipt)));
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            for (sum, part) in sums.iter_mut().zip(parts) {
                prop_assert!(part >= -1);
                *sum += part;
            }
        }
        prop_assert_eq!(left, 0);
        prop_assert_eq!(sums, [700_001, 200_000, 100_000]);
        prop_assert_eq!(rights.licences[0].payment_state(), PaymentState::Paid);
    }
}
