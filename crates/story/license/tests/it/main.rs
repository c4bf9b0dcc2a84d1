//! License: words, sets and decisions against oracles and known answers.
