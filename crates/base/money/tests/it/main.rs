//! Money against published codes, known sums and the laws every split must keep.

mod split;
mod text;
