//! Points in time. The clock is always an argument; only the binary owns a real one.

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcMicros(pub i64);

impl UtcMicros {
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1_000_000)
    }

    /// Whole seconds, rounded towards minus infinity.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0 + secs * 1_000_000)
    }

    /// `2026-11-21T02:27:00Z`, proleptic Gregorian (days-from-civil, Howard Hinnant).
    pub fn to_rfc3339(self) -> String {
        let secs = self.as_secs();
        let (year, month, day) = civil_from_days(secs.div_euclid(86_400));
        let second_of_day = secs.rem_euclid(86_400);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second_of_day / 3600,
            second_of_day / 60 % 60,
            second_of_day % 60
        )
    }
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Where "now" comes from: the system in the binary, a settable one in tests.
pub trait Clock: Send + Sync {
    fn now(&self) -> UtcMicros;
}

#[cfg(test)]
mod tests {
    use super::UtcMicros;

    #[test]
    fn rfc3339_matches_known_instants() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_228_020, "2026-11-21T02:27:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(UtcMicros::from_secs(secs).to_rfc3339(), text);
        }
    }
}
