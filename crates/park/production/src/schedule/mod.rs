//! Shooting boards.
