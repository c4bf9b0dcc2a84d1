//! Signed notes and checkpoints: text of which every byte is signed, with one line per signature.
//!
//! A note is text ending in a newline, a blank line and lines `— <key name> base64(id ‖ signature)`
//! where id = SHA-256(name ‖ "\n" ‖ type ‖ public key)[:4]. A checkpoint is a note whose text is
//! origin, decimal size, base64 root. Signatures of unknown keys are ignored by verifiers.
//! Sources: C2SP signed-note, C2SP tlog-checkpoint.

use crate::merkle::Hash;
use crate::text::{base64_decode, base64_encode, base64_hash, decimal, excerpt, is_key_name};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

pub const NOTE_BYTES_MAX: usize = 65_536;
/// Twice what C2SP asks a verifier to accept at least.
pub const SIGNATURES_MAX: usize = 32;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoteError {
    #[error("the note has {0} bytes, at most {NOTE_BYTES_MAX} are read")]
    Size(usize),
    #[error("byte {0} is a control character")]
    Control(usize),
    #[error("no blank line stands between the text and the signatures")]
    Separator,
    #[error("the last line does not end in a newline")]
    Newline,
    #[error("signature line {line} is not `— <name> <base64>`: `{text}`")]
    Line { line: usize, text: String },
    #[error("the note has {0} signatures, 1 to {SIGNATURES_MAX} are read")]
    Count(usize),
    #[error("line {line} of the checkpoint: {what}")]
    Checkpoint { line: usize, what: &'static str },
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    #[error("`{0}` is not a verifier key of the form name+id+base64")]
    Form(String),
    #[error("the key id of `{0}` does not belong to its name and key")]
    Id(String),
    #[error("`{name}` has signature type 0x{kind:02x}, only 0x01 and 0x04 are known")]
    Kind { name: String, kind: u8 },
    #[error("`{0}` is not a usable Ed25519 public key")]
    Weak(String),
    #[error("`{0}` cannot name a key: it is empty, or has spaces, `+` or control characters")]
    Name(String),
}

/// What a key signs, C2SP signature type bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// 0x01: Ed25519 over the note text, for logs.
    Log,
    /// 0x04: `cosignature/v1`, for authorities.
    Cosigner,
}

impl KeyKind {
    pub const fn byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Cosigner => 0x04,
        }
    }
}

/// A public key with its name: what a vkey says. Never a key of small order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedKey {
    name: String,
    kind: KeyKind,
    key: VerifyingKey,
}

impl NamedKey {
    pub fn try_new(name: &str, kind: KeyKind, key: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name(excerpt(name)));
        }
        let weak = || KeyError::Weak(name.to_owned());
        let key = VerifyingKey::from_bytes(key).map_err(|_| weak())?;
        if key.is_weak() {
            return Err(weak());
        }
        Ok(Self {
            name: name.to_owned(),
            kind,
            key,
        })
    }

    /// `name+hex8(key id)+base64(type ‖ key)`.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let form = || KeyError::Form(excerpt(vkey));
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(form());
        };
        let material = base64_decode(material).ok_or_else(form)?;
        let Some((&kind, key)) = material.split_first() else {
            return Err(form());
        };
        let kind = match kind {
            0x01 => KeyKind::Log,
            0x04 => KeyKind::Cosigner,
            kind => {
                return Err(KeyError::Kind {
                    name: excerpt(name),
                    kind,
                });
            }
        };
        let key: &[u8; 32] = key.try_into().map_err(|_| form())?;
        let named = Self::try_new(name, kind, key)?;
        if hex::encode(named.id()) != id {
            return Err(KeyError::Id(excerpt(name)));
        }
        Ok(named)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    pub fn key_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The four bytes that open every signature of this key.
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.key_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Strict RFC 8032 verification: no small-order points, no second encodings.
    pub fn verify_ed25519(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }

    /// The signature lines of a note that claim to be of this key.
    pub fn lines_in<'a>(&'a self, note: &'a Note) -> impl Iterator<Item = &'a SignatureLine> {
        let id = self.id();
        note.signatures
            .iter()
            .filter(move |line| line.key_id == id && line.name == self.name)
    }
}

impl fmt::Display for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.byte()];
        material.extend_from_slice(self.key_bytes());
        write!(
            f,
            "{}+{}+{}",
            self.name,
            hex::encode(self.id()),
            base64_encode(&material)
        )
    }
}

/// A private key with its name. Debug never shows the seed.
pub struct NoteSigner {
    named: NamedKey,
    key: SigningKey,
}

impl NoteSigner {
    /// `seed`: 32 bytes from a cryptographic random source.
    pub fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let named = NamedKey::try_new(name, kind, key.verifying_key().as_bytes())?;
        Ok(Self { named, key })
    }

    pub const fn verifier(&self) -> &NamedKey {
        &self.named
    }

    pub(crate) fn sign_ed25519(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.named)
    }
}

/// One `— name base64` line, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    pub name: String,
    pub key_id: [u8; 4],
    /// What follows the key id.
    pub signature: Vec<u8>,
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blob = self.key_id.to_vec();
        blob.extend_from_slice(&self.signature);
        writeln!(f, "— {} {}", self.name, base64_encode(&blob))
    }
}

/// A note, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Ends in a newline.
    pub text: String,
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::Size(note.len()));
        }
        if let Some(at) = note.bytes().position(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Control(at));
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Separator)?;
        let (text, lines) = (&note[..=split], &note[split + 2..]);
        if !lines.is_empty() && !lines.ends_with('\n') {
            return Err(NoteError::Newline);
        }
        let count = lines.bytes().filter(|byte| *byte == b'\n').count();
        if count == 0 || count > SIGNATURES_MAX {
            return Err(NoteError::Count(count));
        }
        let signatures = lines
            .lines()
            .enumerate()
            .map(|(number, line)| parse_signature(number + 1, line))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }
}

fn parse_signature(line: usize, text: &str) -> Result<SignatureLine, NoteError> {
    let wrong = || NoteError::Line {
        line,
        text: excerpt(text),
    };
    let (name, blob) = text
        .strip_prefix("— ")
        .and_then(|rest| rest.split_once(' '))
        .ok_or_else(wrong)?;
    let blob = base64_decode(blob)
        .filter(|blob| blob.len() > 4)
        .ok_or_else(wrong)?;
    if !is_key_name(name) {
        return Err(wrong());
    }
    let mut key_id = [0; 4];
    key_id.copy_from_slice(&blob[..4]);
    Ok(SignatureLine {
        name: name.to_owned(),
        key_id,
        signature: blob[4..].to_vec(),
    })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| write!(f, "{line}"))
    }
}

/// What a log says about itself at one size. Extension lines are refused: cosigners make no
/// statement about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed, with its last newline.
    pub fn body(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            base64_encode(&self.root)
        )
    }

    pub fn parse(body: &str) -> Result<Self, NoteError> {
        let wrong = |line, what| NoteError::Checkpoint { line, what };
        let body = body.strip_suffix('\n').ok_or(NoteError::Newline)?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty());
        let origin = origin.ok_or(wrong(1, "the origin is empty"))?;
        let size = lines.next().and_then(decimal);
        let size = size.ok_or(wrong(2, "the tree size is not a plain decimal"))?;
        let root = lines.next().and_then(base64_hash);
        let root = root.ok_or(wrong(3, "the root is not 32 bytes of base64"))?;
        if lines.next().is_some() {
            return Err(wrong(4, "extension lines are not accepted"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
        })
    }
}
