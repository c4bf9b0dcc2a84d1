//! Claims: what is registered, in one canonical byte form.
//!
//! The bytes are JCS (RFC 8785) of a closed record, so equal claims have equal bytes and equal
//! leaf hashes. Parsing refuses everything else: unknown versions and members, duplicate members,
//! another order or spacing, deep nesting, more than [`CLAIM_BYTES_MAX`] bytes. No floats.
//!
//! A claim is a statement of whoever registers it; registration does not make it true.

use crate::code::EvidenceCode;
use backlot_facts::{Sha256Hex, UtcMicros, canonical_json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const CLAIM_SCHEMA: &str = "backlot.claim/1";
/// Fits an entry bundle of tlog-tiles (65,535) with room for its framing.
pub const CLAIM_BYTES_MAX: usize = 60_000;
pub const DEPTH_MAX: usize = 6;
pub const FILES_MAX: usize = 100;
pub const PRIOR_MAX: usize = 100;
pub const DETAILS_MAX: usize = 64;
/// Characters of one name, title or detail.
pub const TEXT_CHARS_MAX: usize = 400;
/// The largest integer that every JSON reader keeps exact.
const EXACT_MAX: u64 = 1 << 53;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ClaimError {
    #[error("the claim has {0} bytes, at most {CLAIM_BYTES_MAX} are allowed")]
    TooLong(usize),
    #[error("byte {offset} nests deeper than {DEPTH_MAX} levels")]
    TooDeep { offset: usize },
    #[error("the claim is of schema `{0}`, this program reads `{CLAIM_SCHEMA}`")]
    Version(String),
    #[error("the claim is not valid JSON of its schema, line {line} column {column}: {what}")]
    Json {
        line: usize,
        column: usize,
        what: String,
    },
    #[error("the claim is not in canonical form (RFC 8785) from byte {offset} on")]
    NotCanonical { offset: usize },
    #[error("`{field}` {what}")]
    Field { field: String, what: &'static str },
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    WorkRegistered,
    MasterRegistered,
    LicenceGranted,
    LicencePaid,
    InfringementFound,
    DocumentRegistered,
}

impl Act {
    pub const fn name(self, chinese: bool) -> &'static str {
        match (self, chinese) {
            (Self::WorkRegistered, true) => "作品登记",
            (Self::WorkRegistered, false) => "work registered",
            (Self::MasterRegistered, true) => "成片登记",
            (Self::MasterRegistered, false) => "master registered",
            (Self::LicenceGranted, true) => "许可授予",
            (Self::LicenceGranted, false) => "licence granted",
            (Self::LicencePaid, true) => "许可费支付",
            (Self::LicencePaid, false) => "licence paid",
            (Self::InfringementFound, true) => "发现侵权",
            (Self::InfringementFound, false) => "infringement found",
            (Self::DocumentRegistered, true) => "文件登记",
            (Self::DocumentRegistered, false) => "document registered",
        }
    }
}

/// At least one of the two is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub en: String,
    pub zh: String,
}

/// Who claims; as told to the registrar, not proved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub name: String,
    pub organisation: String,
}

/// One file and its three digests. The file itself is never in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimFile {
    pub blake3: Sha256Hex,
    pub bytes: u64,
    /// `master`, `clip`, `take`, `copy`, …
    pub kind: String,
    /// A bare file name, no folders.
    pub name: String,
    pub sha256: Sha256Hex,
    pub sm3: Sha256Hex,
}

/// Frames per second as a fraction, 30000/1001 included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameRate {
    pub denominator: u32,
    pub numerator: u32,
}

impl FrameRate {
    /// To the nearest thousandth; `None` when not between 0.001 and 1,000,000 Hz.
    pub fn from_hz(hz: f64) -> Option<Self> {
        let millihertz = (hz * 1000.0).round();
        if !(1.0..=1e9).contains(&millihertz) {
            return None;
        }
        let millihertz = millihertz as u32;
        if millihertz.is_multiple_of(1000) {
            return Some(Self {
                numerator: millihertz / 1000,
                denominator: 1,
            });
        }
        Some(Self {
            numerator: millihertz,
            denominator: 1000,
        })
    }

    pub fn hz(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

/// How the performance was recorded: courts ask for the process, not only the hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureRecord {
    pub frame_rate: FrameRate,
    pub frames: u64,
    /// `bvh`, `c3d`, `procedural`, …
    pub source_format: String,
    /// Name and version of the program that read it.
    pub tool: String,
}

/// What is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub act: Act,
    pub author: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureRecord>,
    /// Further particulars in words: `licence`, `territories`, `seconds_matched`, …
    pub details: BTreeMap<String, String>,
    pub files: Vec<ClaimFile>,
    /// Codes of earlier evidence this claim builds on.
    pub prior: Vec<EvidenceCode>,
    /// When the registrar says it registered, microseconds UTC. The authorities' own times stand
    /// in their cosignatures.
    pub registered_at: UtcMicros,
    pub schema: String,
    pub title: Title,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

impl Claim {
    /// A claim of the current schema with no files, capture, prior evidence or details yet.
    pub fn new(act: Act, title: Title, author: Party, registered_at: UtcMicros) -> Self {
        Self {
            act,
            author,
            capture: None,
            details: BTreeMap::new(),
            files: Vec::new(),
            prior: Vec::new(),
            registered_at,
            schema: CLAIM_SCHEMA.to_owned(),
            title,
        }
    }

    /// The canonical bytes, after all bounds were checked.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ClaimError> {
        self.check()?;
        let bytes = self.write()?;
        if bytes.len() > CLAIM_BYTES_MAX {
            return Err(ClaimError::TooLong(bytes.len()));
        }
        Ok(bytes)
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, ClaimError> {
        if bytes.len() > CLAIM_BYTES_MAX {
            return Err(ClaimError::TooLong(bytes.len()));
        }
        check_depth(bytes)?;
        let head: Head = serde_json::from_slice(bytes).map_err(json)?;
        if head.schema != CLAIM_SCHEMA {
            return Err(ClaimError::Version(crate::text::excerpt(&head.schema)));
        }
        let claim: Self = serde_json::from_slice(bytes).map_err(json)?;
        claim.check()?;
        let canonical = claim.write()?;
        match first_difference(bytes, &canonical) {
            None => Ok(claim),
            Some(offset) => Err(ClaimError::NotCanonical { offset }),
        }
    }

    /// The leaf hash and with it the code of this claim.
    pub fn code(&self) -> Result<EvidenceCode, ClaimError> {
        Ok(EvidenceCode::of_leaf(&crate::merkle::leaf_hash(
            &self.to_bytes()?,
        )))
    }

    fn write(&self) -> Result<Vec<u8>, ClaimError> {
        canonical_json(self).map_err(|error| ClaimError::Json {
            line: 0,
            column: 0,
            what: error.to_string(),
        })
    }

    fn check(&self) -> Result<(), ClaimError> {
        if self.schema != CLAIM_SCHEMA {
            return Err(ClaimError::Version(crate::text::excerpt(&self.schema)));
        }
        if self.title.zh.is_empty() && self.title.en.is_empty() {
            return Err(field("title", "needs a text in Chinese or English"));
        }
        text("title.zh", &self.title.zh, false)?;
        text("title.en", &self.title.en, false)?;
        text("author.name", &self.author.name, true)?;
        text("author.organisation", &self.author.organisation, false)?;
        if self.registered_at.0 < 0 || self.registered_at.0.unsigned_abs() >= EXACT_MAX {
            return Err(field("registered_at", "is not a time from 1970 to 2255"));
        }
        if let Some(capture) = &self.capture {
            capture.check()?;
        }
        self.check_lists()
    }

    fn check_lists(&self) -> Result<(), ClaimError> {
        if self.files.len() > FILES_MAX {
            return Err(field("files", "has more than 100 members"));
        }
        for (number, file) in self.files.iter().enumerate() {
            file.check(number)?;
        }
        if self.prior.len() > PRIOR_MAX {
            return Err(field("prior", "has more than 100 members"));
        }
        if self.details.len() > DETAILS_MAX {
            return Err(field("details", "has more than 64 members"));
        }
        for (key, value) in &self.details {
            if key.is_empty() || key.len() > 40 || !key.bytes().all(is_detail_byte) {
                return Err(field(
                    "details",
                    "has a name that is not 1 to 40 of a-z, 0-9, _",
                ));
            }
            text(&format!("details.{key}"), value, false)?;
        }
        Ok(())
    }
}

impl CaptureRecord {
    fn check(&self) -> Result<(), ClaimError> {
        text("capture.source_format", &self.source_format, true)?;
        text("capture.tool", &self.tool, true)?;
        if self.frame_rate.numerator == 0 || self.frame_rate.denominator == 0 {
            return Err(field("capture.frame_rate", "has a zero"));
        }
        if self.frames >= EXACT_MAX {
            return Err(field("capture.frames", "is too large"));
        }
        Ok(())
    }
}

impl ClaimFile {
    fn check(&self, number: usize) -> Result<(), ClaimError> {
        let at = |member: &str| format!("files[{number}].{member}");
        text(&at("name"), &self.name, true)?;
        text(&at("kind"), &self.kind, true)?;
        if self.name.contains(['/', '\\']) || self.name == "." || self.name == ".." {
            return Err(field(&at("name"), "is not a bare file name"));
        }
        if self.bytes >= EXACT_MAX {
            return Err(field(&at("bytes"), "is too large"));
        }
        Ok(())
    }
}

const fn is_detail_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')
}

fn field(field: &str, what: &'static str) -> ClaimError {
    ClaimError::Field {
        field: field.to_owned(),
        what,
    }
}

fn text(name: &str, value: &str, required: bool) -> Result<(), ClaimError> {
    if required && value.trim().is_empty() {
        return Err(field(name, "is empty"));
    }
    if value.chars().count() > TEXT_CHARS_MAX {
        return Err(field(name, "is longer than 400 characters"));
    }
    if value.chars().any(char::is_control) {
        return Err(field(name, "holds control characters"));
    }
    Ok(())
}

fn json(error: serde_json::Error) -> ClaimError {
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    ClaimError::Json {
        line: error.line(),
        column: error.column(),
        what: crate::text::excerpt(what),
    }
}

/// Counts brackets outside strings, so that no parser ever recurses deep.
pub(crate) fn check_depth(bytes: &[u8]) -> Result<(), ClaimError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (offset, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(ClaimError::TooDeep { offset });
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// The offset of the first byte where two byte strings part.
pub(crate) fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    if left == right {
        return None;
    }
    let shared = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    Some(shared)
}
