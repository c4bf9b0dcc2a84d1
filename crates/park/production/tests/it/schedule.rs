//! Shooting boards: published optima, brute force, and independent checkers.

mod talent;
