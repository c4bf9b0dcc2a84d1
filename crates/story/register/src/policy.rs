//! Trust policies: which logs and authorities are known, and whose cosignatures suffice.
//!
//! Lines `log <vkey> [url]`, `witness <name> <vkey> [url]`, `group <name> all|any|<k> <members…>`
//! and exactly one `quorum <name>|none`; a group names only what stands above it, and every name is
//! a member at most once, so no authority counts twice. Text is UTF-8 here, where the standard
//! allows any bytes above 0x7f. Source: C2SP tlog-policy.

use crate::cosignature::{SignatureError, verify_cosignature, verify_log};
use crate::note::{Checkpoint, KeyError, KeyKind, NamedKey, Note, NoteError};
use crate::text::excerpt;
use std::collections::BTreeSet;
use std::fmt;

pub const POLICY_BYTES_MAX: usize = 65_536;
/// Of logs, of witnesses and of groups each; the standard asks for 32.
pub const MEMBERS_MAX: usize = 64;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PolicyError {
    #[error("the policy has {0} bytes, at most {POLICY_BYTES_MAX} are read")]
    Size(usize),
    #[error("line {line}: {what}")]
    Line { line: usize, what: &'static str },
    #[error("line {line}: `{name}` {what}")]
    Name {
        line: usize,
        name: String,
        what: &'static str,
    },
    #[error("line {line} has an unusable key")]
    Key { line: usize, source: KeyError },
    #[error("the policy has no `quorum` line")]
    NoQuorum,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// Its name is the log's origin.
    pub key: NamedKey,
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Only for groups and the quorum.
    pub name: String,
    pub key: NamedKey,
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    /// Members that must have witnessed.
    pub threshold: usize,
    pub members: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub logs: Vec<LogKey>,
    pub witnesses: Vec<Witness>,
    /// In order of definition.
    pub groups: Vec<Group>,
    /// `None` = no cosignature is required.
    pub quorum: Option<String>,
}

/// What one witness of the policy did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessOutcome {
    /// The name in the policy.
    pub name: String,
    pub key_name: String,
    /// The time it signed, Unix seconds.
    pub result: Result<u64, SignatureError>,
}

/// A checkpoint held against a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The log of the policy that signed, by origin.
    pub log: Option<String>,
    /// In the order of the policy.
    pub witnesses: Vec<WitnessOutcome>,
    pub quorum_reached: bool,
    /// Known keys whose signature is present but wrong: such a note is refused whole.
    pub bad_signatures: Vec<SignatureError>,
}

impl Evaluation {
    pub const fn accepted(&self) -> bool {
        self.log.is_some() && self.quorum_reached && self.bad_signatures.is_empty()
    }
}

impl Policy {
    /// One log and `threshold` of these authorities, in this order.
    pub fn threshold(
        log: NamedKey,
        authorities: Vec<(String, NamedKey)>,
        threshold: usize,
    ) -> Self {
        let members = authorities.iter().map(|(name, _)| name.clone()).collect();
        let witnesses = authorities
            .into_iter()
            .map(|(name, key)| Witness {
                name,
                key,
                url: None,
            })
            .collect();
        let group = Group {
            name: "authorities".to_owned(),
            threshold,
            members,
        };
        Self {
            logs: vec![LogKey {
                key: log,
                url: None,
            }],
            witnesses,
            quorum: Some(group.name.clone()),
            groups: vec![group],
        }
    }

    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(PolicyError::Size(text.len()));
        }
        let mut reader = Reader::default();
        for (line, number) in text.split('\n').zip(1..) {
            if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
                return Err(PolicyError::Line {
                    line: number,
                    what: "a control character",
                });
            }
            let words: Vec<&str> = line
                .split([' ', '\t'])
                .filter(|word| !word.is_empty())
                .collect();
            if words.first().is_some_and(|word| !word.starts_with('#')) {
                reader.line(number, &words)?;
            }
        }
        let quorum = reader.quorum.ok_or(PolicyError::NoQuorum)?;
        Ok(Self {
            logs: reader.logs,
            witnesses: reader.witnesses,
            groups: reader.groups,
            quorum,
        })
    }

    /// How many witnesses the quorum needs at least, and how many the policy knows.
    pub fn quorum_size(&self) -> (usize, usize) {
        let needed = self.quorum.as_deref().map_or(0, |name| self.needed(name));
        (needed, self.witnesses.len())
    }

    /// Groups only name earlier ones, so this ends.
    fn needed(&self, name: &str) -> usize {
        let Some(group) = self.groups.iter().find(|group| group.name == name) else {
            return 1;
        };
        let mut counts: Vec<usize> = group.members.iter().map(|m| self.needed(m)).collect();
        counts.sort_unstable();
        counts.iter().take(group.threshold).sum()
    }

    /// Checks every known signature of a checkpoint note.
    pub fn evaluate(&self, note: &Note) -> Result<Evaluation, NoteError> {
        let checkpoint = Checkpoint::parse(&note.text)?;
        let mut bad_signatures = Vec::new();
        let mut log = None;
        for known in self
            .logs
            .iter()
            .filter(|log| log.key.name() == checkpoint.origin)
        {
            match verify_log(note, &known.key) {
                Ok(()) => log = Some(known.key.name().to_owned()),
                Err(SignatureError::Absent(_)) => {}
                Err(error) => bad_signatures.push(error),
            }
        }
        let mut signed = BTreeSet::new();
        let mut witnesses = Vec::with_capacity(self.witnesses.len());
        for witness in &self.witnesses {
            let result = verify_cosignature(note, &witness.key);
            match &result {
                Ok(_) => drop(signed.insert(witness.name.as_str())),
                Err(SignatureError::Absent(_)) => {}
                Err(error) => bad_signatures.push(error.clone()),
            }
            let key_name = witness.key.name().to_owned();
            witnesses.push(WitnessOutcome {
                name: witness.name.clone(),
                key_name,
                result,
            });
        }
        for group in &self.groups {
            let members = group
                .members
                .iter()
                .filter(|name| signed.contains(name.as_str()));
            if members.count() >= group.threshold {
                signed.insert(&group.name);
            }
        }
        let quorum_reached = self
            .quorum
            .as_deref()
            .is_none_or(|name| signed.contains(name));
        Ok(Evaluation {
            log,
            witnesses,
            quorum_reached,
            bad_signatures,
        })
    }
}

#[derive(Default)]
struct Reader {
    logs: Vec<LogKey>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Option<String>>,
    names: BTreeSet<String>,
    members: BTreeSet<String>,
}

impl Reader {
    fn line(&mut self, line: usize, words: &[&str]) -> Result<(), PolicyError> {
        match words {
            ["log", vkey] => self.log(line, vkey, None),
            ["log", vkey, url] => self.log(line, vkey, Some(url)),
            ["witness", name, vkey] => self.witness(line, name, vkey, None),
            ["witness", name, vkey, url] => self.witness(line, name, vkey, Some(url)),
            ["group", name, threshold, members @ ..] => self.group(line, name, threshold, members),
            ["quorum", name] => self.quorum(line, name),
            _ => Err(PolicyError::Line {
                line,
                what: "not `log`, `witness`, `group` or `quorum` with their words",
            }),
        }
    }

    fn log(&mut self, line: usize, vkey: &str, url: Option<&&str>) -> Result<(), PolicyError> {
        let key = key(line, vkey, KeyKind::Log)?;
        full(line, self.logs.len())?;
        if self
            .logs
            .iter()
            .any(|log| log.key.key_bytes() == key.key_bytes())
        {
            return Err(named(line, key.name(), "has a key that stands above"));
        }
        self.logs.push(LogKey {
            key,
            url: url.map(|url| (*url).to_owned()),
        });
        Ok(())
    }

    fn witness(
        &mut self,
        line: usize,
        name: &str,
        vkey: &str,
        url: Option<&&str>,
    ) -> Result<(), PolicyError> {
        let key = key(line, vkey, KeyKind::Cosigner)?;
        full(line, self.witnesses.len())?;
        if self
            .witnesses
            .iter()
            .any(|other| other.key.key_bytes() == key.key_bytes())
        {
            return Err(named(line, name, "has a key that stands above"));
        }
        self.define(line, name)?;
        let url = url.map(|url| (*url).to_owned());
        self.witnesses.push(Witness {
            name: name.to_owned(),
            key,
            url,
        });
        Ok(())
    }

    fn group(
        &mut self,
        line: usize,
        name: &str,
        threshold: &str,
        members: &[&str],
    ) -> Result<(), PolicyError> {
        full(line, self.groups.len())?;
        for member in members {
            if !self.names.contains(*member) {
                return Err(named(line, member, "is not defined above"));
            }
            if !self.members.insert((*member).to_owned()) {
                return Err(named(line, member, "is a member for the second time"));
            }
        }
        let threshold = match threshold {
            "all" => members.len(),
            "any" => 1,
            digits => crate::text::decimal(digits)
                .and_then(|k| usize::try_from(k).ok())
                .ok_or(named(line, digits, "is not `all`, `any` or a number"))?,
        };
        if threshold == 0 || threshold > members.len() {
            return Err(named(line, name, "needs more members than it has, or none"));
        }
        self.define(line, name)?;
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        self.groups.push(Group {
            name: name.to_owned(),
            threshold,
            members,
        });
        Ok(())
    }

    fn quorum(&mut self, line: usize, name: &str) -> Result<(), PolicyError> {
        if self.quorum.is_some() {
            return Err(named(line, name, "is a second quorum"));
        }
        if name != "none" && !self.names.contains(name) {
            return Err(named(line, name, "is not defined above"));
        }
        self.quorum = Some((name != "none").then(|| name.to_owned()));
        Ok(())
    }

    fn define(&mut self, line: usize, name: &str) -> Result<(), PolicyError> {
        if name == "none" || !self.names.insert(name.to_owned()) {
            return Err(named(line, name, "is already taken"));
        }
        Ok(())
    }
}

fn key(line: usize, vkey: &str, kind: KeyKind) -> Result<NamedKey, PolicyError> {
    let key = NamedKey::parse(vkey).map_err(|source| PolicyError::Key { line, source })?;
    if key.kind() == kind {
        Ok(key)
    } else {
        Err(named(
            line,
            key.name(),
            "has a key of the wrong signature type",
        ))
    }
}

fn named(line: usize, name: &str, what: &'static str) -> PolicyError {
    PolicyError::Name {
        line,
        name: excerpt(name),
        what,
    }
}

const fn full(line: usize, count: usize) -> Result<(), PolicyError> {
    if count < MEMBERS_MAX {
        Ok(())
    } else {
        Err(PolicyError::Line {
            line,
            what: "more than 64 of one kind",
        })
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end =
            |url: &Option<String>| url.as_ref().map_or(String::new(), |url| format!(" {url}"));
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key, end(&log.url))?;
        }
        for witness in &self.witnesses {
            writeln!(
                f,
                "witness {} {}{}",
                witness.name,
                witness.key,
                end(&witness.url)
            )?;
        }
        for group in &self.groups {
            let members = group.members.join(" ");
            writeln!(f, "group {} {} {members}", group.name, group.threshold)?;
        }
        writeln!(f, "quorum {}", self.quorum.as_deref().unwrap_or("none"))
    }
}
