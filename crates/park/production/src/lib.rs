//! Production: a script becomes scenes and a breakdown; scenes become a shooting board.
//!
//! Reading order: [`script`] (reading Fountain, Final Draft and Chinese screenplays), [`schedule`]
//! (the shooting board, optimised with a proven bound).

pub mod schedule;
pub mod script;
