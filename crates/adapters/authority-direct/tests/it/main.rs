//! Tests of the local authorities: the contract, crashes at every step, damage, kill -9.

mod contract;
mod crashes;
mod damage;
mod desk;
mod killed;
