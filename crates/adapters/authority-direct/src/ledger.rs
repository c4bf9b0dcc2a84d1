//! The ledger: leaves, tree, authorities and the newest signed checkpoint, behind one lock.

use crate::authority::{LocalAuthority, Request};
use crate::fault::{self, Fault, Step};
use crate::files::{self, failed};
use crate::keys;
use crate::leaves::{Leaves, TornTail};
use crate::queue::{Outcome, Queue, Waiting, copy};
use crate::setup::{self, AUTHORITIES};
use backlot_facts::UtcMicros;
use backlot_ports::authorities::{
    Authorities, AuthorityError, Consistency, ENTRIES_LIMIT_MAX, LedgerEntry, LedgerStatus, Receipt,
};
use backlot_register::note::{KeyKind, SignatureLine};
use backlot_register::{
    AuthorityList, Checkpoint, Claim, Hash, Note, NoteSigner, Policy, TlogProof, Tree, cosignature,
    leaf_hash,
};
use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// The newest checkpoint with a quorum.
#[derive(Debug, Clone)]
struct Signed {
    note: Note,
    size: u64,
    root: Hash,
}

struct Ledger {
    dir: PathBuf,
    policy: Policy,
    log: NoteSigner,
    leaves: Leaves,
    tree: Tree,
    /// Only looked up, never iterated.
    index_of: HashMap<Hash, u64>,
    authorities: Vec<LocalAuthority>,
    signed: Option<Signed>,
    /// Why nothing can be written until the ledger is opened again.
    stopped: Option<String>,
    fault: Option<Fault>,
}

/// [`Authorities`] over local directories. One process at a time, any number of threads.
pub struct AuthorityDirect {
    ledger: Mutex<Ledger>,
    queue: Queue,
    policy: Policy,
    list: AuthorityList,
    /// Held until drop.
    _lock: Lock,
}

impl AuthorityDirect {
    /// Opens the ledger in `dir`, creating it with fresh keys when there is none. `fill_random`
    /// must be a cryptographic source; it is called only for a new ledger. What a crash left
    /// unsigned is signed now, at `now`.
    pub fn open(
        dir: &Path,
        now: UtcMicros,
        fill_random: &mut dyn FnMut(&mut [u8; 32]),
    ) -> Result<Self, AuthorityError> {
        Self::open_with_fault(dir, now, fill_random, None)
    }

    /// [`AuthorityDirect::open`] for failure tests.
    pub fn open_with_fault(
        dir: &Path,
        now: UtcMicros,
        fill_random: &mut dyn FnMut(&mut [u8; 32]),
        fault: Option<Fault>,
    ) -> Result<Self, AuthorityError> {
        files::create_folder(dir)?;
        let lock = Lock::take(dir)?;
        let policy = setup::policy(dir, fill_random)?;
        let mut ledger = Ledger::open(dir, policy.clone(), fault)?;
        match ledger.sign_rest(now) {
            Ok(()) | Err(AuthorityError::Quorum { .. }) => {}
            Err(error) => return Err(error),
        }
        let list = AuthorityList::new(
            ledger
                .authorities
                .iter()
                .map(LocalAuthority::card)
                .collect(),
        );
        let ledger = Mutex::new(ledger);
        Ok(Self {
            ledger,
            queue: Queue::default(),
            policy,
            list,
            _lock: lock,
        })
    }

    fn ledger(&self) -> Result<MutexGuard<'_, Ledger>, AuthorityError> {
        let stopped = |_| AuthorityError::Stopped("a commit ended unexpectedly".to_owned());
        self.ledger.lock().map_err(stopped)
    }

    fn commit(&self, batch: &[Waiting]) -> Vec<Outcome> {
        match self.ledger() {
            Ok(mut ledger) => ledger.commit(batch),
            Err(error) => batch.iter().map(|_| Err(copy(&error))).collect(),
        }
    }
}

/// The lock of the folder. It is let go explicitly: a child process that was forked and has not
/// reached its program yet holds a copy of the descriptor, and would keep the lock a moment longer.
struct Lock(File);

impl Lock {
    fn take(dir: &Path) -> Result<Self, AuthorityError> {
        let path = dir.join("ledger.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = file.map_err(failed("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(AuthorityError::Locked { path: dir.into() }),
            Err(TryLockError::Error(error)) => Err(failed("lock", &path)(error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file lets go as well, only later.
        drop(self.0.unlock());
    }
}

impl Ledger {
    fn open(dir: &Path, policy: Policy, fault: Option<Fault>) -> Result<Self, AuthorityError> {
        let key_path = dir.join("log/key");
        let damaged = |detail| AuthorityError::Damaged {
            path: key_path.clone(),
            offset: 0,
            detail,
        };
        let log = keys::load(&key_path, KeyKind::Log).map_err(damaged)?;
        if policy
            .logs
            .first()
            .is_none_or(|known| known.key != *log.verifier())
        {
            return Err(damaged("it is not the log's key of policy.txt".to_owned()));
        }
        let (leaves, hashes, torn) = Leaves::open(&dir.join("log/leaves"))?;
        let named = AUTHORITIES.iter().zip(&policy.witnesses);
        let mut authorities: Vec<LocalAuthority> = named
            .map(|(name, witness)| {
                let folder = dir.join("authorities").join(name.id);
                LocalAuthority::open(&folder, name, witness.key.clone())
            })
            .collect();
        let signed = read_checkpoint(dir, &policy)?;
        let signed_size = authorities
            .iter()
            .map(LocalAuthority::signed_size)
            .max()
            .unwrap_or(0);
        let signed_size = signed_size.max(signed.as_ref().map_or(0, |signed| signed.size));
        cut_torn_tail(&leaves, torn, hashes.len() as u64, signed_size)?;
        let mut tree = Tree::default();
        let mut index_of = HashMap::with_capacity(hashes.len());
        for (index, hash) in (0..).zip(hashes) {
            tree.append(hash);
            index_of.entry(hash).or_insert(index);
        }
        authorities
            .iter_mut()
            .for_each(|authority| authority.attach(&tree));
        // A note of another history is not shown; the authorities' own states say what is wrong.
        let signed = signed.filter(|signed| tree.root_at(signed.size) == Some(signed.root));
        let dir = dir.to_owned();
        let stopped = None;
        Ok(Self {
            dir,
            policy,
            log,
            leaves,
            tree,
            index_of,
            authorities,
            signed,
            stopped,
            fault,
        })
    }

    fn signed_size(&self) -> u64 {
        self.signed.as_ref().map_or(0, |signed| signed.size)
    }

    fn commit(&mut self, batch: &[Waiting]) -> Vec<Outcome> {
        let hashes: Vec<Hash> = batch.iter().map(|one| leaf_hash(&one.leaf)).collect();
        let at = batch.iter().map(|one| one.at).max().unwrap_or(UtcMicros(0));
        let outcome = self
            .append(batch, &hashes)
            .and_then(|()| self.sign_rest(at));
        let receipt = |hash: &Hash| -> Outcome {
            match (self.index_of.get(hash), &outcome) {
                (Some(index), _) if *index < self.signed_size() => self.receipt(*index),
                (_, Err(error)) => Err(copy(error)),
                (index, Ok(())) => Err(AuthorityError::NoEntry {
                    index: index.copied().unwrap_or(self.tree.size()),
                    size: self.tree.size(),
                }),
            }
        };
        hashes.iter().map(receipt).collect()
    }

    /// Appends what is not in the log yet, in the order of the batch, with one fsync.
    fn append(&mut self, batch: &[Waiting], hashes: &[Hash]) -> Result<(), AuthorityError> {
        if let Some(why) = &self.stopped {
            return Err(AuthorityError::Stopped(why.clone()));
        }
        let mut fresh: Vec<(Hash, &[u8])> = Vec::new();
        for (hash, one) in hashes.iter().zip(batch) {
            let known = self.index_of.contains_key(hash) || fresh.iter().any(|(h, _)| h == hash);
            if !known {
                fresh.push((*hash, &one.leaf));
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let leaves: Vec<&[u8]> = fresh.iter().map(|(_, leaf)| *leaf).collect();
        if let Err(error) = self.leaves.append(&leaves, self.fault.as_ref()) {
            if died(&error) || self.leaves.cut_tail().is_err() {
                self.stopped = Some(keys::chain(&error));
            }
            return Err(error);
        }
        for (hash, _) in fresh {
            self.index_of.insert(hash, self.tree.size());
            self.tree.append(hash);
        }
        self.step(Step::LeafAppended)
    }

    fn step(&mut self, step: Step) -> Result<(), AuthorityError> {
        let outcome = fault::at(self.fault.as_ref(), step).map_err(failed("write", &self.dir));
        if outcome.as_ref().is_err_and(died) {
            self.stopped = Some("the process died".to_owned());
        }
        outcome
    }

    /// Has everything that is stored signed by a quorum, if it is not yet.
    fn sign_rest(&mut self, at: UtcMicros) -> Result<(), AuthorityError> {
        if self.signed_size() == self.tree.size() {
            return Ok(());
        }
        let origin = self.log.verifier().name().to_owned();
        let (size, root) = (self.tree.size(), self.tree.root());
        let checkpoint = Checkpoint { origin, size, root };
        let log_line = cosignature::sign_as_log(&checkpoint, &self.log);
        let mut note = Note {
            text: checkpoint.body(),
            signatures: vec![log_line],
        };
        let (lines, refusals) = self.ask_all(&note, size, at);
        let signed = lines.len();
        note.signatures.extend(lines);
        let accepted = self
            .policy
            .evaluate(&note)
            .is_ok_and(|evaluation| evaluation.accepted());
        if !accepted {
            let (needed, _) = self.policy.quorum_size();
            return Err(AuthorityError::Quorum {
                signed,
                needed,
                refusals,
            });
        }
        self.step(Step::QuorumReached)?;
        let written = files::write_atomic(
            &self.dir.join("log/checkpoint"),
            note.to_string().as_bytes(),
        );
        self.signed = Some(Signed { note, size, root });
        // Without the file the next opening asks for new signatures; the receipt stands.
        drop(written);
        Ok(())
    }

    /// All usable authorities at once: their fsyncs overlap. Answers in the order of the policy.
    fn ask_all(
        &mut self,
        note: &Note,
        size: u64,
        at: UtcMicros,
    ) -> (Vec<SignatureLine>, Vec<String>) {
        let (tree, leaves, log) = (&self.tree, &self.leaves, self.log.verifier());
        let fault = self.fault.as_ref();
        let read = |index| leaves.read(index);
        let ask = |authority: &mut LocalAuthority| {
            let old = authority.signed_size();
            let consistency = tree.consistency_proof(old.min(size), size);
            let consistency = consistency.map_err(|error| error.to_string())?;
            let consistency = &consistency;
            authority.cosign(
                &Request {
                    log,
                    note,
                    consistency,
                    leaf: &read,
                    at,
                },
                fault,
            )
        };
        let answers: Vec<Result<SignatureLine, String>> = std::thread::scope(|scope| {
            let started: Vec<_> = self
                .authorities
                .iter_mut()
                .map(|authority| {
                    let ask = &ask;
                    scope.spawn(move || ask(authority))
                })
                .collect();
            let ended = |_| Err("its thread ended unexpectedly".to_owned());
            started
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(ended))
                .collect()
        });
        let (mut lines, mut refusals) = (Vec::new(), Vec::new());
        for answer in answers {
            match answer {
                Ok(line) => lines.push(line),
                Err(refusal) => refusals.push(refusal),
            }
        }
        (lines, refusals)
    }

    fn receipt(&self, index: u64) -> Outcome {
        let size = self.tree.size();
        let leaf_hash = self
            .tree
            .leaf(index)
            .ok_or(AuthorityError::NoEntry { index, size })?;
        let not_signed = |size| AuthorityError::NotSigned { index, size };
        let signed = self.signed.as_ref().ok_or(not_signed(0))?;
        let hashes = self.tree.inclusion_proof(index, signed.size);
        let hashes = hashes.map_err(|_| not_signed(signed.size))?;
        let proof = TlogProof {
            extra: None,
            index,
            hashes,
            note: signed.note.clone(),
        };
        Ok(Receipt {
            index,
            tree_size: signed.size,
            leaf_hash,
            tlog_proof: proof.to_string(),
            checkpoint: signed.note.to_string(),
        })
    }
}

/// A fault that stands for the death of the process; see [`Fault`].
fn died(error: &AuthorityError) -> bool {
    let AuthorityError::Io { source, .. } = error else {
        return false;
    };
    source.kind() == io::ErrorKind::Interrupted
}

/// An unfinished append is cut off; what anybody signed never is.
fn cut_torn_tail(
    leaves: &Leaves,
    torn: Option<TornTail>,
    whole: u64,
    signed_size: u64,
) -> Result<(), AuthorityError> {
    match torn {
        None => Ok(()),
        Some(_) if whole >= signed_size => leaves.cut_tail(),
        Some(TornTail { offset }) => Err(AuthorityError::Damaged {
            path: leaves.path().into(),
            offset,
            detail: format!("entry {whole} is not whole, but {signed_size} entries were signed"),
        }),
    }
}

/// The stored note, if it is there, whole and under a quorum.
fn read_checkpoint(dir: &Path, policy: &Policy) -> Result<Option<Signed>, AuthorityError> {
    let bytes = files::read(&dir.join("log/checkpoint"))?.unwrap_or_default();
    let note = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| Note::parse(text).ok());
    let Some(note) = note else { return Ok(None) };
    let accepted = policy
        .evaluate(&note)
        .is_ok_and(|evaluation| evaluation.accepted());
    let checkpoint = Checkpoint::parse(&note.text).ok().filter(|_| accepted);
    Ok(checkpoint.map(|Checkpoint { size, root, .. }| Signed { note, size, root }))
}

impl Authorities for AuthorityDirect {
    fn submit(&self, leaf: &[u8], at: UtcMicros) -> Result<Receipt, AuthorityError> {
        Claim::parse(leaf).map_err(AuthorityError::NotAClaim)?;
        self.queue.submit(leaf, at, |batch| self.commit(batch))
    }

    fn status(&self) -> Result<LedgerStatus, AuthorityError> {
        let ledger = self.ledger()?;
        Ok(LedgerStatus {
            origin: ledger.log.verifier().name().to_owned(),
            size: ledger.tree.size(),
            signed_size: ledger.signed_size(),
            root: ledger.tree.root(),
            needed: self.policy.quorum_size().0,
            authorities: ledger
                .authorities
                .iter()
                .map(LocalAuthority::health)
                .collect(),
        })
    }

    fn prove(&self, index: u64) -> Result<Receipt, AuthorityError> {
        self.ledger()?.receipt(index)
    }

    fn find(&self, leaf_hash: &Hash) -> Result<Option<u64>, AuthorityError> {
        Ok(self.ledger()?.index_of.get(leaf_hash).copied())
    }

    fn checkpoint(&self) -> Result<Option<String>, AuthorityError> {
        Ok(self
            .ledger()?
            .signed
            .as_ref()
            .map(|signed| signed.note.to_string()))
    }

    fn policy(&self) -> Result<Policy, AuthorityError> {
        Ok(self.policy.clone())
    }

    fn authorities(&self) -> Result<AuthorityList, AuthorityError> {
        Ok(self.list.clone())
    }

    fn entries(&self, start: u64, limit: u32) -> Result<Vec<LedgerEntry>, AuthorityError> {
        let ledger = self.ledger()?;
        let end = start.saturating_add(u64::from(limit.min(ENTRIES_LIMIT_MAX)));
        let entry = |index| {
            let leaf = ledger.leaves.read(index)?;
            Ok(LedgerEntry {
                index,
                leaf_hash: leaf_hash(&leaf),
                leaf,
            })
        };
        (start..end.min(ledger.tree.size())).map(entry).collect()
    }

    fn consistency(&self, old_size: u64) -> Result<Consistency, AuthorityError> {
        let ledger = self.ledger()?;
        let size = ledger.signed_size();
        let no_such = || AuthorityError::NoSuchSize {
            old: old_size,
            size,
        };
        let hashes = ledger
            .tree
            .consistency_proof(old_size, size)
            .map_err(|_| no_such())?;
        let old_root = ledger.tree.root_at(old_size).ok_or_else(no_such)?;
        let new_root = ledger.tree.root_at(size).ok_or_else(no_such)?;
        Ok(Consistency {
            old_size,
            old_root,
            new_size: size,
            new_root,
            hashes,
        })
    }
}
