//! PDQ: a 256-bit hash of what a grey picture shows, and how much there is to see.
//!
//! As published (Facebook 2019): two passes of a box filter whose size follows the picture (a
//! Jarosz tent), decimation to 64×64, the lowest 16×16 DCT-II coefficients without the constant
//! row and column, and one bit per coefficient: above the median or not. Quality sums the visible
//! gradients of the 64×64 picture, 0 to 100.

use std::sync::LazyLock;

const SMALL: usize = 64;
const COEFFS: usize = 16;

/// 256 bits. Bit `16·i + j` (row frequency i+1, column frequency j+1) counts from the lowest bit of
/// the first word, as in the reference's sixteen 16-bit words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hash256(pub [u64; 4]);

impl Hash256 {
    #[inline]
    pub fn distance(&self, other: &Self) -> u32 {
        let pair = |i: usize| (self.0[i] ^ other.0[i]).count_ones();
        pair(0) + pair(1) + pair(2) + pair(3)
    }

    /// 64 hex digits, the last row first, as the reference prints it.
    pub fn to_hex(&self) -> String {
        let words = self.0.iter().rev();
        words.map(|word| format!("{word:016x}")).collect()
    }

    pub fn from_hex(text: &str) -> Option<Self> {
        let right = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let part = |i: usize| u64::from_str_radix(&text[16 * i..16 * (i + 1)], 16).ok();
        right
            .then(|| Some(Self([part(3)?, part(2)?, part(1)?, part(0)?])))
            .flatten()
    }

    pub fn to_bytes(&self) -> [u8; 32] {
        let mut out = [0; 32];
        for (chunk, word) in out.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(chunk);
            *word = u64::from_le_bytes(eight);
        }
        Self(words)
    }
}

/// The 16×16 coefficients of one picture; hashes of its turned and mirrored forms come from them.
#[derive(Debug, Clone)]
pub struct Spectrum {
    coeffs: [[f32; COEFFS]; COEFFS],
    /// 0 (nothing to see) to 100.
    pub quality: u8,
}

/// The eight ways a square picture can lie; turns are clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dihedral {
    Original,
    Rotate90,
    Rotate180,
    Rotate270,
    MirrorLeftRight,
    MirrorTopBottom,
    Transpose,
    AntiTranspose,
}

impl Dihedral {
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::Rotate90,
        Self::Rotate180,
        Self::Rotate270,
        Self::MirrorLeftRight,
        Self::MirrorTopBottom,
        Self::Transpose,
        Self::AntiTranspose,
    ];
}

static DCT: LazyLock<[[f32; SMALL]; COEFFS]> = LazyLock::new(|| {
    let scale = (2.0 / SMALL as f64).sqrt();
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let angle = std::f64::consts::PI / 2.0 / SMALL as f64 * (i + 1) as f64;
            (scale * (angle * (2 * j + 1) as f64).cos()) as f32
        })
    })
});

/// The spectrum of `width`×`height` grey values, rows top to bottom. Pictures smaller than 5 on a
/// side show nothing: quality 0.
pub fn spectrum(gray: &[u8], width: usize, height: usize) -> Spectrum {
    if width < 5 || height < 5 || gray.len() < width * height {
        return Spectrum {
            coeffs: [[0.0; COEFFS]; COEFFS],
            quality: 0,
        };
    }
    let mut plane: Vec<f32> = gray[..width * height]
        .iter()
        .map(|&v| f32::from(v))
        .collect();
    let (row_window, column_window) = (window(width), window(height));
    let mut other = vec![0.0; plane.len()];
    for _ in 0..2 {
        box_rows(&plane, &mut other, width, row_window);
        box_columns(&other, &mut plane, width, height, column_window);
    }
    let small = decimate(&plane, width, height);
    Spectrum {
        quality: quality(&small),
        coeffs: dct(&small),
    }
}

/// Hash and quality of a picture as it lies.
pub fn hash(gray: &[u8], width: usize, height: usize) -> (Hash256, u8) {
    let spectrum = spectrum(gray, width, height);
    (spectrum.hash(Dihedral::Original), spectrum.quality)
}

/// Half the decimation step, rounded up.
fn window(side: usize) -> usize {
    side.div_ceil(2 * SMALL)
}

fn box_line(
    read: impl Fn(usize) -> f32,
    mut write: impl FnMut(usize, f32),
    len: usize,
    win: usize,
) {
    let half = (win + 2) / 2;
    let (mut sum, mut count) = (0.0f32, 0.0f32);
    let (mut right, mut left) = (0, 0);
    for _ in 0..half.saturating_sub(1).min(len) {
        sum += read(right);
        count += 1.0;
        right += 1;
    }
    for at in 0..len {
        if right < len {
            sum += read(right);
            count += 1.0;
            right += 1;
        }
        if at + half > win {
            sum -= read(left);
            count -= 1.0;
            left += 1;
        }
        write(at, sum / count.max(1.0));
    }
}

fn box_rows(from: &[f32], to: &mut [f32], width: usize, win: usize) {
    for (row_in, row_out) in from.chunks_exact(width).zip(to.chunks_exact_mut(width)) {
        box_line(|i| row_in[i], |i, v| row_out[i] = v, width, win);
    }
}

fn box_columns(from: &[f32], to: &mut [f32], width: usize, height: usize, win: usize) {
    for x in 0..width {
        box_line(
            |y| from[y * width + x],
            |y, v| to[y * width + x] = v,
            height,
            win,
        );
    }
}

/// The middle value of each of 64×64 fields.
fn decimate(plane: &[f32], width: usize, height: usize) -> Vec<f32> {
    let middle = |i: usize, side: usize| ((i as f32 + 0.5) * side as f32 / SMALL as f32) as usize;
    let mut small = Vec::with_capacity(SMALL * SMALL);
    for i in 0..SMALL {
        let row = middle(i, height) * width;
        small.extend((0..SMALL).map(|j| plane[row + middle(j, width)]));
    }
    small
}

fn quality(small: &[f32]) -> u8 {
    let step = |u: f32, v: f32| ((u - v) * 100.0 / 255.0).trunc().abs() as u32;
    let mut sum = 0u32;
    for i in 0..SMALL {
        for j in 0..SMALL {
            let here = small[i * SMALL + j];
            if i + 1 < SMALL {
                sum += step(here, small[(i + 1) * SMALL + j]);
            }
            if j + 1 < SMALL {
                sum += step(here, small[i * SMALL + j + 1]);
            }
        }
    }
    (sum / 90).min(100) as u8
}

/// `D · A · Dᵀ` with the 16×64 matrix D.
fn dct(small: &[f32]) -> [[f32; COEFFS]; COEFFS] {
    let basis = &*DCT;
    let mut half = [[0.0f32; SMALL]; COEFFS];
    for (row_out, weights) in half.iter_mut().zip(basis) {
        for (weight, row) in weights.iter().zip(small.chunks_exact(SMALL)) {
            for (out, value) in row_out.iter_mut().zip(row) {
                *out += weight * value;
            }
        }
    }
    let dot = |a: &[f32; SMALL], b: &[f32; SMALL]| a.iter().zip(b).map(|(x, y)| x * y).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| dot(&half[i], &basis[j])))
}

impl Spectrum {
    /// Mirroring negates the odd frequencies of one axis, transposing swaps the axes.
    pub fn hash(&self, lie: Dihedral) -> Hash256 {
        use Dihedral as D;
        let mut turned = [[0.0f32; COEFFS]; COEFFS];
        for (i, row) in turned.iter_mut().enumerate() {
            for (j, out) in row.iter_mut().enumerate() {
                // Index 0 is frequency 1: odd.
                let (odd_i, odd_j) = (i % 2 == 0, j % 2 == 0);
                let sign = |negate: bool| if negate { -1.0 } else { 1.0 };
                let (straight, swapped) = (self.coeffs[i][j], self.coeffs[j][i]);
                *out = match lie {
                    D::Original => straight,
                    D::Rotate180 => straight * sign(odd_i != odd_j),
                    D::MirrorTopBottom => straight * sign(odd_i),
                    D::MirrorLeftRight => straight * sign(odd_j),
                    D::Transpose => swapped,
                    D::AntiTranspose => swapped * sign(odd_i != odd_j),
                    D::Rotate90 => swapped * sign(odd_j),
                    D::Rotate270 => swapped * sign(odd_i),
                };
            }
        }
        threshold(&turned)
    }
}

fn threshold(coeffs: &[[f32; COEFFS]; COEFFS]) -> Hash256 {
    let mut sorted: Vec<f32> = coeffs.iter().flatten().copied().collect();
    // The reference takes the 128th of 256 in ascending order, not a mean of two.
    let (_, median, _) = sorted.select_nth_unstable_by(127, f32::total_cmp);
    let mut words = [0u64; 4];
    for (i, value) in coeffs.iter().flatten().enumerate() {
        words[i / 64] |= u64::from(*value > *median) << (i % 64);
    }
    Hash256(words)
}
