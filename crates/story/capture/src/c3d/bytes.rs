//! Numbers in the three byte orders of C3D.
//!
//! Source: "The C3D File Format User Guide", Motion Lab Systems, chapters 2 and 4; VAX F_floating:
//! VAX Architecture Reference Manual.

use serde::{Deserialize, Serialize};

/// The machine whose number layout a file uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Processor {
    /// Little endian, IEEE.
    Intel,
    /// Little endian words, VAX F floats.
    Dec,
    /// Big endian, IEEE.
    Sgi,
}

impl Processor {
    pub(super) const fn from_code(code: u8) -> Option<Self> {
        match code {
            84 => Some(Self::Intel),
            85 => Some(Self::Dec),
            86 => Some(Self::Sgi),
            _ => None,
        }
    }

    pub(super) const fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Intel | Self::Dec => u16::from_le_bytes(bytes),
            Self::Sgi => u16::from_be_bytes(bytes),
        }
    }

    pub(super) fn f32(self, bytes: [u8; 4]) -> f32 {
        match self {
            Self::Intel => f32::from_le_bytes(bytes),
            Self::Sgi => f32::from_be_bytes(bytes),
            Self::Dec => vax_f(bytes),
        }
    }
}

/// VAX F: word-swapped; value = ±1.fraction × 2^(exponent − 129), exponent 0 means zero.
fn vax_f([b0, b1, b2, b3]: [u8; 4]) -> f32 {
    let bits = u32::from_le_bytes([b2, b3, b0, b1]);
    let exponent = (bits >> 23) & 0xff;
    if exponent == 0 {
        return 0.0;
    }
    let fraction = 1.0 + f64::from(bits & 0x007f_ffff) / 8_388_608.0;
    let sign = if bits >> 31 == 1 { -1.0 } else { 1.0 };
    (sign * fraction * (f64::from(exponent) - 129.0).exp2()) as f32
}

/// Bounds-checked access to the whole file in one byte order.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub processor: Processor,
}

impl Reader<'_> {
    pub fn u8(&self, offset: usize) -> Option<u8> {
        self.bytes.get(offset).copied()
    }

    pub fn u16(&self, offset: usize) -> Option<u16> {
        let pair = self.bytes.get(offset..offset.checked_add(2)?)?;
        Some(self.processor.u16([pair[0], pair[1]]))
    }

    pub fn f32(&self, offset: usize) -> Option<f32> {
        let four = self.bytes.get(offset..offset.checked_add(4)?)?;
        Some(self.processor.f32([four[0], four[1], four[2], four[3]]))
    }
}

#[cfg(test)]
mod tests {
    use super::vax_f;

    #[test]
    fn vax_floats_of_the_architecture_manual() {
        // 1.0 is 0x00004080 in a VAX register, −0.5 is 0x0000C000, 3.5 is 0x00004160.
        assert_eq!(vax_f([0x80, 0x40, 0, 0]), 1.0);
        assert_eq!(vax_f([0x00, 0xC0, 0, 0]), -0.5);
        assert_eq!(vax_f([0x60, 0x41, 0, 0]), 3.5);
        assert_eq!(vax_f([0, 0, 0, 0]), 0.0);
    }
}
