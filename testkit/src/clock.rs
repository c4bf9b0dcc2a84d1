//! A clock that stands still until a test moves it.

use backlot_facts::{Clock, UtcMicros};
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Debug)]
pub struct MockClock(AtomicI64);

impl MockClock {
    pub const fn at(now: UtcMicros) -> Self {
        Self(AtomicI64::new(now.0))
    }

    pub fn set(&self, now: UtcMicros) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// The new time.
    pub fn advance_secs(&self, secs: i64) -> UtcMicros {
        let micros = secs * 1_000_000;
        UtcMicros(self.0.fetch_add(micros, Ordering::SeqCst) + micros)
    }
}

impl Default for MockClock {
    /// 2026-11-21T00:00:00Z.
    fn default() -> Self {
        Self::at(UtcMicros::from_secs(1_795_219_200))
    }
}

impl Clock for MockClock {
    fn now(&self) -> UtcMicros {
        UtcMicros(self.0.load(Ordering::SeqCst))
    }
}
