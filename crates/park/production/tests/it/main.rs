//! Tests of the production room.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read fixtures and print times"
)]

mod schedule;
mod script;
mod script_chinese;
