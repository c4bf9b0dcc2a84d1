//! Animate, seen from outside: files that other programs open, motion that keeps its meaning,
//! pictures with known pixels.

mod clips;
mod figures;
mod names;
mod pictures;
mod retargets;
mod takes;
