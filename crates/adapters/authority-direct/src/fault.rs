//! Named points where a test makes the ledger fail, to walk through every crash.

use std::io;

/// Where the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Half of a record is written, nothing is fsynced.
    LeafTorn,
    /// All new leaves are fsynced, nobody has signed.
    LeafAppended,
    /// This authority has checked the tree and is about to save its state.
    BeforeSaved(&'static str),
    /// Its state is on disk, its signature has not left it.
    Saved(&'static str),
    /// A quorum has signed, the note is not on disk.
    QuorumReached,
}

/// Called at each step. An error of kind `Interrupted` acts as if the process died there: nothing
/// is cleaned up and the ledger must be opened again. Other kinds act as a failing disk.
pub type Fault = Box<dyn Fn(Step) -> io::Result<()> + Send + Sync>;

pub(crate) fn at(fault: Option<&Fault>, step: Step) -> io::Result<()> {
    fault.map_or(Ok(()), |fault| fault(step))
}
