//! Calendar days and half-open windows of them.
//!
//! A [`Date`] is a day of the proleptic Gregorian calendar, counted from 1970-01-01. A [`Window`]
//! is `[starts_on, ends_on)`: the end is the first day no longer in it, or open. Invariant: a
//! window that exists holds at least one day. Source: days-from-civil, Howard Hinnant; ISO 8601.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A day between 0001-01-01 and 9999-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(i32);

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum DateError {
    #[error("`{0}` is not a date; write YYYY-MM-DD, for example 2026-02-28")]
    Form(String),
    #[error("{year:04}-{month:02} has no day {day}")]
    NoSuchDay { year: i32, month: u32, day: u32 },
}

impl Date {
    pub const MIN: Self = Self(-719_162);
    pub const MAX: Self = Self(2_932_896);

    /// A day by year (1 to 9999), month (1 to 12) and day.
    pub fn try_from_ymd(year: i32, month: u32, day: u32) -> Result<Self, DateError> {
        let right = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if !right {
            return Err(DateError::NoSuchDay { year, month, day });
        }
        let (month, day) = (month.cast_signed(), day.cast_signed());
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Ok(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Strictly `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let refuse = || DateError::Form(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<u32> {
            bytes.get(range)?.iter().try_fold(0, |value, byte| {
                byte.is_ascii_digit()
                    .then(|| value * 10 + u32::from(byte - b'0'))
            })
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(refuse());
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10))
        else {
            return Err(refuse());
        };
        Self::try_from_ymd(year.cast_signed(), month, day)
    }

    /// Days since 1970-01-01.
    pub const fn days_since_epoch(self) -> i32 {
        self.0
    }

    /// The day that many days after 1970-01-01; `None` outside the years 1 to 9999.
    pub const fn from_days_since_epoch(days: i32) -> Option<Self> {
        if days >= Self::MIN.0 && days <= Self::MAX.0 {
            Some(Self(days))
        } else {
            None
        }
    }

    /// The UTC day of an instant in seconds since 1970-01-01T00:00:00Z, held inside the calendar.
    pub fn of_unix_secs(secs: i64) -> Self {
        let days = secs
            .div_euclid(86_400)
            .clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        i32::try_from(days).map_or(Self::MAX, Self)
    }

    /// `None` when the calendar ends before that.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.0
            .checked_add(days)
            .and_then(Self::from_days_since_epoch)
    }

    /// Year, month, day.
    pub const fn ymd(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let mp = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = year_of_era + era * 400 + (month <= 2) as i32;
        (year, month.cast_unsigned(), day.cast_unsigned())
    }
}

const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        Self::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// `[starts_on, ends_on)`; `ends_on: None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow")]
pub struct Window {
    starts_on: Date,
    ends_on: Option<Date>,
}

/// A window as it is read, before the order of its days is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    starts_on: Date,
    ends_on: Option<Date>,
}

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[error("the window ends on {ends_on}, not after its start {starts_on}; the end is exclusive")]
pub struct EmptyWindow {
    pub starts_on: Date,
    pub ends_on: Date,
}

impl Window {
    pub fn try_new(starts_on: Date, ends_on: Option<Date>) -> Result<Self, EmptyWindow> {
        match ends_on {
            Some(ends_on) if ends_on <= starts_on => Err(EmptyWindow { starts_on, ends_on }),
            _ => Ok(Self { starts_on, ends_on }),
        }
    }

    pub const fn starts_on(&self) -> Date {
        self.starts_on
    }

    /// First day no longer inside; `None` when open.
    pub const fn ends_on(&self) -> Option<Date> {
        self.ends_on
    }

    /// Days inside; `None` when open.
    pub fn days(&self) -> Option<i32> {
        self.ends_on.map(|end| end.0 - self.starts_on.0)
    }

    pub fn contains(&self, date: Date) -> bool {
        self.starts_on <= date && self.ends_on.is_none_or(|end| date < end)
    }

    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let starts_on = self.starts_on.max(other.starts_on);
        Self::try_new(starts_on, earlier_end(self.ends_on, other.ends_on)).ok()
    }

    /// What of `self` lies before and after `other`, at most two windows.
    pub fn minus(&self, other: &Self) -> Vec<Self> {
        if self.intersect(other).is_none() {
            return vec![*self];
        }
        let before = Self::try_new(self.starts_on, Some(other.starts_on)).ok();
        let after = other
            .ends_on
            .and_then(|end| Self::try_new(self.starts_on.max(end), self.ends_on).ok());
        before.into_iter().chain(after).collect()
    }
}

/// The earlier of two ends, where `None` is open.
pub(crate) fn earlier_end(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

impl TryFrom<RawWindow> for Window {
    type Error = EmptyWindow;
    fn try_from(raw: RawWindow) -> Result<Self, EmptyWindow> {
        Self::try_new(raw.starts_on, raw.ends_on)
    }
}
