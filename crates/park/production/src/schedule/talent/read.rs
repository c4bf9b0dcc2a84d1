//! Reader of the public talent-scheduling text format.
//!
//! First line with text: the name. Then whitespace-separated numbers: scenes `n`, actors `m`, `m`
//! rows of `n` bits and a wage, `n` durations. Source: Stuckey's collection, as kept in
//! `xgillard/ddo` under `resources/talentsched`.

use super::{Actor, Instance, MAX_ACTORS, MAX_SCENES, TalentError};

/// Most bytes one file may have.
pub const MAX_BYTES: usize = 8 << 20;

/// Why a file is no instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file is too big to be an instance.
    #[error("{found} bytes; at most {MAX_BYTES} are read")]
    TooBig { found: usize },
    /// The bytes are not text.
    #[error("line {line}: not UTF-8 text")]
    NotText { line: usize },
    /// No line with text.
    #[error("the file is empty; its first line must be a name")]
    Empty,
    /// The file ended early.
    #[error("line {line}: the file ends, but {wanted} is missing")]
    Missing { line: usize, wanted: String },
    /// A number was expected.
    #[error("line {line}: {wanted} must be a whole number up to {limit}, found \"{found}\"")]
    NotANumber {
        line: usize,
        wanted: String,
        limit: u64,
        found: String,
    },
    /// Numbers after the last duration.
    #[error("line {line}: \"{found}\" comes after the last duration; check the two sizes on top")]
    TooMuch { line: usize, found: String },
    /// The numbers are readable, but no instance.
    #[error(transparent)]
    Instance(#[from] TalentError),
}

struct Words<'a> {
    words: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
    line: usize,
}

impl Words<'_> {
    fn number(&mut self, limit: u64, wanted: impl Fn() -> String) -> Result<u64, ReadError> {
        let Some((line, word)) = self.words.next() else {
            return Err(ReadError::Missing {
                line: self.line,
                wanted: wanted(),
            });
        };
        self.line = line;
        let value = word.parse().ok().filter(|&value| value <= limit);
        value.ok_or_else(|| ReadError::NotANumber {
            line,
            wanted: wanted(),
            limit,
            found: word.chars().take(40).collect(),
        })
    }
}

/// Reads one instance. A byte-order mark, Windows line ends and blank lines are accepted.
///
/// # Errors
/// [`ReadError`] with the 1-based line.
pub fn read(bytes: &[u8]) -> Result<Instance, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooBig { found: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::NotText {
        line: 1 + bytes[..error.valid_up_to()]
            .iter()
            .filter(|&&b| b == b'\n')
            .count(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate();
    let Some((at, name)) = lines.find(|(_, line)| !line.trim().is_empty()) else {
        return Err(ReadError::Empty);
    };
    let words = lines.flat_map(|(at, line)| line.split_whitespace().map(move |w| (at + 1, w)));
    let mut words = Words {
        words: Box::new(words),
        line: at + 1,
    };
    let scenes = words.number(MAX_SCENES as u64, || "the number of scenes".into())? as usize;
    let actors = words.number(MAX_ACTORS as u64, || "the number of actors".into())? as usize;
    let mut cast = Vec::new();
    for actor in 1..=actors {
        cast.push(read_actor(&mut words, actor, scenes)?);
    }
    let mut durations = Vec::new();
    for scene in 1..=scenes {
        let wanted = || format!("the duration of scene {scene}");
        durations.push(words.number(u64::MAX, wanted)?);
    }
    if let Some((line, word)) = words.words.next() {
        let found = word.chars().take(40).collect();
        return Err(ReadError::TooMuch { line, found });
    }
    Ok(Instance::new(name.trim().to_owned(), durations, cast)?)
}

fn read_actor(words: &mut Words<'_>, actor: usize, scenes: usize) -> Result<Actor, ReadError> {
    let mut needed = Vec::new();
    for scene in 0..scenes {
        let wanted = || format!("the 0 or 1 of actor {actor} in scene {}", scene + 1);
        if words.number(1, wanted)? == 1 {
            needed.push(scene);
        }
    }
    let wage = words.number(u64::MAX, || format!("the wage of actor {actor}"))?;
    Ok(Actor {
        wage,
        scenes: needed,
    })
}
