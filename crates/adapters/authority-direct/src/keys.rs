//! Private keys as files: a header, the public vkey, the seed in hex; mode 0600.
//!
//! The vkey stands in the file so that a damaged seed is noticed, never silently used.

use crate::files;
use backlot_ports::authorities::AuthorityError;
use backlot_register::NoteSigner;
use backlot_register::note::KeyKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const HEADER: &str = "backlot-key/1";

/// Why a key cannot be used, in words for the health page.
pub type Problem = String;

/// Writes a new key. The caller never overwrites one.
pub fn write(path: &Path, signer: &NoteSigner, seed: &[u8; 32]) -> Result<(), AuthorityError> {
    let text = format!("{HEADER}\n{}\n{}\n", signer.verifier(), hex::encode(seed));
    files::write_durable(path, text.as_bytes(), 0o600)
}

/// The signer, or what is wrong with its file.
pub fn load(path: &Path, kind: KeyKind) -> Result<NoteSigner, Problem> {
    let shown = path.display();
    let bytes = match files::read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(format!("the key {shown} is missing")),
        Err(error) => return Err(format!("the key cannot be read: {}", chain(&error))),
    };
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        return Err(format!(
            "the key {shown} can be read by others (mode {:o}); hint: chmod 600",
            mode & 0o777
        ));
    }
    parse(&bytes, kind).ok_or_else(|| format!("the key {shown} is damaged"))
}

fn parse(bytes: &[u8], kind: KeyKind) -> Option<NoteSigner> {
    let mut lines = std::str::from_utf8(bytes)
        .ok()?
        .strip_suffix('\n')?
        .split('\n');
    let (header, vkey, seed) = (lines.next()?, lines.next()?, lines.next()?);
    if header != HEADER || lines.next().is_some() {
        return None;
    }
    let seed: [u8; 32] = hex::decode(seed).ok()?.try_into().ok()?;
    let (name, _) = vkey.split_once('+')?;
    let signer = NoteSigner::from_seed(name, kind, &seed).ok()?;
    (signer.verifier().to_string() == vkey).then_some(signer)
}

/// An error and its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
