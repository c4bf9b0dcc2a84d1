//! The front door: bytes of any format we read → one take.
//!
//! The format is recognised by content; the file's name is only used in messages.

use crate::bvh::{self, BvhError};
use crate::c3d::{self, AnalogChannel, C3dError, ModelOutput, TakeEvent};
use crate::solve::{self, SolveError, SolveReport};
use backlot_geom::{MarkerTrajectories, Motion};
use serde::{Deserialize, Serialize};

/// Where a take came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFormat {
    Bvh,
    C3d,
}

/// One recording of one performer, solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    pub source_format: SourceFormat,
    /// Metres, Y up.
    pub motion: Motion,
    /// The markers the motion was solved from; C3D only.
    pub markers: Option<MarkerTrajectories>,
    pub analog_channels: Vec<AnalogChannel>,
    /// Points of the file that are no positions (joint angles, moments …).
    pub outputs: Vec<ModelOutput>,
    /// By time.
    pub events: Vec<TakeEvent>,
    pub warnings: Vec<String>,
    /// What the solver did; C3D only.
    pub report: Option<SolveReport>,
}

/// Why a file gives no take.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    #[error("`{file_name}` is empty; upload the recording again (BVH and C3D are read)")]
    Empty { file_name: String },
    #[error(
        "`{file_name}` is neither BVH (text that begins with HIERARCHY) nor C3D; these are read"
    )]
    UnknownFormat { file_name: String },
    #[error("`{file_name}` looks like {format}; export it as BVH or C3D, these are read")]
    OtherFormat {
        file_name: String,
        format: &'static str,
    },
    #[error("failed to read `{file_name}` as BVH: {source}")]
    Bvh { file_name: String, source: BvhError },
    #[error("failed to read `{file_name}` as C3D: {source}")]
    C3d { file_name: String, source: C3dError },
    #[error("failed to solve the markers of `{file_name}`: {source}")]
    Solve {
        file_name: String,
        source: SolveError,
    },
}

/// Reads a take; the format is told by the bytes.
///
/// # Errors
/// `TakeError` when the file is empty, of a format that is not read, damaged, or shows no marker.
pub fn read_take(file_name: &str, bytes: &[u8]) -> Result<Take, TakeError> {
    let shown = || {
        file_name
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect::<String>()
    };
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    if text.is_empty() {
        return Err(TakeError::Empty { file_name: shown() });
    }
    if text
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"HIERARCHY"))
    {
        let read = bvh::read(bytes);
        let take = read.map_err(|source| TakeError::Bvh {
            file_name: shown(),
            source,
        })?;
        return Ok(Take {
            source_format: SourceFormat::Bvh,
            motion: take.motion,
            markers: None,
            analog_channels: Vec::new(),
            outputs: Vec::new(),
            events: Vec::new(),
            warnings: take.warnings,
            report: None,
        });
    }
    if let Some(format) = other_format(text) {
        return Err(TakeError::OtherFormat {
            file_name: shown(),
            format,
        });
    }
    if bytes.get(1) != Some(&0x50) {
        return Err(TakeError::UnknownFormat { file_name: shown() });
    }
    let read = c3d::read(bytes);
    let take = read.map_err(|source| TakeError::C3d {
        file_name: shown(),
        source,
    })?;
    let solved = solve::from_markers(&take.markers);
    let solved = solved.map_err(|source| TakeError::Solve {
        file_name: shown(),
        source,
    })?;
    let mut warnings = take.warnings;
    warnings.extend(solved.warnings);
    Ok(Take {
        source_format: SourceFormat::C3d,
        motion: solved.motion,
        markers: Some(take.markers),
        analog_channels: take.analog_channels,
        outputs: take.outputs,
        events: take.events,
        warnings,
        report: Some(solved.report),
    })
}

/// Formats people try that need an export first.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 9] = [
        (b"Kaydara FBX", "FBX"),
        (b"glTF", "GLB"),
        (b"PathFileType", "TRC"),
        (b":version", "ASF/AMC"),
        (b"# AST/ASF", "ASF"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
    ];
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a video (MP4)");
    }
    KNOWN
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, name)| *name)
}
