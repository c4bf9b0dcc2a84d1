//! The leaves: every claim in order, in one append-only file.
//!
//! Header `backlot-leaves/1`, then records: u32 big-endian length, the first 8 bytes of the leaf
//! hash, the leaf. A record that is not whole at the very end is what a crash leaves behind; a bad
//! record with more behind it than one record could be is damage, and is never cut off.

use crate::fault::{self, Fault, Step};
use crate::files::{self, failed};
use backlot_ports::authorities::AuthorityError;
use backlot_register::claim::CLAIM_BYTES_MAX;
use backlot_register::{Hash, leaf_hash};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const HEADER: &[u8; 16] = b"backlot-leaves/1";
const HEAD_BYTES: u64 = 12;
/// Leaves of one append at most; see [`crate::queue`].
pub const BATCH_MAX: usize = 256;
/// What a torn append can leave at most.
const TORN_BYTES_MAX: u64 = BATCH_MAX as u64 * (HEAD_BYTES + CLAIM_BYTES_MAX as u64);

/// A bad end of the file: where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TornTail {
    pub offset: u64,
}

#[derive(Debug)]
pub struct Leaves {
    path: PathBuf,
    file: File,
    /// Where each record begins.
    offsets: Vec<u64>,
    /// Where the next record goes.
    end: u64,
}

impl Leaves {
    pub fn create(path: &Path) -> Result<(), AuthorityError> {
        files::write_durable(path, HEADER, 0o644)
    }

    /// Reads all records and gives their hashes. A torn tail is reported, not yet removed.
    pub fn open(path: &Path) -> Result<(Self, Vec<Hash>, Option<TornTail>), AuthorityError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(failed("open", path))?;
        let length = file.metadata().map_err(failed("measure", path))?.len();
        let damaged = |offset, detail: &str| AuthorityError::Damaged {
            path: path.into(),
            offset,
            detail: detail.to_owned(),
        };
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let mut header = [0; 16];
        if reader.read_exact(&mut header).is_err() || header != *HEADER {
            return Err(damaged(0, "it does not begin with `backlot-leaves/1`"));
        }
        let (mut offsets, mut hashes, mut at) = (Vec::new(), Vec::new(), HEADER.len() as u64);
        let mut leaf = Vec::new();
        let mut torn = None;
        while at < length {
            match read_record(&mut reader, &mut leaf).map_err(failed("read", path))? {
                Some(hash) => {
                    hashes.push(hash);
                    offsets.push(at);
                    at += HEAD_BYTES + leaf.len() as u64;
                }
                None if length - at > TORN_BYTES_MAX => {
                    let detail = format!("record {} is not whole", offsets.len());
                    return Err(damaged(at, &detail));
                }
                None => {
                    torn = Some(TornTail { offset: at });
                    break;
                }
            }
        }
        Ok((
            Self {
                path: path.into(),
                file,
                offsets,
                end: at,
            },
            hashes,
            torn,
        ))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where record `index` begins; the end of the file when there is none.
    pub fn offset(&self, index: u64) -> u64 {
        let offset = usize::try_from(index)
            .ok()
            .and_then(|index| self.offsets.get(index));
        offset.copied().unwrap_or(self.end)
    }

    /// Removes everything behind the last whole record.
    pub fn cut_tail(&self) -> Result<(), AuthorityError> {
        self.file
            .set_len(self.end)
            .map_err(failed("shorten", &self.path))?;
        self.file.sync_all().map_err(failed("sync", &self.path))
    }

    /// Appends all and returns after they are on stable storage. On an error the caller must
    /// [`Leaves::cut_tail`] or stop.
    pub fn append(
        &mut self,
        leaves: &[&[u8]],
        fault: Option<&Fault>,
    ) -> Result<(), AuthorityError> {
        let mut bytes = Vec::new();
        let mut offsets = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            offsets.push(self.end + bytes.len() as u64);
            bytes.extend_from_slice(&(leaf.len() as u32).to_be_bytes());
            bytes.extend_from_slice(&leaf_hash(leaf)[..8]);
            bytes.extend_from_slice(leaf);
        }
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let write = || -> io::Result<()> {
            self.file.write_all_at(first, self.end)?;
            fault::at(fault, Step::LeafTorn)?;
            self.file
                .write_all_at(second, self.end + first.len() as u64)?;
            self.file.sync_data()
        };
        write().map_err(failed("append to", &self.path))?;
        self.end += bytes.len() as u64;
        self.offsets.extend(offsets);
        Ok(())
    }

    pub fn read(&self, index: u64) -> Result<Vec<u8>, AuthorityError> {
        let (start, end) = (self.offset(index), self.offset(index + 1));
        let mut record = vec![0; usize::try_from(end - start).unwrap_or(0)];
        self.file
            .read_exact_at(&mut record, start)
            .map_err(failed("read", &self.path))?;
        let damaged = |detail: &str| AuthorityError::Damaged {
            path: self.path.clone(),
            offset: start,
            detail: detail.to_owned(),
        };
        let (head, leaf) = record
            .split_at_checked(HEAD_BYTES as usize)
            .ok_or_else(|| damaged("there is no such record"))?;
        if head[4..] == leaf_hash(leaf)[..8] {
            Ok(leaf.to_vec())
        } else {
            Err(damaged("the record changed after it was written"))
        }
    }
}

/// One record into `leaf`; `None` when it is not whole. Nothing is allocated by a lying length.
fn read_record(reader: &mut impl Read, leaf: &mut Vec<u8>) -> io::Result<Option<Hash>> {
    let mut head = [0; HEAD_BYTES as usize];
    if !fill(reader, &mut head)? {
        return Ok(None);
    }
    let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    if length == 0 || length > CLAIM_BYTES_MAX {
        return Ok(None);
    }
    leaf.resize(length, 0);
    if !fill(reader, leaf)? {
        return Ok(None);
    }
    let hash = leaf_hash(leaf);
    Ok((head[4..] == hash[..8]).then_some(hash))
}

/// False when the file ends first.
fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
