//! Tests of the production room.

mod schedule;
