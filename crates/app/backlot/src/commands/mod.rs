//! One file per role or command.

pub mod admin;
pub mod bench;
pub mod demo;
pub mod doctor;
pub mod migrate;
pub mod serve;
pub mod verify;
pub mod worker;
