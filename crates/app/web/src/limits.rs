//! Sign-in limits: per address and per account, in a bounded table.
//!
//! The account limit counts unknown e-mails like known ones, so that a lock betrays nobody.

use backlot_facts::{UtcMicros, sha256_hex};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Tries of one address within [`WINDOW_SECS`].
pub const ADDRESS_TRIES_MAX: u32 = 100;
/// Failures of one account within [`WINDOW_SECS`].
pub const ACCOUNT_FAILURES_MAX: u32 = 10;
pub const WINDOW_SECS: i64 = 15 * 60;
/// Entries kept; when full, entries whose window has passed go first, then the oldest.
const ENTRIES_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub struct Limits {
    addresses: Mutex<Counters>,
    accounts: Mutex<Counters>,
}

#[derive(Debug, Default)]
struct Counters(BTreeMap<String, (UtcMicros, u32)>);

impl Counters {
    fn count(&self, key: &str, now: UtcMicros) -> u32 {
        let live = self
            .0
            .get(key)
            .filter(|(start, _)| now < start.plus_secs(WINDOW_SECS));
        live.map_or(0, |(_, count)| *count)
    }

    fn add(&mut self, key: String, now: UtcMicros) {
        if self.0.len() >= ENTRIES_MAX && !self.0.contains_key(&key) {
            self.0
                .retain(|_, (start, _)| now < start.plus_secs(WINDOW_SECS));
            if self.0.len() >= ENTRIES_MAX {
                let oldest = self.0.iter().min_by_key(|(_, (start, _))| *start);
                let oldest = oldest.map(|(key, _)| key.clone());
                oldest.and_then(|key| self.0.remove(&key));
            }
        }
        let entry = self.0.entry(key).or_insert((now, 0));
        if now >= entry.0.plus_secs(WINDOW_SECS) {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

impl Limits {
    /// Counts a try of this address; false when it had too many.
    pub fn address_may_try(&self, address: Option<IpAddr>, now: UtcMicros) -> bool {
        let Some(address) = address else { return true };
        let key = match address {
            IpAddr::V4(v4) => v4.to_string(),
            // One household has a whole /64.
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        let mut counters = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let may = counters.count(&key, now) < ADDRESS_TRIES_MAX;
        counters.add(key, now);
        may
    }

    pub fn account_may_try(&self, email: &str, now: UtcMicros) -> bool {
        let counters = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        counters.count(&key(email), now) < ACCOUNT_FAILURES_MAX
    }

    pub fn account_failed(&self, email: &str, now: UtcMicros) {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(key(email), now);
    }

    pub fn account_succeeded(&self, email: &str) {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .0
            .remove(&key(email));
    }
}

/// A fixed length, whatever a stranger types.
fn key(email: &str) -> String {
    sha256_hex(email.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_refused_after_its_tries_and_welcome_after_the_window() {
        let limits = Limits::default();
        let address = Some(IpAddr::from([192, 0, 2, 1]));
        let start = UtcMicros::from_secs(1_000);
        for _ in 0..ADDRESS_TRIES_MAX {
            assert!(limits.address_may_try(address, start));
        }
        assert!(!limits.address_may_try(address, start));
        assert!(limits.address_may_try(Some(IpAddr::from([192, 0, 2, 2])), start));
        assert!(limits.address_may_try(address, start.plus_secs(WINDOW_SECS)));
    }

    #[test]
    fn the_table_stays_bounded() {
        let limits = Limits::default();
        for n in 0..i64::try_from(ENTRIES_MAX).unwrap() + 500 {
            limits.account_failed(&format!("{n}@example"), UtcMicros(n));
        }
        assert_eq!(limits.accounts.lock().unwrap().0.len(), ENTRIES_MAX);
    }
}
