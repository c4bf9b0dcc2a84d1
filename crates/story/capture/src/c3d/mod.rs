//! C3D, the file of optical capture and biomechanics: own reader and writer.
//!
//! Reads Intel, DEC and SGI byte orders, integer and real storage. Invariants: counts in the file
//! are believed only as far as bytes are there; every refusal names the byte offset.
//! Source: "The C3D File Format User Guide", Motion Lab Systems (public), and c3d.org.

mod axes;
mod bytes;
mod data;
mod error;
mod header;
mod params;
mod write;

pub use bytes::Processor;
pub use error::{C3dError, C3dReason, ParameterFault};
pub use params::{Parameter, ParameterValues};
pub use write::write;

use backlot_geom::MarkerTrajectories;
use bytes::Reader;
use glam::DVec3;
use header::{BLOCK, Header};
use params::Parameters;
use serde::{Deserialize, Serialize};

use crate::bvh::{AxisInFile, LengthUnit};

/// How coordinates are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// 16-bit steps of POINT:SCALE.
    Integer,
    /// 32-bit floats.
    Real,
}

/// Something marked on the time line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakeEvent {
    pub label: String,
    /// `Left`, `Right`, `General`; empty when the file says nothing.
    pub context: String,
    /// From the first frame of the file.
    pub time_secs: f64,
}

/// One analog channel (force plate, EMG …), offset and scale applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalogChannel {
    pub label: String,
    /// As the file writes it.
    pub unit: String,
    pub sample_rate_hz: f64,
    pub samples: Vec<f32>,
}

/// A point that is no position: a model's output stored among the points (angles, moments …), in
/// the file's own unit and axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelOutput {
    pub label: String,
    /// `ANGLES`, `FORCES`, `MOMENTS`, `POWERS`, `SCALARS` or `REACTIONS`.
    pub kind: String,
    /// One per frame.
    pub values: Vec<Option<DVec3>>,
}

/// A C3D file, read and placed.
#[derive(Debug, Clone, PartialEq)]
pub struct C3dTake {
    /// Positions in metres, Y up. Labels are unique.
    pub markers: MarkerTrajectories,
    pub outputs: Vec<ModelOutput>,
    pub analog_channels: Vec<AnalogChannel>,
    /// By time.
    pub events: Vec<TakeEvent>,
    /// Number of the first frame, counted from 1.
    pub first_frame: usize,
    /// Frames of the data section; also when no point is a position.
    pub frames: usize,
    pub processor: Processor,
    pub storage: Storage,
    pub unit_in_file: LengthUnit,
    pub up_axis_in_file: AxisInFile,
    /// Metres per integer step; `None` for real storage.
    pub integer_step_m: Option<f64>,
    pub parameters: Vec<Parameter>,
    pub warnings: Vec<String>,
}

fn refuse(offset: usize, reason: C3dReason) -> C3dError {
    C3dError { offset, reason }
}

/// Reads one C3D file.
///
/// # Errors
/// `C3dError` with byte offset and remedy when the file is damaged or cut off.
pub fn read(bytes: &[u8]) -> Result<C3dTake, C3dError> {
    let mut warnings = Vec::new();
    let (reader, section) = open(bytes)?;
    let head = header::read(&reader);
    let limit = match (usize::from(head.data_block)).saturating_sub(1) * BLOCK {
        data if data > section => data.min(bytes.len()),
        _ => bytes.len(),
    };
    let parameters = params::read(&reader, section, limit, &mut warnings)?;
    let layout = layout(&reader, &head, &parameters, &mut warnings)?;
    let points = data::points(&reader, &layout, &parameters, &mut warnings);
    let analog_channels = data::analog(&reader, &layout, &parameters);
    let placed = axes::place(points, &parameters, &layout, &mut warnings);
    let mut events = header::events(&reader);
    merge_events(&mut events, &parameters, &layout);
    Ok(C3dTake {
        markers: placed.markers,
        outputs: placed.outputs,
        analog_channels,
        events,
        first_frame: layout.first_frame,
        frames: layout.frames,
        processor: reader.processor,
        storage: layout.storage,
        unit_in_file: placed.unit,
        up_axis_in_file: placed.up,
        integer_step_m: (layout.storage == Storage::Integer)
            .then(|| layout.scale * placed.unit.metres()),
        parameters: parameters.list,
        warnings,
    })
}

/// Checks the key, finds the parameter section and the byte order.
fn open(bytes: &[u8]) -> Result<(Reader<'_>, usize), C3dError> {
    if bytes.len() >= 2 && bytes[1] != 0x50 {
        return Err(refuse(1, C3dReason::Key { found: bytes[1] }));
    }
    if bytes.len() < BLOCK {
        return Err(refuse(
            bytes.len(),
            C3dReason::TooShort { bytes: bytes.len() },
        ));
    }
    let block = bytes[0];
    let section = usize::from(block).saturating_sub(1) * BLOCK;
    if block < 2 || section + 4 > bytes.len() {
        return Err(refuse(0, C3dReason::ParameterBlock { block }));
    }
    let code = bytes[section + 3];
    let Some(processor) = Processor::from_code(code) else {
        return Err(refuse(section + 3, C3dReason::Processor { found: code }));
    };
    Ok((Reader { bytes, processor }, section))
}

/// The data section as far as it is believed.
pub(crate) struct Layout {
    pub data: usize,
    pub points: usize,
    pub frames: usize,
    pub first_frame: usize,
    pub frame_rate_hz: f64,
    pub analog_channels: usize,
    pub analog_per_frame: usize,
    pub storage: Storage,
    /// Absolute value of the point scale, file units.
    pub scale: f64,
}

impl Layout {
    /// Bytes of one number.
    pub fn width(&self) -> usize {
        match self.storage {
            Storage::Integer => 2,
            Storage::Real => 4,
        }
    }

    pub fn frame_bytes(&self) -> usize {
        (self.points * 4 + self.analog_channels * self.analog_per_frame) * self.width()
    }
}

fn layout(
    reader: &Reader<'_>,
    head: &Header,
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> Result<Layout, C3dError> {
    let block = match head.data_block {
        0 => parameters
            .counts("POINT", "DATA_START")
            .first()
            .map_or(0, |start| *start as u16),
        block => block,
    };
    let data = usize::from(block).saturating_sub(1) * BLOCK;
    if block < 2 || data > reader.bytes.len() {
        return Err(refuse(16, C3dReason::DataBlock { block }));
    }
    if head.points == 0 && head.analog_total == 0 {
        return Err(refuse(2, C3dReason::NothingRecorded));
    }
    let announced = parameters.counts("POINT", "USED");
    if announced
        .first()
        .is_some_and(|used| *used != f64::from(head.points))
    {
        let text = "POINT:USED and the header disagree on the count of points";
        warnings.push(format!("{text}; the header's {} was used", head.points));
    }
    let (total, per_frame) = (head.analog_total, head.analog_per_frame);
    if total > 0 && (per_frame == 0 || total % per_frame != 0) {
        return Err(refuse(18, C3dReason::AnalogLayout { total, per_frame }));
    }
    if !head.scale.is_finite() || (head.scale == 0.0 && head.points > 0) {
        return Err(refuse(12, C3dReason::PointScale));
    }
    let rates = [f64::from(head.frame_rate_hz)]
        .into_iter()
        .chain(parameters.numbers("POINT", "RATE"))
        .find(|rate| rate.is_finite() && *rate > 0.0 && *rate < 1e7);
    let frame_rate_hz = rates.ok_or(refuse(20, C3dReason::FrameRate))?;
    let mut layout = Layout {
        data,
        points: usize::from(head.points),
        frames: 0,
        first_frame: usize::from(head.first_frame),
        frame_rate_hz,
        analog_channels: usize::from(total.checked_div(per_frame).unwrap_or(0)),
        analog_per_frame: usize::from(per_frame),
        storage: if head.scale < 0.0 {
            Storage::Real
        } else {
            Storage::Integer
        },
        scale: f64::from(head.scale.abs()),
    };
    let there = (reader.bytes.len() - data) / layout.frame_bytes().max(1);
    layout.frames = frames(head, parameters, there, &mut layout.first_frame, warnings)?;
    Ok(layout)
}

/// Believes, in this order: TRIAL's 32-bit field numbers, POINT:LONG_FRAMES, the header, then
/// POINT:FRAMES — each only if that many frames are there.
fn frames(
    head: &Header,
    parameters: &Parameters,
    there: usize,
    first_frame: &mut usize,
    warnings: &mut Vec<String>,
) -> Result<usize, C3dError> {
    let field = |name: &str| {
        let words = parameters.counts("TRIAL", name);
        let low = *words.first()?;
        let high = words.get(1).copied().unwrap_or(0.0);
        let number = low + high * 65536.0;
        (number.is_finite() && number >= 1.0).then_some(number as usize)
    };
    let count = |name: &str| {
        let number = *parameters.counts("POINT", name).first()?;
        (number.is_finite() && number >= 1.0).then_some(number as usize)
    };
    let trial = field("ACTUAL_START_FIELD")
        .zip(field("ACTUAL_END_FIELD"))
        .and_then(|(start, end)| Some((start, (end + 1).checked_sub(start)?)))
        .filter(|(_, frames)| *frames > 0);
    let by_header = (usize::from(head.last_frame) + 1).checked_sub(usize::from(head.first_frame));
    let by_header = by_header.filter(|frames| *frames > 0);
    let claims = [
        trial.map(|(_, n)| n),
        count("LONG_FRAMES"),
        by_header,
        count("FRAMES"),
    ];
    let Some(first_claim) = claims.iter().flatten().copied().next() else {
        let (first, last) = (head.first_frame, head.last_frame);
        return Err(refuse(6, C3dReason::FrameRange { first, last }));
    };
    let Some(frames) = claims
        .iter()
        .flatten()
        .copied()
        .find(|claim| *claim <= there)
    else {
        let reason = C3dReason::Truncated {
            announced: first_claim,
            found: there,
        };
        return Err(refuse(8, reason));
    };
    if claims.iter().flatten().any(|claim| *claim != frames) {
        let text = "the counts of frames in the header, POINT and TRIAL disagree";
        warnings.push(format!("{text}; {frames} frames were read"));
    }
    if let Some((start, _)) = trial.filter(|(_, claim)| *claim == frames) {
        *first_frame = start;
    }
    Ok(frames)
}

/// Adds the EVENT group's events (times there count from frame 1 of the whole trial) and sorts.
fn merge_events(events: &mut Vec<TakeEvent>, parameters: &Parameters, layout: &Layout) {
    let times = parameters.numbers("EVENT", "TIMES");
    let labels = parameters.texts("EVENT", "LABELS");
    let contexts = parameters.texts("EVENT", "CONTEXTS");
    let start_secs = layout.first_frame.saturating_sub(1) as f64 / layout.frame_rate_hz;
    for (k, time) in times.chunks_exact(2).enumerate() {
        let time_secs = time[0] * 60.0 + time[1] - start_secs;
        if time_secs.is_finite() {
            events.push(TakeEvent {
                label: labels.get(k).cloned().unwrap_or_default(),
                context: contexts.get(k).cloned().unwrap_or_default(),
                time_secs,
            });
        }
    }
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
}
