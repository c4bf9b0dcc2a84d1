//! Signatures over checkpoints: the log's own (type 0x01) and `cosignature/v1` (type 0x04).
//!
//! A cosignature signs `cosignature/v1\n`, `time <unix seconds>\n` and the whole checkpoint body;
//! its blob is the time as u64 big-endian and 64 signature bytes. It says: at that time the largest
//! tree this authority has seen of the log had this root, and it was an extension of what the
//! authority saw before. Source: C2SP tlog-cosignature, C2SP signed-note.

use crate::note::{Checkpoint, KeyKind, NamedKey, Note, NoteSigner, SignatureLine};

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum SignatureError {
    #[error("`{0}` has not signed")]
    Absent(String),
    #[error("`{0}` is not a key for this kind of signature")]
    Kind(String),
    #[error("`{0}` has two signatures on one checkpoint")]
    Twice(String),
    #[error("the signature of `{0}` is {1} bytes long")]
    Length(String, usize),
    #[error("the time signed by `{0}` is beyond the year 292277026596")]
    Time(String),
    #[error("the signature of `{0}` does not verify")]
    Invalid(String),
}

/// The log's signature line: plain Ed25519 over the checkpoint body.
pub fn sign_as_log(checkpoint: &Checkpoint, log: &NoteSigner) -> SignatureLine {
    let signature = log.sign_ed25519(checkpoint.body().as_bytes());
    line(log, signature.to_vec())
}

/// An authority's signature line at `unix_secs`.
pub fn cosign(checkpoint: &Checkpoint, unix_secs: u64, authority: &NoteSigner) -> SignatureLine {
    let message = cosigned_message(&checkpoint.body(), unix_secs);
    let mut blob = unix_secs.to_be_bytes().to_vec();
    blob.extend_from_slice(&authority.sign_ed25519(message.as_bytes()));
    line(authority, blob)
}

fn line(signer: &NoteSigner, signature: Vec<u8>) -> SignatureLine {
    let key = signer.verifier();
    SignatureLine {
        name: key.name().to_owned(),
        key_id: key.id(),
        signature,
    }
}

fn cosigned_message(body: &str, unix_secs: u64) -> String {
    format!("cosignature/v1\ntime {unix_secs}\n{body}")
}

/// The log has signed this note.
pub fn verify_log(note: &Note, log: &NamedKey) -> Result<(), SignatureError> {
    let signature: &[u8; 64] = exactly_one(note, log, KeyKind::Log)?
        .try_into()
        .map_err(|_| length(note, log))?;
    if log.verify_ed25519(note.text.as_bytes(), signature) {
        Ok(())
    } else {
        Err(SignatureError::Invalid(log.name().to_owned()))
    }
}

/// The authority has cosigned this note; the answer is when, in Unix seconds.
pub fn verify_cosignature(note: &Note, authority: &NamedKey) -> Result<u64, SignatureError> {
    let blob = exactly_one(note, authority, KeyKind::Cosigner)?;
    let Some((time, signature)) = blob.split_first_chunk::<8>() else {
        return Err(length(note, authority));
    };
    let signature: &[u8; 64] = signature.try_into().map_err(|_| length(note, authority))?;
    let unix_secs = u64::from_be_bytes(*time);
    if i64::try_from(unix_secs).is_err() {
        return Err(SignatureError::Time(authority.name().to_owned()));
    }
    let message = cosigned_message(&note.text, unix_secs);
    if authority.verify_ed25519(message.as_bytes(), signature) {
        Ok(unix_secs)
    } else {
        Err(SignatureError::Invalid(authority.name().to_owned()))
    }
}

fn exactly_one<'a>(
    note: &'a Note,
    key: &'a NamedKey,
    kind: KeyKind,
) -> Result<&'a [u8], SignatureError> {
    if key.kind() != kind {
        return Err(SignatureError::Kind(key.name().to_owned()));
    }
    let mut lines = key.lines_in(note);
    match (lines.next(), lines.next()) {
        (None, _) => Err(SignatureError::Absent(key.name().to_owned())),
        (Some(line), None) => Ok(&line.signature),
        (Some(_), Some(_)) => Err(SignatureError::Twice(key.name().to_owned())),
    }
}

fn length(note: &Note, key: &NamedKey) -> SignatureError {
    let found = key
        .lines_in(note)
        .next()
        .map_or(0, |line| line.signature.len());
    SignatureError::Length(key.name().to_owned(), found)
}
