//! An amount of money and the few sums that may be done with it.

use crate::Currency;
use serde::{Deserialize, Serialize};

/// A count of minor units of one currency. Negative amounts are refunds and corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum MoneyError {
    #[error("{left} and {right} cannot be reckoned together; convert one of them first")]
    Currencies { left: Currency, right: Currency },
    #[error("the amount in {currency} is larger than 9,223,372,036,854,775,807 minor units")]
    TooLarge { currency: Currency },
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.booked(self.minor.checked_add(other.minor))
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.booked(self.minor.checked_sub(other.minor))
    }

    /// `minor × times`, for quantities.
    pub fn checked_mul(self, times: i64) -> Result<Self, MoneyError> {
        self.booked(self.minor.checked_mul(times))
    }

    /// Sum of many amounts of one currency; the sum of none is zero.
    pub fn checked_sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::checked_add)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies {
                left: self.currency,
                right: other.currency,
            })
        }
    }

    fn booked(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        let currency = self.currency;
        minor
            .map(|minor| Self { minor, currency })
            .ok_or(MoneyError::TooLarge { currency })
    }
}
