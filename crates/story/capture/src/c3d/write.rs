//! Marker trajectories → C3D: Intel byte order, real storage, millimetres, Y up.
//!
//! Invariant: reading the bytes back gives the same labels, gaps and frame rate, and positions
//! within the precision of a 32-bit float of millimetres. Long takes carry TRIAL's 32-bit field
//! numbers.

use super::header::BLOCK;
use backlot_geom::MarkerTrajectories;

const MILLIMETRES_PER_METRE: f64 = 1000.0;
/// Longest label written, bytes.
const LABEL_BYTES_MAX: usize = 64;

/// Writes markers only. Labels are cut to 64 bytes; at most 65,535 labels are written.
pub fn write(markers: &MarkerTrajectories) -> Vec<u8> {
    let labels = &markers.labels[..markers.labels.len().min(usize::from(u16::MAX))];
    let frames = markers.frames();
    let section = parameters(labels, frames, markers.frame_rate_hz, 0);
    let blocks = section.len().div_ceil(BLOCK);
    let data_block = u16::try_from(2 + blocks).unwrap_or(u16::MAX);
    let mut section = parameters(labels, frames, markers.frame_rate_hz, data_block);
    section[2] = u8::try_from(blocks).unwrap_or(u8::MAX);
    section.resize(blocks * BLOCK, 0);
    let mut file = header(labels.len(), frames, markers.frame_rate_hz, data_block);
    file.extend_from_slice(&section);
    for frame in 0..frames {
        for point in &markers.frame(frame)[..labels.len()] {
            let values = match point {
                Some(place) => {
                    let mm = (*place * MILLIMETRES_PER_METRE).as_vec3();
                    [mm.x, mm.y, mm.z, 0.0]
                }
                None => [0.0, 0.0, 0.0, -1.0],
            };
            file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
    }
    file.resize(file.len().div_ceil(BLOCK) * BLOCK, 0);
    file
}

fn clipped(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn header(points: usize, frames: usize, rate_hz: f64, data_block: u16) -> Vec<u8> {
    let mut bytes = vec![0u8; BLOCK];
    bytes[0] = 2;
    bytes[1] = 0x50;
    let mut put = |word: usize, value: &[u8]| {
        bytes[(word - 1) * 2..(word - 1) * 2 + value.len()].copy_from_slice(value);
    };
    put(2, &clipped(points).to_le_bytes());
    put(4, &1u16.to_le_bytes());
    put(5, &clipped(frames).to_le_bytes());
    put(7, &(-1.0f32).to_le_bytes());
    put(9, &data_block.to_le_bytes());
    put(11, &(rate_hz as f32).to_le_bytes());
    put(150, &12345u16.to_le_bytes());
    bytes
}

/// A parameter's type code and its bytes.
enum Data<'a> {
    Text { length: usize, texts: &'a [String] },
    Words(Vec<u16>),
    Real(f32),
}

/// The parameter section with its four-byte head, not yet padded to blocks.
fn parameters(labels: &[String], frames: usize, rate_hz: f64, data_block: u16) -> Vec<u8> {
    const POINT: i8 = 1;
    const TRIAL: i8 = 2;
    let mut out = vec![1, 0x50, 0, 84];
    group(&mut out, POINT, "POINT");
    group(&mut out, TRIAL, "TRIAL");
    let one = |text: &str| vec![text.to_owned()];
    let word = |value: u16| Data::Words(vec![value]);
    record(&mut out, POINT, "USED", &word(clipped(labels.len())));
    record(&mut out, POINT, "FRAMES", &word(clipped(frames)));
    record(&mut out, POINT, "DATA_START", &word(data_block));
    record(&mut out, POINT, "SCALE", &Data::Real(-1.0));
    record(&mut out, POINT, "RATE", &Data::Real(rate_hz as f32));
    for (name, value) in [("UNITS", "mm"), ("X_SCREEN", "+X"), ("Y_SCREEN", "+Y")] {
        let texts = one(value);
        record(
            &mut out,
            POINT,
            name,
            &Data::Text {
                length: value.len(),
                texts: &texts,
            },
        );
    }
    for (k, chunk) in labels.chunks(255).enumerate() {
        let name = if k == 0 {
            "LABELS".to_owned()
        } else {
            format!("LABELS{}", k + 1)
        };
        let longest = chunk
            .iter()
            .map(|label| cut(label).len())
            .max()
            .unwrap_or(1);
        record(
            &mut out,
            POINT,
            &name,
            &Data::Text {
                length: longest.max(1),
                texts: chunk,
            },
        );
        let texts = vec![String::new(); chunk.len()];
        let name = name.replace("LABELS", "DESCRIPTIONS");
        record(
            &mut out,
            POINT,
            &name,
            &Data::Text {
                length: 1,
                texts: &texts,
            },
        );
    }
    let fields = [("ACTUAL_START_FIELD", 1), ("ACTUAL_END_FIELD", frames)];
    for (name, field) in fields {
        let low = (field % 65_536) as u16;
        record(
            &mut out,
            TRIAL,
            name,
            &Data::Words(vec![low, clipped(field / 65_536)]),
        );
    }
    out.extend([0, 0]);
    out
}

fn group(out: &mut Vec<u8>, id: i8, name: &str) {
    out.extend([name.len() as u8, (-id).cast_unsigned()]);
    out.extend(name.as_bytes());
    out.extend(3u16.to_le_bytes());
    out.push(0);
}

fn record(out: &mut Vec<u8>, group: i8, name: &str, data: &Data<'_>) {
    let (code, dimensions, bytes) = match data {
        Data::Text { length, texts } if texts.len() == 1 => {
            (-1i8, vec![*length], padded(&texts[0], *length))
        }
        Data::Text { length, texts } => {
            let bytes = texts
                .iter()
                .flat_map(|text| padded(text, *length))
                .collect();
            (-1, vec![*length, texts.len()], bytes)
        }
        Data::Words(words) => {
            let dimensions = if words.len() == 1 {
                Vec::new()
            } else {
                vec![words.len()]
            };
            (
                2,
                dimensions,
                words.iter().flat_map(|word| word.to_le_bytes()).collect(),
            )
        }
        Data::Real(value) => (4, Vec::new(), value.to_le_bytes().to_vec()),
    };
    out.extend([name.len() as u8, group.cast_unsigned()]);
    out.extend(name.as_bytes());
    let distance = 2 + 2 + dimensions.len() + bytes.len() + 1;
    out.extend(clipped(distance).to_le_bytes());
    out.extend([code.cast_unsigned(), dimensions.len() as u8]);
    out.extend(dimensions.iter().map(|size| *size as u8));
    out.extend(bytes);
    out.push(0);
}

/// At most `LABEL_BYTES_MAX` bytes, cut between letters.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(LABEL_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn padded(text: &str, length: usize) -> Vec<u8> {
    let mut bytes = cut(text).as_bytes().to_vec();
    bytes.resize(length, b' ');
    bytes
}
