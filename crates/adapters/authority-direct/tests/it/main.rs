//! Tests of the local authorities: the contract, crashes at every step, damage, kill -9.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod contract;
mod crashes;
mod damage;
mod desk;
mod killed;
