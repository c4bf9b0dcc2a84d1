//! `c2sp.org/tlog-proof@v1`: an entry's index, its inclusion proof and a cosigned checkpoint in one
//! text that verifies offline. Source: C2SP tlog-proof.

use crate::merkle::{Hash, PROOF_HASHES_MAX};
use crate::note::{NOTE_BYTES_MAX, Note, NoteError};
use crate::text::{base64_decode, base64_encode, base64_hash, decimal, excerpt};
use std::fmt;

pub const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 16_384;
pub const EXTRA_BYTES_MAX: usize = 4_096;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TlogProofError {
    #[error("the proof has {0} bytes, at most {PROOF_BYTES_MAX} are read")]
    Size(usize),
    #[error("line 1 is not `{PROOF_HEADER}` but `{0}`")]
    Header(String),
    #[error("line {line}: {what}")]
    Line { line: usize, what: &'static str },
    #[error("failed to read the checkpoint of the proof")]
    Checkpoint(#[from] NoteError),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Unauthenticated; never trusted.
    pub extra: Option<Vec<u8>>,
    /// Zero-based.
    pub index: u64,
    /// The leaf's sibling first.
    pub hashes: Vec<Hash>,
    /// A checkpoint with its signatures.
    pub note: Note,
}

impl TlogProof {
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        if text.len() > PROOF_BYTES_MAX {
            return Err(TlogProofError::Size(text.len()));
        }
        let (head, note) = text.split_once("\n\n").ok_or(TlogProofError::Line {
            line: 1,
            what: "no blank line before a checkpoint",
        })?;
        let mut lines = head.split('\n').zip(1..).peekable();
        match lines.next() {
            Some((PROOF_HEADER, _)) => {}
            other => {
                return Err(TlogProofError::Header(excerpt(
                    other.map_or("", |(l, _)| l),
                )));
            }
        }
        let wrong = |line, what| TlogProofError::Line { line, what };
        let extra = match lines
            .peek()
            .and_then(|(line, _)| line.strip_prefix("extra "))
        {
            None => None,
            Some(extra) => {
                lines.next();
                let extra = base64_decode(extra).filter(|extra| extra.len() <= EXTRA_BYTES_MAX);
                Some(extra.ok_or(wrong(2, "`extra` is not at most 4,096 bytes of base64"))?)
            }
        };
        let index = match lines.next() {
            None => return Err(wrong(2, "no `index` line")),
            Some((line, number)) => line
                .strip_prefix("index ")
                .and_then(decimal)
                .ok_or(wrong(number, "not `index ` and a plain decimal"))?,
        };
        let mut hashes = Vec::new();
        for (line, number) in lines {
            if hashes.len() == PROOF_HASHES_MAX {
                return Err(wrong(number, "more than 64 hashes"));
            }
            hashes.push(base64_hash(line).ok_or(wrong(number, "not 32 bytes of base64"))?);
        }
        Ok(Self {
            extra,
            index,
            hashes,
            note: Note::parse(note)?,
        })
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", base64_encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", base64_encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}
