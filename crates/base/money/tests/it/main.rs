//! Money against published codes, known sums and the laws every split must keep.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod split;
mod text;
