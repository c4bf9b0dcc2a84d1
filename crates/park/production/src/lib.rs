//! Production: a script becomes scenes and a breakdown; scenes are put in a good order.
//!
//! Reading order: [`script`] (reading Fountain, Final Draft and Chinese screenplays), [`schedule`]
//! (the cheapest order of scenes, with a proven bound).

pub mod schedule;
pub mod script;
