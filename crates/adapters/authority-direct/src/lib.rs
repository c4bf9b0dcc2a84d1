//! Authorities in one process: four local key directories sign the log together.
//!
//! Trusted: this process and the person who runs it. The signing is real (every authority has its
//! own key, keeps its own last-signed state and refuses what does not extend it), but four
//! directories on one machine are one trust domain until institutions hold the keys.
//!
//! ```text
//! DIR/ledger.lock                      one process at a time
//! DIR/policy.txt                       keys and quorum; written last when a ledger is created
//! DIR/log/key                          the log's private key, mode 0600
//! DIR/log/leaves                       every claim, append-only, fsynced before anyone signs
//! DIR/log/checkpoint                   the newest note with a quorum; rebuilt when lost
//! DIR/authorities/<id>/key             an authority's private key, mode 0600
//! DIR/authorities/<id>/last-signed     what it signed last, fsynced before a signature leaves
//! ```
//!
//! Invariants: nobody signs a tree whose leaves are not on disk; an authority never signs two
//! trees of which one does not extend the other; a receipt is given only under a quorum.
//! If it crashes after a leaf is appended, the leaf is signed at the next opening; a leaf that was
//! not wholly appended is cut off, but never below what any authority has signed.
//!
//! Reading order: [`ledger`] (the whole), `leaves`, `authority`, `signed_state`, `keys`, `files`.

mod authority;
mod fault;
mod files;
mod keys;
mod leaves;
mod ledger;
mod queue;
mod setup;
mod signed_state;

pub use fault::{Fault, Step};
pub use ledger::AuthorityDirect;
pub use setup::{AUTHORITIES, THRESHOLD};
