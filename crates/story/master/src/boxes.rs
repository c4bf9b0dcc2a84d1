//! RFC 6381 codec strings from the boxes of an MP4 init segment.
//!
//! Reads only what a `CODECS` attribute needs: `avcC` (ISO/IEC 14496-15) gives `avc1.PPCCLL`,
//! `esds` (14496-1, 14496-14) gives `mp4a.40.N`, `dOps` gives `opus`. Depth and count are bounded;
//! a box that claims more bytes than its parent has ends the walk.

const MAX_DEPTH: usize = 8;
const MAX_BOXES: usize = 4096;

/// Codec strings in track order; unknown sample entries are left out.
pub fn codec_strings(init_segment: &[u8]) -> Vec<String> {
    let mut walk = Walk {
        left: MAX_BOXES,
        found: Vec::new(),
    };
    walk.container(init_segment, 0);
    walk.found
}

struct Walk {
    left: usize,
    found: Vec<String>,
}

impl Walk {
    fn container(&mut self, bytes: &[u8], depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut rest = bytes;
        while let Some((kind, body, after)) = split_box(rest) {
            rest = after;
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            match &kind {
                b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" => self.container(body, depth + 1),
                // Version, flags and entry count, then sample entries.
                b"stsd" => self.container(body.get(8..).unwrap_or(&[]), depth + 1),
                // VisualSampleEntry: 78 bytes before its child boxes.
                b"avc1" | b"avc3" => self.container(body.get(78..).unwrap_or(&[]), depth + 1),
                // AudioSampleEntry: 28 bytes before its child boxes.
                b"mp4a" | b"Opus" => self.container(body.get(28..).unwrap_or(&[]), depth + 1),
                b"avcC" => {
                    if let [_version, profile, compatibility, level, ..] = body {
                        let text = format!("avc1.{profile:02x}{compatibility:02x}{level:02x}");
                        self.found.push(text);
                    }
                }
                b"esds" => self.found.extend(aac_string(body)),
                b"dOps" => self.found.push("opus".to_owned()),
                _ => (),
            }
        }
    }
}

/// Splits the first box off: kind, body, what follows.
fn split_box(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as u64;
    let kind: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    let (head, size) = match size {
        0 => (8, bytes.len() as u64),
        1 => (16, u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)),
        size => (8, size),
    };
    let size = usize::try_from(size)
        .ok()
        .filter(|size| (head..=bytes.len()).contains(size))?;
    Some((kind, &bytes[head..size], &bytes[size..]))
}

/// ES descriptor (3) → decoder config (4) → specific info (5); the audio object type is its head.
fn aac_string(esds: &[u8]) -> Option<String> {
    let es = descriptor(esds.get(4..)?, 3)?;
    // ES id (2), flags (1); the optional parts are absent in MP4 files (14496-14, 3.1.2).
    let config = descriptor(es.get(3..)?, 4)?;
    let object_type = *config.first()?;
    if object_type != 0x40 {
        return Some(format!("mp4a.{object_type:02x}"));
    }
    let specific = descriptor(config.get(13..)?, 5)?;
    let (first, second) = (*specific.first()?, specific.get(1).copied().unwrap_or(0));
    let audio_object = match first >> 3 {
        31 => 32 + ((first & 7) << 3 | second >> 5),
        plain => plain,
    };
    Some(format!("mp4a.40.{audio_object}"))
}

/// The body of a descriptor with this tag at the head of `bytes` (expandable size, 7 bits a byte).
fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    if *bytes.first()? != tag {
        return None;
    }
    let mut size = 0usize;
    for position in 1..=4 {
        let byte = *bytes.get(position)?;
        size = size << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            let body = bytes.get(position + 1..)?;
            return Some(&body[..size.min(body.len())]);
        }
    }
    None
}
