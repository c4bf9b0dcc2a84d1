//! Group commit: submitters that wait together share one fsync and one round of signatures.
//!
//! The first to find nobody leading takes up to [`BATCH_MAX`] waiting leaves, commits them and
//! hands each submitter its own result. Alone, a submitter leads at once and waits for nobody.

use crate::leaves::BATCH_MAX;
use backlot_facts::UtcMicros;
use backlot_ports::authorities::{AuthorityError, Receipt};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub type Outcome = Result<Receipt, AuthorityError>;

/// One waiting submitter's leaf.
#[derive(Debug)]
pub struct Waiting {
    ticket: u64,
    pub leaf: Vec<u8>,
    pub at: UtcMicros,
}

#[derive(Debug, Default)]
struct State {
    next_ticket: u64,
    waiting: Vec<Waiting>,
    done: BTreeMap<u64, Outcome>,
    led: bool,
}

#[derive(Debug, Default)]
pub struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

/// Frees the lead even when the commit panics, so that nobody waits for ever.
struct Lead<'a> {
    queue: &'a Queue,
    tickets: Vec<u64>,
    /// Empty until the commit came back.
    outcomes: Vec<Outcome>,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.led = false;
        let mut outcomes = std::mem::take(&mut self.outcomes).into_iter();
        for ticket in std::mem::take(&mut self.tickets) {
            let ended = || {
                Err(AuthorityError::Stopped(
                    "a commit ended unexpectedly".to_owned(),
                ))
            };
            state
                .done
                .insert(ticket, outcomes.next().unwrap_or_else(ended));
        }
        self.queue.changed.notify_all();
    }
}

impl Queue {
    /// Queues a leaf and returns its outcome; `commit` gives one outcome per leaf of its batch.
    pub fn submit(
        &self,
        leaf: &[u8],
        at: UtcMicros,
        commit: impl Fn(&[Waiting]) -> Vec<Outcome>,
    ) -> Outcome {
        let mut state = self.lock();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiting.push(Waiting {
            ticket,
            leaf: leaf.to_vec(),
            at,
        });
        loop {
            if let Some(outcome) = state.done.remove(&ticket) {
                return outcome;
            }
            if state.led {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.led = true;
            let count = state.waiting.len().min(BATCH_MAX);
            let batch: Vec<Waiting> = state.waiting.drain(..count).collect();
            drop(state);
            let tickets = batch.iter().map(|one| one.ticket).collect();
            let mut lead = Lead {
                queue: self,
                tickets,
                outcomes: Vec::new(),
            };
            lead.outcomes = commit(&batch);
            drop(lead);
            state = self.lock();
        }
    }

    /// Every change of the state is complete before the lock is let go, so poison says nothing.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same failure for another submitter of the batch.
pub fn copy(error: &AuthorityError) -> AuthorityError {
    match error {
        AuthorityError::Quorum {
            signed,
            needed,
            refusals,
        } => AuthorityError::Quorum {
            signed: *signed,
            needed: *needed,
            refusals: refusals.clone(),
        },
        AuthorityError::Full { path } => AuthorityError::Full { path: path.clone() },
        AuthorityError::Damaged {
            path,
            offset,
            detail,
        } => AuthorityError::Damaged {
            path: path.clone(),
            offset: *offset,
            detail: detail.clone(),
        },
        AuthorityError::Io {
            doing,
            path,
            source,
        } => AuthorityError::Io {
            doing,
            path: path.clone(),
            source: std::io::Error::new(source.kind(), source.to_string()),
        },
        other => AuthorityError::Stopped(crate::keys::chain(other)),
    }
}
