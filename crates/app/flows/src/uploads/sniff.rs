//! What a file is, by its first bytes and never by its name.
//!
//! Sources: BVH (Biovision, first word `HIERARCHY`), C3D user guide ("byte 2 of the header is
//! 50h"), ISO/IEC 14496-12 (`ftyp`), EBML (RFC 8794), RIFF AVI, ISO/IEC 13818-1 (188-byte packets
//! that start with 47h), SMPTE 377-1 (header partition pack key).

/// Bytes of the head that [`sniff`] looks at.
pub const HEAD_BYTES: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A recorded performance, BVH or C3D.
    Take,
    Video,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Video => "video",
        }
    }
}

/// The kind by magic bytes; none = not a format of the story.
pub fn sniff(head: &[u8]) -> Option<Kind> {
    if is_video(head) {
        Some(Kind::Video)
    } else if is_bvh(head) || is_c3d(head) {
        Some(Kind::Take)
    } else {
        None
    }
}

fn is_bvh(head: &[u8]) -> bool {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let word = b"HIERARCHY";
    text.len() > word.len()
        && text[..word.len()].eq_ignore_ascii_case(word)
        && text[word.len()].is_ascii_whitespace()
}

/// Byte 1 points at the parameter block (512-byte blocks, never block 0 or 1), byte 2 is 50h.
fn is_c3d(head: &[u8]) -> bool {
    head.len() >= 512 && head[0] >= 2 && head[1] == 0x50
}

fn is_video(head: &[u8]) -> bool {
    let at = |offset: usize, magic: &[u8]| {
        head.get(offset..offset + magic.len())
            .is_some_and(|bytes| bytes == magic)
    };
    let iso = at(4, b"ftyp") || at(4, b"moov") || at(4, b"mdat") || at(4, b"wide");
    let matroska = at(0, &[0x1a, 0x45, 0xdf, 0xa3]);
    let avi = at(0, b"RIFF") && at(8, b"AVI ");
    let transport = |first: usize, step: usize| (0..5).all(|n| at(first + n * step, &[0x47]));
    let mxf_key = [
        0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02,
    ];
    iso || matroska || avi || transport(0, 188) || transport(4, 192) || at(0, &mxf_key)
}

#[cfg(test)]
mod tests {
    use super::{Kind, sniff};

    fn ts() -> Vec<u8> {
        (0..5)
            .flat_map(|_| std::iter::once(0x47).chain([0u8; 187]))
            .collect()
    }

    #[test]
    fn known_formats_and_everything_else() {
        let mut c3d = vec![0u8; 512];
        c3d[..2].copy_from_slice(&[2, 0x50]);
        let cases: [(&[u8], Option<Kind>); 12] = [
            (b"HIERARCHY\nROOT Hips", Some(Kind::Take)),
            (b"\xef\xbb\xbf\r\n hierarchy\r\n", Some(Kind::Take)),
            (&c3d, Some(Kind::Take)),
            (&c3d[..511], None),
            (b"\0\0\0\x18ftypmp42", Some(Kind::Video)),
            (&[0x1a, 0x45, 0xdf, 0xa3, 1], Some(Kind::Video)),
            (b"RIFF\0\0\0\0AVI LIST", Some(Kind::Video)),
            (b"RIFF\0\0\0\0WAVEfmt ", None),
            (&ts(), Some(Kind::Video)),
            (b"<html>", None),
            (b"\x7fELF", None),
            (b"", None),
        ];
        for (head, kind) in cases {
            assert_eq!(sniff(head), kind, "{:?}", &head[..head.len().min(12)]);
        }
    }
}
