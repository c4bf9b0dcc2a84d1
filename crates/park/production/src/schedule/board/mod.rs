//! Boards (see the parent).
