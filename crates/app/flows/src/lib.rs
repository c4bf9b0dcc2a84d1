//! Flows: one file per use-case. Load, decide, commit facts, rows and jobs in ONE transaction, and
//! only then touch the outside.
//!
//! Everything a flow needs stands in [`House`]; the binary fills it with adapters, tests with others.
//!
//! Reading order: [`house`], [`story`] (the six steps), [`worker`], [`licences`], [`accounts`],
//! [`uploads`].

pub mod accounts;
pub mod audit;
pub mod cases;
pub mod disk;
pub mod evidence;
pub mod files;
mod fingerprints;
pub mod house;
pub mod jobs;
pub mod licences;
pub mod reading;
pub mod search;
pub mod story;
pub mod uploads;
pub mod worker;

pub use house::{House, Random, Settings};
