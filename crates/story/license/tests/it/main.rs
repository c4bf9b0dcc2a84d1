//! License: words, sets and decisions against oracles and known answers.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::disallowed_methods, reason = "test data is read from a file")]

mod build;
mod dates;
mod decisions;
mod facts;
mod languages;
mod oracle;
mod payments;
mod refusals;
mod territories;
