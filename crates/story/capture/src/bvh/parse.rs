//! BVH text → joints, channels and numbers, as written in the file.
//!
//! Iterative (a stack of joint indices, no recursion), so depth is bounded by the joint limit only.
//! Memory follows the bytes that are there, never a count the file announces.
//! Source: Meredith & Maddock, "Motion capture file formats explained", Sheffield CS-01-11.

use super::error::{BvhError, BvhReason};
use super::words::{Words, number, refuse, short};
use glam::DVec3;
use std::collections::BTreeSet;

pub(super) const MAX_JOINTS: usize = 1_024;
pub(super) const MAX_FRAMES: usize = 2_000_000;
/// Rotations one take may hold (frames × joints); 640 MB of quaternions.
const MAX_ROTATIONS: usize = 20_000_000;

/// One number per frame of a joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// Axis 0..3.
    Position(usize),
    /// Axis 0..3, degrees.
    Rotation(usize),
}

#[derive(Debug, Clone)]
pub(super) struct RawJoint {
    pub name: String,
    pub parent: Option<usize>,
    /// File units.
    pub offset: DVec3,
    /// In file order.
    pub channels: Vec<Channel>,
    offset_seen: bool,
    channels_seen: bool,
}

#[derive(Debug, Clone)]
pub(super) struct RawTake {
    pub joints: Vec<RawJoint>,
    /// (joint, file units)
    pub end_sites: Vec<(usize, DVec3)>,
    pub frame_time_secs: f64,
    pub frames: usize,
    /// `frames × channels`, frame-major.
    pub values: Vec<f64>,
    pub warnings: Vec<String>,
}

impl RawTake {
    pub fn channels(&self) -> usize {
        self.joints.iter().map(|joint| joint.channels.len()).sum()
    }
}

/// Parses the whole file.
pub(super) fn parse(bytes: &[u8]) -> Result<RawTake, BvhError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Joint names of old exporters are not always UTF-8; numbers always are ASCII.
    let text = String::from_utf8_lossy(bytes);
    // A lone CR ends a line on old systems.
    let text = if text.contains('\n') {
        text
    } else {
        text.replace('\r', "\n").into()
    };
    let mut words = Words {
        text: &text,
        at: 0,
        line: 1,
    };
    match words.peek() {
        Some(word) if word.text.eq_ignore_ascii_case("HIERARCHY") => words.take(word),
        Some(word) => return Err(refuse(word.line, BvhReason::HierarchyMissing)),
        None => return Err(refuse(1, BvhReason::HierarchyMissing)),
    }
    let (joints, end_sites) = hierarchy(&mut words)?;
    let mut take = RawTake {
        joints,
        end_sites,
        frame_time_secs: 0.0,
        frames: 0,
        values: Vec::new(),
        warnings: Vec::new(),
    };
    if take.channels() == 0 {
        return Err(refuse(words.line, BvhReason::NoChannels));
    }
    motion(&mut words, &mut take)?;
    Ok(take)
}

type Hierarchy = (Vec<RawJoint>, Vec<(usize, DVec3)>);

fn hierarchy(words: &mut Words<'_>) -> Result<Hierarchy, BvhError> {
    let mut joints: Vec<RawJoint> = Vec::new();
    let mut end_sites = Vec::new();
    let mut names = BTreeSet::new();
    let mut open: Vec<usize> = Vec::new();
    words.keyword("ROOT")?;
    open_joint(words, &mut joints, &mut open, &mut names)?;
    while let Some(&current) = open.last() {
        let word = words.next("`}`")?;
        let upper = word.text.to_ascii_uppercase();
        match upper.as_str() {
            "}" => {
                if !joints[current].offset_seen {
                    let name = short(&joints[current].name);
                    return Err(refuse(word.line, BvhReason::OffsetMissing { name }));
                }
                open.pop();
            }
            "JOINT" => open_joint(words, &mut joints, &mut open, &mut names)?,
            "ROOT" => return Err(refuse(word.line, BvhReason::SecondRoot)),
            "END" => {
                end_sites.push((current, end_site(words)?));
                if end_sites.len() > MAX_JOINTS {
                    return Err(refuse(
                        word.line,
                        BvhReason::TooManyJoints { limit: MAX_JOINTS },
                    ));
                }
            }
            "OFFSET" => {
                once(
                    &joints[current].name,
                    joints[current].offset_seen,
                    "OFFSET",
                    word.line,
                )?;
                joints[current].offset_seen = true;
                joints[current].offset = vector(words)?;
            }
            "CHANNELS" => {
                once(
                    &joints[current].name,
                    joints[current].channels_seen,
                    "CHANNELS",
                    word.line,
                )?;
                joints[current].channels_seen = true;
                joints[current].channels = channels(words)?;
            }
            _ => {
                let expected = "OFFSET, CHANNELS, JOINT, End Site or `}`";
                let found = short(word.text);
                return Err(refuse(word.line, BvhReason::Unexpected { expected, found }));
            }
        }
    }
    Ok((joints, end_sites))
}

fn once(name: &str, seen: bool, what: &'static str, line: usize) -> Result<(), BvhError> {
    if seen {
        return Err(refuse(
            line,
            BvhReason::Repeated {
                name: short(name),
                what,
            },
        ));
    }
    Ok(())
}

/// After ROOT or JOINT: the name (may hold blanks) and the opening brace.
fn open_joint(
    words: &mut Words<'_>,
    joints: &mut Vec<RawJoint>,
    open: &mut Vec<usize>,
    names: &mut BTreeSet<String>,
) -> Result<(), BvhError> {
    let mut name = String::new();
    let line = words.line;
    loop {
        let word = words.next("`{`")?;
        let upper = word.text.to_ascii_uppercase();
        if upper == "{" {
            break;
        }
        let keyword = matches!(
            upper.as_str(),
            "}" | "OFFSET" | "CHANNELS" | "JOINT" | "ROOT"
        );
        if (keyword && !name.is_empty()) || upper == "}" || name.len() > 512 {
            let found = short(word.text);
            return Err(refuse(
                word.line,
                BvhReason::Unexpected {
                    expected: "`{`",
                    found,
                },
            ));
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word.text);
    }
    if joints.len() == MAX_JOINTS {
        return Err(refuse(line, BvhReason::TooManyJoints { limit: MAX_JOINTS }));
    }
    if name.is_empty() {
        name = format!("joint{}", joints.len());
    }
    if !names.insert(name.clone()) {
        let inside = open.iter().any(|above| joints[*above].name == name);
        let name = short(&name);
        let reason = if inside {
            BvhReason::JointInsideItself { name }
        } else {
            BvhReason::DuplicateJoint { name }
        };
        return Err(refuse(line, reason));
    }
    let parent = open.last().copied();
    open.push(joints.len());
    joints.push(RawJoint {
        name,
        parent,
        offset: DVec3::ZERO,
        channels: Vec::new(),
        offset_seen: false,
        channels_seen: false,
    });
    Ok(())
}

/// After `End`: `Site { OFFSET x y z }`, with any words before the brace as its name.
fn end_site(words: &mut Words<'_>) -> Result<DVec3, BvhError> {
    for _name_word in 0..16 {
        let word = words.next("`{`")?;
        if word.text == "{" {
            words.keyword("OFFSET")?;
            let offset = vector(words)?;
            words.keyword("}")?;
            return Ok(offset);
        }
    }
    let found = "a long name".to_owned();
    Err(refuse(
        words.line,
        BvhReason::Unexpected {
            expected: "`{`",
            found,
        },
    ))
}

fn vector(words: &mut Words<'_>) -> Result<DVec3, BvhError> {
    Ok(DVec3::new(
        words.number()?,
        words.number()?,
        words.number()?,
    ))
}

fn channels(words: &mut Words<'_>) -> Result<Vec<Channel>, BvhError> {
    let count = words.next("the count of channels")?;
    let announced = match count.text.parse::<usize>() {
        Ok(announced) if announced <= 6 => announced,
        _ => {
            let count_text = short(count.text);
            return Err(refuse(
                count.line,
                BvhReason::ChannelCount { count: count_text },
            ));
        }
    };
    let mut channels = Vec::with_capacity(announced);
    for _ in 0..announced {
        let word = words.next("a channel")?;
        let lower = word.text.to_ascii_lowercase();
        let axis = match lower.as_bytes().first() {
            Some(b'x') => 0,
            Some(b'y') => 1,
            Some(b'z') => 2,
            _ => 3,
        };
        let channel = match (axis, lower.get(1..)) {
            (0..3, Some("position" | "translation")) => Channel::Position(axis),
            (0..3, Some("rotation")) => Channel::Rotation(axis),
            _ => {
                let text = short(word.text);
                return Err(refuse(word.line, BvhReason::UnknownChannel { text }));
            }
        };
        if channels.contains(&channel) {
            let text = short(word.text);
            return Err(refuse(word.line, BvhReason::DuplicateChannel { text }));
        }
        channels.push(channel);
    }
    Ok(channels)
}

fn motion(words: &mut Words<'_>, take: &mut RawTake) -> Result<(), BvhError> {
    let word = words.next("MOTION")?;
    if word.text.eq_ignore_ascii_case("ROOT") {
        return Err(refuse(word.line, BvhReason::SecondRoot));
    }
    if !word.text.eq_ignore_ascii_case("MOTION") {
        let found = short(word.text);
        return Err(refuse(
            word.line,
            BvhReason::Unexpected {
                expected: "MOTION",
                found,
            },
        ));
    }
    let announced = frame_count(words)?;
    take.frame_time_secs = frame_time(words)?;
    if !(1e-4..=10.0).contains(&take.frame_time_secs) {
        take.warnings.push(format!(
            "the frame time of {} s is unusual",
            take.frame_time_secs
        ));
    }
    let joints = take.joints.len();
    if announced.saturating_mul(joints) > MAX_ROTATIONS {
        let reason = BvhReason::TakeTooLarge {
            frames: announced,
            joints,
        };
        return Err(refuse(words.line, reason));
    }
    rows(words, take, announced)
}

/// `Frames: 12`, `Frames:12` or `Frames 12`.
fn frame_count(words: &mut Words<'_>) -> Result<usize, BvhError> {
    let (text, line) = labelled(words, &["frames"], "Frames:")?;
    match text.parse::<usize>() {
        Ok(count) if (1..=MAX_FRAMES).contains(&count) => Ok(count),
        _ => Err(refuse(
            line,
            BvhReason::FrameCount {
                text: short(&text),
                limit: MAX_FRAMES,
            },
        )),
    }
}

/// `Frame Time: 0.01`, in seconds.
fn frame_time(words: &mut Words<'_>) -> Result<f64, BvhError> {
    let (text, line) = labelled(words, &["frame", "time"], "Frame Time:")?;
    let secs = number(&text, line)?;
    if secs > 0.0 && (1.0 / secs).is_finite() {
        return Ok(secs);
    }
    Err(refuse(line, BvhReason::FrameTime { text: short(&text) }))
}

/// The value behind label words, with the colon anywhere around it.
fn labelled(
    words: &mut Words<'_>,
    label: &[&str],
    expected: &'static str,
) -> Result<(String, usize), BvhError> {
    let mut rest = String::new();
    for part in label {
        let word = words.next(expected)?;
        let lower = word.text.to_ascii_lowercase();
        let Some(behind) = lower.strip_prefix(part) else {
            let found = short(word.text);
            return Err(refuse(word.line, BvhReason::Unexpected { expected, found }));
        };
        rest = behind.to_owned();
    }
    let mut line = words.line;
    let mut value = rest.trim_start_matches(':').to_owned();
    while value.is_empty() {
        let word = words.next(expected)?;
        line = word.line;
        value = word.text.trim_start_matches(':').to_owned();
    }
    Ok((value, line))
}

fn rows(words: &Words<'_>, take: &mut RawTake, announced: usize) -> Result<(), BvhError> {
    let expected = take.channels();
    let mut extra = 0usize;
    let mut last_line = words.line;
    for (index, row) in words.text[words.at..].split('\n').enumerate() {
        let line = words.line + index;
        let mut found = 0;
        if take.frames == announced {
            extra += usize::from(!row.trim().is_empty());
            continue;
        }
        for text in row.split(|c: char| c.is_ascii_whitespace() || c == '\0') {
            if text.is_empty() {
                continue;
            }
            found += 1;
            if found <= expected {
                take.values.push(number(text, line)?);
            }
        }
        if found == 0 {
            continue;
        }
        if found != expected {
            return Err(refuse(line, BvhReason::RowLength { found, expected }));
        }
        last_line = line;
        take.frames += 1;
    }
    if take.frames < announced {
        let reason = BvhReason::RowsMissing {
            announced,
            found: take.frames,
        };
        return Err(refuse(last_line, reason));
    }
    if extra > 0 {
        let text = format!("{extra} lines behind the {announced} announced frames were not read");
        take.warnings.push(text);
    }
    Ok(())
}
