//! Laws of splitting: whole, closeness, order rule, scaling, mirror.

use backlot_money::{BASIS_POINTS, SplitError, split, split_basis_points};
use proptest::prelude::*;

#[test]
fn known_splits() {
    let check = |total: i64, weights: &[u64], expected: &[i64]| {
        assert_eq!(
            split(total, weights).unwrap(),
            expected,
            "{total} by {weights:?}"
        );
    };
    check(100, &[1, 1, 1], &[34, 33, 33]);
    check(101, &[1, 1, 1], &[34, 34, 33]);
    check(-101, &[1, 1, 1], &[-34, -34, -33]);
    check(
        1_000_001,
        &[7_000, 2_000, 1_000],
        &[700_001, 200_000, 100_000],
    );
    check(5, &[0, 1, 0], &[0, 5, 0]);
    check(0, &[3, 4], &[0, 0]);
    check(i64::MAX, &[u64::MAX, 0], &[i64::MAX, 0]);
    check(i64::MIN, &[u64::MAX], &[i64::MIN]);
    check(1, &[u64::MAX - 1, u64::MAX], &[0, 1]);
}

#[test]
fn refused_splits() {
    assert_eq!(split(5, &[]), Err(SplitError::NoShares));
    assert_eq!(split(5, &[0, 0]), Err(SplitError::NoShares));
    assert_eq!(
        split_basis_points(5, &[9_999]),
        Err(SplitError::BasisPoints { sum: 9_999 })
    );
    assert_eq!(split_basis_points(3, &[5_000, 5_000]).unwrap(), [2, 1]);
    assert_eq!(BASIS_POINTS, 10_000);
}

fn weights() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(prop_oneof![0u64..50, any::<u64>()], 1..12)
        .prop_filter("one weight", |weights| {
            weights.iter().any(|weight| *weight > 0)
        })
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole_and_stay_close(total in any::<i64>(), weights in weights()) {
        let parts = split(total, &weights).unwrap();
        let sum: i128 = parts.iter().map(|part| i128::from(*part)).sum();
        prop_assert_eq!(sum, i128::from(total));
        let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            // |part − total·w/W| < 1 without a division: floor and ceiling of the exact part.
            let product = u128::from(total.unsigned_abs()) * u128::from(*weight);
            let (floor, rest) = (product / whole, product % whole);
            let magnitude = u128::from(part.unsigned_abs());
            prop_assert!(magnitude == floor || (rest > 0 && magnitude == floor + 1));
            prop_assert!(*part == 0 || (*part < 0) == (total < 0));
        }
    }

    #[test]
    fn scaling_the_weights_changes_nothing(
        total in any::<i64>(),
        weights in proptest::collection::vec(0u64..1000, 1..9),
        by in 1u64..9999,
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let scaled: Vec<u64> = weights.iter().map(|weight| weight * by).collect();
        prop_assert_eq!(split(total, &weights), split(total, &scaled));
    }

    #[test]
    fn a_refund_mirrors_the_payment(total in 1i64..i64::MAX, weights in weights()) {
        let paid = split(total, &weights).unwrap();
        let back = split(-total, &weights).unwrap();
        prop_assert!(paid.iter().zip(&back).all(|(paid, back)| *paid == -*back));
    }

    /// Order matters only between equal remainders: the multiset of (weight, part) is the same, and
    /// among equal weights the earlier party never gets less.
    #[test]
    fn order_decides_only_ties(
        total in 0i64..1_000_000,
        weights in proptest::collection::vec(0u64..9, 1..9),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = split(total, &weights).unwrap();
        for (i, a) in weights.iter().enumerate() {
            for (j, b) in weights.iter().enumerate().skip(i + 1) {
                prop_assert!(a != b || parts[i] >= parts[j]);
            }
        }
        let whole: u64 = weights.iter().sum();
        let mut remainders: Vec<u64> =
            weights.iter().map(|weight| total.unsigned_abs() * weight % whole).collect();
        remainders.sort_unstable();
        remainders.dedup();
        if remainders.len() == weights.len() {
            let turned: Vec<u64> = weights.iter().rev().copied().collect();
            let mut back = split(total, &turned).unwrap();
            back.reverse();
            prop_assert_eq!(back, parts);
        }
    }
}
