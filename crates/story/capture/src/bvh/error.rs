//! Why a BVH file is refused: the line (1-based) and the remedy.

/// A refusal with the line it happened on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BvhError {
    /// 1-based; the last line of the file when something is missing at its end.
    pub line: usize,
    pub reason: BvhReason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BvhReason {
    #[error("the file does not begin with HIERARCHY; export the take as BVH again")]
    HierarchyMissing,
    #[error("expected {expected}, found `{found}`; compare the line with the BVH layout")]
    Unexpected {
        expected: &'static str,
        found: String,
    },
    #[error("the file ends where {expected} should stand; it was cut off, export it again")]
    EndOfFile { expected: &'static str },
    #[error("`{text}` is not a finite number; repair the value or export again")]
    NotANumber { text: String },
    #[error("the value {text} is beyond ±1e9; check the unit of the export")]
    OutOfRange { text: String },
    #[error("a second ROOT; split the file into one per performer")]
    SecondRoot,
    #[error("more than {limit} joints; export the body without helper joints")]
    TooManyJoints { limit: usize },
    #[error("the name `{name}` is used twice; give every joint its own name")]
    DuplicateJoint { name: String },
    #[error("joint `{name}` stands inside itself; give every joint its own name")]
    JointInsideItself { name: String },
    #[error("joint `{name}` has no OFFSET; add the line `OFFSET x y z`")]
    OffsetMissing { name: String },
    #[error("joint `{name}` has {what} twice; keep one")]
    Repeated { name: String, what: &'static str },
    #[error("`{text}` is no channel; known are Xposition … Zposition, Xrotation … Zrotation")]
    UnknownChannel { text: String },
    #[error("channel `{text}` stands twice on one joint; keep one")]
    DuplicateChannel { text: String },
    #[error("{count} channels on one joint; a joint has at most 6")]
    ChannelCount { count: String },
    #[error("no joint has a channel, so nothing moves; export with CHANNELS")]
    NoChannels,
    #[error("`{text}` is no count of frames; write a whole number from 1 to {limit}")]
    FrameCount { text: String, limit: usize },
    #[error("{frames} frames of {joints} joints are more than one take may hold; split the take")]
    TakeTooLarge { frames: usize, joints: usize },
    #[error("the frame time `{text}` is not above zero; write seconds, such as 0.008333")]
    FrameTime { text: String },
    #[error("{found} numbers where the hierarchy has {expected} channels; repair this row")]
    RowLength { found: usize, expected: usize },
    #[error("{announced} frames announced, {found} there; write `Frames: {found}` or export again")]
    RowsMissing { announced: usize, found: usize },
}
