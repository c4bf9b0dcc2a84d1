//! The 512-byte header: sizes, rates, pointers, and up to 18 events.
//!
//! Source: C3D User Guide, "The header section". Words are 16 bits and counted from 1 there.

use super::TakeEvent;
use super::bytes::Reader;
use super::params::text;

pub(super) const BLOCK: usize = 512;

/// Header fields as written, before they are believed.
pub(super) struct Header {
    /// Word 2.
    pub points: u16,
    /// Word 3: analog values per 3D frame, over all channels.
    pub analog_total: u16,
    /// Words 4 and 5, counted from 1.
    pub first_frame: u16,
    pub last_frame: u16,
    /// Words 7 and 8; negative means coordinates are stored as floats.
    pub scale: f32,
    /// Word 9, counted from 1.
    pub data_block: u16,
    /// Word 10.
    pub analog_per_frame: u16,
    /// Words 11 and 12.
    pub frame_rate_hz: f32,
}

/// Reads the fields; the caller has checked that 512 bytes are there.
pub(super) fn read(reader: &Reader<'_>) -> Header {
    let word = |number: usize| reader.u16((number - 1) * 2).unwrap_or(0);
    let real = |number: usize| reader.f32((number - 1) * 2).unwrap_or(0.0);
    Header {
        points: word(2),
        analog_total: word(3),
        first_frame: word(4),
        last_frame: word(5),
        scale: real(7),
        data_block: word(9),
        analog_per_frame: word(10),
        frame_rate_hz: real(11),
    }
}

/// Events of the header: times in words 153-188, shown flags in 189-197, four-letter labels in
/// 199-234 when word 150 is 12345. Times count from the first frame.
pub(super) fn events(reader: &Reader<'_>) -> Vec<TakeEvent> {
    const KEY: u16 = 12345;
    let word = |number: usize| reader.u16((number - 1) * 2).unwrap_or(0);
    if word(150) != KEY {
        return Vec::new();
    }
    let count = usize::from(word(151)).min(18);
    let mut events = Vec::with_capacity(count);
    for k in 0..count {
        let Some(time_secs) = reader.f32(152 * 2 + k * 4).filter(|time| time.is_finite()) else {
            continue;
        };
        let label = reader
            .bytes
            .get(198 * 2 + k * 4..198 * 2 + k * 4 + 4)
            .map(text);
        events.push(TakeEvent {
            label: label.unwrap_or_default(),
            context: String::new(),
            time_secs: f64::from(time_secs),
        });
    }
    events
}
