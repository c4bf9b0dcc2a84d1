//! Why a C3D file is refused: the byte offset of the field that is wrong, and the remedy.

/// A refusal with the place it happened on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("byte {offset}: {reason}")]
pub struct C3dError {
    /// 0-based, of the first byte of the field at fault.
    pub offset: usize,
    pub reason: C3dReason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum C3dReason {
    #[error("the file has {bytes} bytes, a C3D header alone has 512; fetch the file again")]
    TooShort { bytes: usize },
    #[error("the second byte is {found:#04x}, a C3D file has 0x50 there; this is another format")]
    Key { found: u8 },
    #[error("the header puts the parameters at block {block}, beyond the file's end")]
    ParameterBlock { block: u8 },
    #[error("processor type {found} is unknown; 84 (Intel), 85 (DEC) and 86 (SGI) are defined")]
    Processor { found: u8 },
    #[error("parameter {name}: {what}; the parameter section is damaged, export again")]
    Parameter { name: String, what: ParameterFault },
    #[error("more than {limit} parameters; the parameter section is damaged")]
    TooManyParameters { limit: usize },
    #[error("the header puts the data at block {block}, outside of the file")]
    DataBlock { block: u16 },
    #[error("neither points nor analog channels are announced; there is nothing to read")]
    NothingRecorded,
    #[error("{total} analog values per frame do not divide into {per_frame} samples per frame")]
    AnalogLayout { total: u16, per_frame: u16 },
    #[error("the last frame {last} stands before the first frame {first}")]
    FrameRange { first: u16, last: u16 },
    #[error("the point scale is zero or no number, so coordinates have no size")]
    PointScale,
    #[error("the frame rate is not a positive number in the header nor in POINT:RATE")]
    FrameRate,
    #[error(
        "{announced} frames announced, {found} are there; the file was cut off, fetch it again"
    )]
    Truncated { announced: usize, found: usize },
}

/// What is wrong with one parameter record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParameterFault {
    #[error("it runs beyond the file's end")]
    BeyondEnd,
    #[error("its type {0} is none of -1, 1, 2, 4")]
    Type(i8),
    #[error("it has {0} dimensions, at most 7 are allowed")]
    Dimensions(u8),
}
