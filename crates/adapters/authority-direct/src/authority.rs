//! One local authority: its key, what it signed last, and the checks before it signs again.
//!
//! In this order: the log signed the checkpoint · it is our log · it is not smaller than what was
//! signed last · the consistency proof holds · every new leaf is a canonical claim and together
//! they lead to the stated root · the clock has not gone back · the new state is on disk. Only
//! then a signature leaves. Source: C2SP tlog-witness, "the witness must".

use crate::fault::{self, Fault, Step};
use crate::keys::{self, Problem};
use crate::setup::AuthorityName;
use crate::signed_state::{SignedState, StateFile};
use backlot_facts::UtcMicros;
use backlot_ports::authorities::{AuthorityError, AuthorityHealth};
use backlot_register::merkle::{Frontier, verify_consistency};
use backlot_register::note::{KeyKind, SignatureLine};
use backlot_register::{
    AuthorityCard, Checkpoint, Claim, Hash, NamedKey, Note, NoteSigner, Tree, cosignature,
    leaf_hash,
};
use std::path::Path;

/// A clock may go back this far; the authority then signs its last time again.
const CLOCK_BACK_SECS_MAX: u64 = 300;

/// What the ledger hands to an authority.
pub struct Request<'a> {
    pub log: &'a NamedKey,
    /// The checkpoint with the log's signature.
    pub note: &'a Note,
    /// From the size this authority signed last.
    pub consistency: &'a [Hash],
    /// The leaf at an index below the new size.
    pub leaf: &'a (dyn Fn(u64) -> Result<Vec<u8>, AuthorityError> + Sync),
    pub at: UtcMicros,
}

/// The parts that are there only when the directory is in order.
struct Desk {
    signer: NoteSigner,
    file: StateFile,
    frontier: Frontier,
}

pub struct LocalAuthority {
    name: &'static AuthorityName,
    /// As the policy has it, also when the private key is gone.
    key: NamedKey,
    state: SignedState,
    desk: Result<Desk, Problem>,
    /// Why it did not sign the last time it was asked.
    refusal: Option<String>,
}

impl LocalAuthority {
    /// Never fails: what is wrong with the directory is kept as the authority's problem.
    pub fn open(folder: &Path, name: &'static AuthorityName, key: NamedKey) -> Self {
        let mut state = SignedState::never();
        let desk = open_desk(folder, &key).map(|(desk, found)| {
            state = found;
            desk
        });
        Self {
            name,
            key,
            state,
            desk,
            refusal: None,
        }
    }

    /// Holds its last-signed state against the log; a log that was rolled back or rewritten makes
    /// the authority refuse from now on.
    pub fn attach(&mut self, tree: &Tree) {
        let SignedState { size, root, .. } = self.state;
        let problem = match (tree.root_at(size), tree.frontier_at(size)) {
            (Some(found), Some(frontier)) if found == root => {
                if let Ok(desk) = &mut self.desk {
                    desk.frontier = frontier;
                }
                return;
            }
            (Some(_), _) => format!("the log was rewritten below {size}, which was signed"),
            (None, _) => {
                format!(
                    "the log has {} entries, {size} were signed: an old copy?",
                    tree.size()
                )
            }
        };
        if self.desk.is_ok() {
            self.desk = Err(problem);
        }
    }

    pub const fn signed_size(&self) -> u64 {
        self.state.size
    }

    pub fn problem(&self) -> Option<String> {
        self.desk.as_ref().err().or(self.refusal.as_ref()).cloned()
    }

    pub fn card(&self) -> AuthorityCard {
        AuthorityCard {
            id: self.name.id.to_owned(),
            name_en: self.name.en.to_owned(),
            name_zh: self.name.zh.to_owned(),
            vkey: self.key.to_string(),
        }
    }

    pub fn health(&self) -> AuthorityHealth {
        let secs = i64::try_from(self.state.unix_secs)
            .ok()
            .filter(|secs| *secs > 0);
        let AuthorityCard {
            id,
            name_en,
            name_zh,
            vkey,
        } = self.card();
        AuthorityHealth {
            id,
            name_zh,
            name_en,
            vkey,
            last_signed_size: self.state.size,
            last_signed_time: secs.map(UtcMicros::from_secs),
            healthy: self.problem().is_none(),
            problem: self.problem(),
        }
    }

    /// A cosignature, or the reason why not. The state on disk is ahead of every signature given.
    pub fn cosign(
        &mut self,
        request: &Request<'_>,
        fault: Option<&Fault>,
    ) -> Result<SignatureLine, String> {
        let outcome = self.cosign_inner(request, fault);
        self.refusal = outcome.as_ref().err().cloned();
        outcome.map_err(|why| format!("{}: {why}", self.name.id))
    }

    fn cosign_inner(
        &mut self,
        request: &Request<'_>,
        fault: Option<&Fault>,
    ) -> Result<SignatureLine, String> {
        let desk = self.desk.as_mut().map_err(|problem| problem.clone())?;
        let checkpoint = check_log(request)?;
        let Checkpoint { size, root, .. } = &checkpoint;
        if *size < self.state.size {
            return Err(format!(
                "{size} entries are fewer than the {} signed",
                self.state.size
            ));
        }
        if self.state.size > 0 {
            let old = &self.state;
            verify_consistency(old.size, *size, &old.root, root, request.consistency)
                .map_err(|error| format!("the log does not extend what was signed: {error}"))?;
        }
        let frontier = extend(&desk.frontier, *size, request)?;
        if frontier.root() != *root {
            return Err("the new claims do not lead to the root of the checkpoint".to_owned());
        }
        let unix_secs = signing_time(request.at, self.state.unix_secs)?;
        let next = self.state.next(*size, *root, unix_secs);
        let died = |error: std::io::Error| error.to_string();
        fault::at(fault, Step::BeforeSaved(self.name.id)).map_err(died)?;
        desk.file.save(next).map_err(|error| keys::chain(&error))?;
        fault::at(fault, Step::Saved(self.name.id)).map_err(died)?;
        self.state = next;
        desk.frontier = frontier;
        Ok(cosignature::cosign(&checkpoint, unix_secs, &desk.signer))
    }
}

fn open_desk(folder: &Path, key: &NamedKey) -> Result<(Desk, SignedState), Problem> {
    if !folder.is_dir() {
        return Err(format!("its folder {} is missing", folder.display()));
    }
    let signer = keys::load(&folder.join("key"), KeyKind::Cosigner)?;
    if signer.verifier() != key {
        return Err("its key is not the one of the policy".to_owned());
    }
    let path = folder.join("last-signed");
    match StateFile::open(&path) {
        Ok(Some((file, state))) => Ok((
            Desk {
                signer,
                file,
                frontier: Frontier::default(),
            },
            state,
        )),
        Ok(None) => Err(format!(
            "its record {} is missing or damaged",
            path.display()
        )),
        Err(error) => Err(keys::chain(&error)),
    }
}

fn check_log(request: &Request<'_>) -> Result<Checkpoint, String> {
    cosignature::verify_log(request.note, request.log).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::parse(&request.note.text).map_err(|error| error.to_string())?;
    if checkpoint.origin == request.log.name() {
        Ok(checkpoint)
    } else {
        Err("the checkpoint is of another log".to_owned())
    }
}

fn extend(frontier: &Frontier, size: u64, request: &Request<'_>) -> Result<Frontier, String> {
    let mut frontier = frontier.clone();
    for index in frontier.size()..size {
        let leaf = (request.leaf)(index).map_err(|error| keys::chain(&error))?;
        Claim::parse(&leaf).map_err(|error| format!("entry {index} is not a claim: {error}"))?;
        frontier.append(leaf_hash(&leaf));
    }
    Ok(frontier)
}

/// Times never go back; a small step back of the caller's clock repeats the last time.
fn signing_time(at: UtcMicros, last_secs: u64) -> Result<u64, String> {
    let now_secs =
        u64::try_from(at.as_secs()).map_err(|_| "the clock is before 1970".to_owned())?;
    if now_secs.saturating_add(CLOCK_BACK_SECS_MAX) < last_secs {
        let back = last_secs - now_secs;
        return Err(format!(
            "the clock is {back} s behind the last signature; hint: set it"
        ));
    }
    Ok(now_secs.max(last_secs))
}
