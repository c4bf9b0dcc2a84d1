//! The studio round the performer: backdrop, floor with its grid, shadow, light.
//!
//! Words: the *shadow map* covers a square of floor round the performer; the *backdrop* is a grey
//! gradient that meets the floor in haze at the horizon.
//! Invariant: everything is a pure function of camera and figure; grid lines are filtered
//! analytically, so they fade into their mean instead of flickering.

use backlot_geom::glam::{Vec2, Vec3};

use crate::camera::Camera;

const SHADOW_CELLS: usize = 256;
const SHADOW_SPAN_M: f32 = 5.0;
const CELL_M: f32 = SHADOW_SPAN_M / SHADOW_CELLS as f32;

/// Lamps: directions point from the figure to the lamp.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lights {
    pub key: Vec3,
    pub fill: Vec3,
    pub rim: Vec3,
}

impl Lights {
    /// Lamps of a studio whose front is at this heading.
    pub fn facing(heading_rad: f32) -> Self {
        let turn = |x: f32, y: f32, z: f32| {
            let (sin, cos) = heading_rad.sin_cos();
            Vec3::new(x * cos + z * sin, y, -x * sin + z * cos).normalize()
        };
        Self {
            key: turn(0.62, 1.15, 0.85),
            fill: turn(-0.95, 0.35, 0.70),
            rim: turn(-0.55, 0.75, -1.0),
        }
    }

    /// Display colour 0..255 of a surface point.
    pub fn shade(&self, albedo: [f32; 3], normal: Vec3, to_eye: Vec3) -> Vec3 {
        let albedo = Vec3::from_array(albedo);
        let wrap = |lamp: Vec3, soft: f32| ((normal.dot(lamp) + soft) / (1.0 + soft)).max(0.0);
        let key = wrap(self.key, 0.18);
        let fill = wrap(self.fill, 0.40);
        let sky = 0.5 + 0.5 * normal.y;
        let light = Vec3::new(1.58, 1.48, 1.34) * (key * key * (1.6 - 0.6 * key))
            + Vec3::new(0.20, 0.25, 0.33) * fill
            + Vec3::new(0.21, 0.23, 0.26) * sky
            + Vec3::new(0.16, 0.145, 0.13) * (1.0 - sky);
        let toward = normal.dot(to_eye);
        // Normals that already look away belong to thin edges: they get no rim.
        let glance = (1.0 - toward.max(0.0)).powi(3) * (1.0 + 3.0 * toward.min(0.0)).max(0.0);
        let rim = glance * (normal.dot(self.rim) + 0.25).max(0.0) * 0.62;
        let half = (self.key + to_eye).normalize_or_zero();
        let sheen = normal.dot(half).max(0.0).powi(24) * 0.045;
        display(albedo * light + Vec3::new(0.86, 0.93, 1.0) * rim + Vec3::splat(sheen))
    }
}

/// Tone curve and sRGB, 0..255.
pub(crate) fn display(linear: Vec3) -> Vec3 {
    const STEPS: usize = 1024;
    const TOP: f32 = 4.0;
    static TABLE: std::sync::OnceLock<[f32; STEPS + 2]> = std::sync::OnceLock::new();
    // Steps are even in the square root, so that dark tones have as many as light ones.
    let table = TABLE.get_or_init(|| {
        std::array::from_fn(|step| {
            let root = step as f32 / STEPS as f32 * TOP.sqrt();
            tone(root * root)
        })
    });
    let curve = |x: f32| {
        let place = (x.clamp(0.0, TOP) / TOP).sqrt() * STEPS as f32;
        let step = place as usize;
        table[step] + (table[step + 1] - table[step]) * (place - step as f32)
    };
    Vec3::new(curve(linear.x), curve(linear.y), curve(linear.z))
}

/// A shoulder that leaves the lower half alone, then IEC 61966-2-1.
fn tone(x: f32) -> f32 {
    let held = x * (1.0 + x * 0.09) / (1.0 + x * 0.32);
    let encoded = if held <= 0.003_130_8 {
        held * 12.92
    } else {
        1.055 * held.powf(1.0 / 2.4) - 0.055
    };
    encoded.clamp(0.0, 1.0) * 255.0
}

/// Darkness of the floor, 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct Shadow {
    origin_m: Vec2,
    dark: Vec<f32>,
    spare: Vec<f32>,
}

impl Shadow {
    pub fn new() -> Self {
        let cells = SHADOW_CELLS * SHADOW_CELLS;
        Self {
            origin_m: Vec2::ZERO,
            dark: vec![0.0; cells],
            spare: vec![0.0; cells],
        }
    }

    /// Casts triangles onto the floor, away from the key lamp, then softens the edge.
    pub fn cast(&mut self, points: &[Vec3], triangles: &[[u32; 3]], centre: Vec3, key: Vec3) {
        let slant = Vec2::new(key.x, key.z) / key.y.max(0.2);
        let middle = Vec2::new(centre.x, centre.z) - slant * 0.8;
        self.origin_m = middle - Vec2::splat(0.5 * SHADOW_SPAN_M);
        self.dark.fill(0.0);
        let onto = |p: Vec3| {
            let floor = Vec2::new(p.x, p.z) - slant * p.y.max(0.0);
            (floor - self.origin_m) / CELL_M
        };
        let cast: Vec<Vec2> = points.iter().map(|p| onto(*p)).collect();
        // Neighbouring triangles are smaller than a cell: every second one covers the same cells.
        for triangle in triangles.iter().step_by(2) {
            let [a, b, c] = triangle.map(|index| cast[index as usize]);
            self.cover(a, b, c);
        }
        self.contact(points);
        for radius in [3, 3, 2] {
            self.soften(radius);
        }
    }

    fn cover(&mut self, a: Vec2, b: Vec2, c: Vec2) {
        let limit = SHADOW_CELLS as f32 - 1.0;
        let low = a
            .min(b)
            .min(c)
            .floor()
            .clamp(Vec2::ZERO, Vec2::splat(limit));
        let high = a.max(b).max(c).ceil().clamp(Vec2::ZERO, Vec2::splat(limit));
        if !(low.is_finite() && high.is_finite()) {
            return;
        }
        let area = (b - a).perp_dot(c - a);
        if area.abs() < 1e-4 {
            return;
        }
        let inside = |p: Vec2| {
            let w = [
                (b - a).perp_dot(p - a),
                (c - b).perp_dot(p - b),
                (a - c).perp_dot(p - c),
            ];
            w.iter().all(|v| *v * area.signum() >= -0.15)
        };
        for y in low.y as usize..=high.y as usize {
            for x in low.x as usize..=high.x as usize {
                let cell = &mut self.dark[y * SHADOW_CELLS + x];
                if *cell < 0.62 && inside(Vec2::new(x as f32, y as f32)) {
                    *cell = 0.62;
                }
            }
        }
    }

    /// Darkens the floor right under what is close to it.
    fn contact(&mut self, points: &[Vec3]) {
        for point in points.iter().filter(|p| p.y < 0.10) {
            let at = (Vec2::new(point.x, point.z) - self.origin_m) / CELL_M;
            if at.cmpge(Vec2::ONE).all() && at.cmplt(Vec2::splat(SHADOW_CELLS as f32 - 1.0)).all() {
                let index = at.y as usize * SHADOW_CELLS + at.x as usize;
                let dark = 1.25 * (1.0 - point.y.max(0.0) / 0.10);
                self.dark[index] = self.dark[index].max(dark);
            }
        }
    }

    fn soften(&mut self, radius: usize) {
        for _ in 0..2 {
            // One pass along rows, written transposed; twice gives both directions.
            let share = 1.0 / (2 * radius + 1) as f32;
            for y in 0..SHADOW_CELLS {
                let row = &self.dark[y * SHADOW_CELLS..(y + 1) * SHADOW_CELLS];
                let mut sum: f32 = row[..radius].iter().sum();
                for x in 0..SHADOW_CELLS {
                    sum += row.get(x + radius).copied().unwrap_or(0.0);
                    if x > radius {
                        sum -= row[x - radius - 1];
                    }
                    self.spare[x * SHADOW_CELLS + y] = sum * share;
                }
            }
            std::mem::swap(&mut self.dark, &mut self.spare);
        }
    }

    fn at(&self, floor: Vec2) -> f32 {
        let place = (floor - self.origin_m) / CELL_M;
        let limit = SHADOW_CELLS as f32 - 2.0;
        if !(place.x >= 0.0 && place.y >= 0.0 && place.x < limit && place.y < limit) {
            return 0.0;
        }
        let (x, y) = (place.x as usize, place.y as usize);
        let (fx, fy) = (place.x - x as f32, place.y - y as f32);
        let index = y * SHADOW_CELLS + x;
        let top = self.dark[index] * (1.0 - fx) + self.dark[index + 1] * fx;
        let low = self.dark[index + SHADOW_CELLS];
        let low = low * (1.0 - fx) + self.dark[index + SHADOW_CELLS + 1] * fx;
        (top * (1.0 - fy) + low * fy).min(0.94)
    }
}

/// The floor and backdrop behind the figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    pub camera: Camera,
    pub centre_in_world_m: Vec3,
    pub width: usize,
    pub height: usize,
}

const HORIZON: Vec3 = Vec3::new(116.0, 122.0, 131.0);
const ZENITH: Vec3 = Vec3::new(42.0, 46.0, 54.0);
const FLOOR_LIT: Vec3 = Vec3::new(168.0, 171.0, 176.0);
const FLOOR_FAR: Vec3 = Vec3::new(84.0, 89.0, 98.0);

impl Set {
    /// Draws one row of the picture, RGB.
    pub fn row(&self, y: usize, shadow: &Shadow, out: &mut [u8]) {
        let up = 1.0 - (y as f32 + 0.5) / self.height as f32 * 2.0;
        let left = self.camera.ray(Vec2::new(-1.0, up));
        if left.y >= -1e-4 {
            self.backdrop_row(y, left.y, out);
        } else {
            self.floor_row(y, up, shadow, out);
        }
    }

    fn backdrop_row(&self, y: usize, slope: f32, out: &mut [u8]) {
        let rise = 1.0 - (-slope * 4.2).exp();
        let color = HORIZON.lerp(ZENITH, rise);
        for (x, pixel) in out.chunks_exact_mut(3).enumerate() {
            put(pixel, color * self.vignette(x, y), x, y);
        }
    }

    fn floor_row(&self, y: usize, up: f32, shadow: &Shadow, out: &mut [u8]) {
        let floor_at = |x: f32, up: f32| {
            let ray = self.camera.ray(Vec2::new(x, up));
            let reach = self.camera.eye_in_world_m.y / (-ray.y).max(1e-5);
            let point = self.camera.eye_in_world_m + ray * reach;
            Vec2::new(point.x, point.z)
        };
        let start = floor_at(-1.0, up);
        let step = (floor_at(1.0, up) - start) / self.width as f32;
        let below = floor_at(-1.0, up - 2.0 / self.height as f32);
        // What one pixel covers on the floor, per axis.
        let footprint = step.abs() + (below - start).abs();
        let fine = Lines::new(footprint, 0.5, 0.009);
        let bold = Lines::new(footprint, 2.5, 0.022);
        let eye = Vec2::new(self.camera.eye_in_world_m.x, self.camera.eye_in_world_m.z);
        let centre = Vec2::new(self.centre_in_world_m.x, self.centre_in_world_m.z);
        for (x, pixel) in out.chunks_exact_mut(3).enumerate() {
            let floor = start + step * (x as f32 + 0.5);
            let from_centre = floor.distance_squared(centre);
            let pool = 1.0 / (1.0 + from_centre * 0.085);
            let mut color = FLOOR_FAR.lerp(FLOOR_LIT, pool);
            let thin = fine.cover(floor);
            if thin > 0.0 {
                // Every bold line is a fine one too.
                color *= 1.0 - 0.13 * thin - 0.17 * bold.cover(floor);
            }
            let dark = shadow.at(floor);
            color *= 1.0 - 0.80 * dark;
            let away = floor.distance_squared(eye);
            let haze = 1.0 - 1.0 / (1.0 + away * 0.0042);
            color = color.lerp(HORIZON, haze);
            put(pixel, color * self.vignette(x, y), x, y);
        }
    }

    fn vignette(&self, x: usize, y: usize) -> f32 {
        let dx = x as f32 / self.width as f32 - 0.5;
        let dy = y as f32 / self.height as f32 - 0.47;
        1.0 - 0.42 * (dx * dx + dy * dy)
    }
}

/// Lines `spacing_m` apart as one row of pixels sees them.
#[derive(Debug, Clone, Copy)]
struct Lines {
    spacing_m: f32,
    per_m: f32,
    half_line_m: f32,
    half_wide_m: Vec2,
    per_wide: Vec2,
    mean: f32,
    blur: Vec2,
}

impl Lines {
    /// `footprint_m`: what one pixel covers on the floor, per axis.
    fn new(footprint_m: Vec2, spacing_m: f32, line_m: f32) -> Self {
        let wide = footprint_m.max(Vec2::splat(1e-5));
        let blur = (wide / spacing_m - Vec2::splat(0.35)) / 0.5;
        Self {
            spacing_m,
            per_m: 1.0 / spacing_m,
            half_line_m: 0.5 * line_m,
            half_wide_m: wide * 0.5,
            per_wide: Vec2::ONE / wide,
            mean: line_m / spacing_m,
            blur: blur.clamp(Vec2::ZERO, Vec2::ONE),
        }
    }

    /// Share of the footprint that lies on lines.
    #[inline]
    fn cover(&self, floor: Vec2) -> f32 {
        const ROUND: f32 = 12_582_912.0;
        let axis = |place: f32, half_wide: f32, per_wide: f32, blur: f32| {
            // Adding 1.5 * 2^23 leaves whole numbers only: rounding without a library call.
            let line = (place * self.per_m + ROUND) - ROUND;
            let near = (place - line * self.spacing_m).abs();
            let end = (near + half_wide).min(self.half_line_m);
            let start = (near - half_wide).max(-self.half_line_m);
            let sharp = ((end - start) * per_wide).clamp(0.0, 1.0);
            sharp + (self.mean - sharp) * blur
        };
        let x = axis(floor.x, self.half_wide_m.x, self.per_wide.x, self.blur.x);
        x.max(axis(
            floor.y,
            self.half_wide_m.y,
            self.per_wide.y,
            self.blur.y,
        ))
    }
}

/// Writes a pixel with a fixed pattern below one level, against banding.
fn put(pixel: &mut [u8], color: Vec3, x: usize, y: usize) {
    let hash = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    let noise = (hash >> 24) as f32 / 256.0;
    pixel[0] = (color.x + noise) as u8;
    pixel[1] = (color.y + noise) as u8;
    pixel[2] = (color.z + noise) as u8;
}
