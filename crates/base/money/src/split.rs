//! Splitting a whole number of minor units so that the parts sum to the whole.
//!
//! Largest remainder (Hamilton): everybody gets the whole units of their exact part; the units left
//! over go one each to the largest fractions, ties to the party that stands first. Invariants: the
//! parts sum to the total, each differs from its exact part by less than one unit, weight 0 gets 0,
//! weights may be scaled by any factor, and a negative total is the mirror of the positive one, so
//! a refund takes back exactly what the payment gave.

/// Basis points in a whole: 10,000 = 100 %.
pub const BASIS_POINTS: u64 = 10_000;

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum SplitError {
    #[error("nobody has a share; name at least one party with a weight above zero")]
    NoShares,
    #[error("the shares sum to {sum} basis points, expected {BASIS_POINTS}")]
    BasisPoints { sum: u64 },
}

/// Parts of `total_minor` in proportion to `weights`, in the order of `weights`.
pub fn split(total_minor: i64, weights: &[u64]) -> Result<Vec<i64>, SplitError> {
    let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if whole == 0 {
        return Err(SplitError::NoShares);
    }
    let magnitude = u128::from(total_minor.unsigned_abs());
    // At most 2^63 × (2^64 − 1): below 2^127, so the product is exact.
    let exact: Vec<(u128, u128)> = weights
        .iter()
        .map(|weight| magnitude * u128::from(*weight))
        .map(|product| (product / whole, product % whole))
        .collect();
    let given: u128 = exact.iter().map(|(floor, _)| floor).sum();
    let mut by_remainder: Vec<usize> = (0..exact.len()).collect();
    by_remainder.sort_by(|a, b| exact[*b].1.cmp(&exact[*a].1).then(a.cmp(b)));
    let mut parts: Vec<u128> = exact.iter().map(|(floor, _)| *floor).collect();
    let mut left = magnitude - given;
    for party in by_remainder {
        if left == 0 {
            break;
        }
        parts[party] += 1;
        left -= 1;
    }
    Ok(parts
        .into_iter()
        .map(|part| signed(part, total_minor))
        .collect())
}

/// Parts by basis points, which must sum to 10,000.
pub fn split_basis_points(total_minor: i64, points: &[u32]) -> Result<Vec<i64>, SplitError> {
    let weights: Vec<u64> = points.iter().map(|point| u64::from(*point)).collect();
    let sum = weights
        .iter()
        .fold(0u64, |sum, weight| sum.saturating_add(*weight));
    if sum != BASIS_POINTS {
        return Err(SplitError::BasisPoints { sum });
    }
    split(total_minor, &weights)
}

/// A part never exceeds the total's magnitude, so it fits with the total's sign.
fn signed(part: u128, total_minor: i64) -> i64 {
    let wide = i128::try_from(part).expect("a part is at most 2^63");
    let mirrored = if total_minor < 0 { -wide } else { wide };
    i64::try_from(mirrored).expect("a part lies between zero and the total")
}
