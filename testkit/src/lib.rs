//! What tests share: a settable clock, seeded randomness, a private PostgreSQL, and the suites that
//! every store and every blob adapter must pass.
//!
//! A suite is a module of `async fn case(…)`; `store_suite!` and `blob_suite!` make one test of
//! each.
//! A case panics when the adapter breaks the port's contract, with words that say which part.

pub mod blob_suite;
pub mod clock;
pub mod postgres;
pub mod random;
mod records;
pub mod store_suite;

pub use clock::MockClock;
pub use random::SeededRandom;
