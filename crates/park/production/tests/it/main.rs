//! Tests of the production room.

mod schedule;
mod script;
mod script_chinese;
