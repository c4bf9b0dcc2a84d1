//! What an authority signed last, in two slots of one file, written in turn and fsynced.
//!
//! A crash in the middle of a write damages only the older slot, so the newest whole state is
//! always there, at one fsync per signature. Slot: magic, sequence, size, root, Unix seconds,
//! SHA-256 of these.

use crate::files::{self, failed};
use backlot_ports::authorities::AuthorityError;
use backlot_register::Hash;
use backlot_register::merkle::empty_root;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"BLSIGN01";
const BODY_BYTES: usize = 64;
const SLOT_BYTES: usize = BODY_BYTES + 32;

/// The largest tree an authority has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedState {
    sequence: u64,
    pub size: u64,
    pub root: Hash,
    /// 0 = never.
    pub unix_secs: u64,
}

impl SignedState {
    pub fn never() -> Self {
        Self {
            sequence: 0,
            size: 0,
            root: empty_root(),
            unix_secs: 0,
        }
    }

    pub const fn next(&self, size: u64, root: Hash, unix_secs: u64) -> Self {
        Self {
            sequence: self.sequence + 1,
            size,
            root,
            unix_secs,
        }
    }

    fn to_slot(self) -> [u8; SLOT_BYTES] {
        let mut slot = [0; SLOT_BYTES];
        slot[..8].copy_from_slice(MAGIC);
        slot[8..16].copy_from_slice(&self.sequence.to_be_bytes());
        slot[16..24].copy_from_slice(&self.size.to_be_bytes());
        slot[24..56].copy_from_slice(&self.root);
        slot[56..64].copy_from_slice(&self.unix_secs.to_be_bytes());
        let sum: [u8; 32] = Sha256::digest(&slot[..BODY_BYTES]).into();
        slot[BODY_BYTES..].copy_from_slice(&sum);
        slot
    }

    fn from_slot(slot: &[u8]) -> Option<Self> {
        let (body, sum) = slot.split_at_checked(BODY_BYTES)?;
        let whole = body[..8] == *MAGIC && Sha256::digest(body)[..] == *sum;
        let number = |at: usize| Some(u64::from_be_bytes(body.get(at..at + 8)?.try_into().ok()?));
        if !whole {
            return None;
        }
        let root = body[24..56].try_into().ok()?;
        Some(Self {
            sequence: number(8)?,
            size: number(16)?,
            root,
            unix_secs: number(56)?,
        })
    }
}

/// The open file.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    file: File,
}

impl StateFile {
    /// The state of an authority that has never signed.
    pub fn create(path: &Path) -> Result<(), AuthorityError> {
        let slot = SignedState::never().to_slot();
        files::write_durable(path, &[slot, slot].concat(), 0o600)
    }

    /// Opens it and gives the newest whole state; `None` when there is none.
    pub fn open(path: &Path) -> Result<Option<(Self, SignedState)>, AuthorityError> {
        let Some(bytes) = files::read(path)? else {
            return Ok(None);
        };
        let newest = bytes
            .chunks(SLOT_BYTES)
            .take(2)
            .filter_map(SignedState::from_slot);
        let Some(newest) = newest.max_by_key(|state| state.sequence) else {
            return Ok(None);
        };
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(failed("open", path))?;
        Ok(Some((
            Self {
                path: path.into(),
                file,
            },
            newest,
        )))
    }

    /// Returns after the state is on stable storage.
    pub fn save(&self, state: SignedState) -> Result<(), AuthorityError> {
        let offset = (state.sequence % 2) * SLOT_BYTES as u64;
        let written = self.file.write_all_at(&state.to_slot(), offset);
        written.map_err(failed("write", &self.path))?;
        self.file.sync_data().map_err(failed("sync", &self.path))
    }
}
