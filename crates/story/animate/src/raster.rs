//! Triangles to samples: a z-buffered, perspective-correct rasteriser.
//!
//! Words: a *sample* is a point of the canvas; the preview uses two by two samples a pixel. Depth
//! is
//! kept as 1/w, so larger is nearer and 0 is infinitely far.
//! Invariants: a sample belongs to at most one of two triangles that share an edge (top-left rule);
//! geometry behind the near plane is clipped, never mirrored.
//! Source: J. Pineda, "A parallel algorithm for polygon rasterization", 1988; Blinn's clipping.

use backlot_geom::glam::{Vec2, Vec3, Vec4};

/// Nearest drawn distance from the eye, metres.
pub const NEAR_M: f32 = 0.05;

/// A corner in clip space (x, y in -w..w, w = distance along the view axis) with its colour 0..255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corner {
    pub clip: Vec4,
    pub color: Vec3,
}

/// A rectangle of samples: `x0..x1`, `y0..y1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    pub x0: usize,
    pub y0: usize,
    pub x1: usize,
    pub y1: usize,
}

/// Colour and depth samples; y runs down.
#[derive(Debug, Clone)]
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    /// Red, green, blue, coverage.
    pub color: Vec<[u8; 4]>,
    pub inverse_w: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
struct Pin {
    at: Vec2,
    inverse_w: f32,
    color_over_w: Vec3,
}

impl Canvas {
    pub fn new(width: usize, height: usize) -> Self {
        let samples = width * height;
        Self {
            width,
            height,
            color: vec![[0; 4]; samples],
            inverse_w: vec![0.0; samples],
        }
    }

    pub fn clear(&mut self, region: Region) {
        for y in region.y0..region.y1 {
            let row = y * self.width;
            self.color[row + region.x0..row + region.x1].fill([0; 4]);
            self.inverse_w[row + region.x0..row + region.x1].fill(0.0);
        }
    }

    /// Draws a triangle, seen from either side unless `one_sided`.
    pub fn triangle(&mut self, corners: [Corner; 3], one_sided: bool) {
        let finite = corners
            .iter()
            .all(|c| c.clip.is_finite() && c.color.is_finite());
        if !finite {
            return;
        }
        let behind = corners
            .iter()
            .filter(|corner| corner.clip.w < NEAR_M)
            .count();
        match behind {
            0 => self.fill(corners.map(|corner| self.pin(corner)), one_sided),
            3 => {}
            _ => {
                let (polygon, count) = clip_near(corners);
                for last in 2..count {
                    let fan = [polygon[0], polygon[last - 1], polygon[last]];
                    self.fill(fan.map(|corner| self.pin(corner)), one_sided);
                }
            }
        }
    }

    fn pin(&self, corner: Corner) -> Pin {
        let inverse_w = 1.0 / corner.clip.w;
        let at = Vec2::new(
            (0.5 + 0.5 * corner.clip.x * inverse_w) * self.width as f32,
            (0.5 - 0.5 * corner.clip.y * inverse_w) * self.height as f32,
        );
        Pin {
            at,
            inverse_w,
            color_over_w: corner.color * inverse_w,
        }
    }

    fn fill(&mut self, pins: [Pin; 3], one_sided: bool) {
        let [a, mut b, mut c] = pins;
        // y runs down, so a counter-clockwise triangle has a negative area here.
        let mut area = cross(b.at - a.at, c.at - a.at);
        if area > 0.0 {
            if one_sided {
                return;
            }
            (b, c) = (c, b);
            area = -area;
        }
        if area > -1e-9 {
            return;
        }
        let Some(span) = self.span(a.at, b.at, c.at) else {
            return;
        };
        let over = -1.0 / area;
        let edges = [edge(b.at, c.at), edge(c.at, a.at), edge(a.at, b.at)];
        for y in span.y0..span.y1 {
            let row = y * self.width;
            let centre_y = y as f32 + 0.5;
            for x in span.x0..span.x1 {
                let centre = Vec2::new(x as f32 + 0.5, centre_y);
                let value = edges.map(|edge| edge.at(centre));
                if !(0..3).all(|i| edges[i].holds(value[i])) {
                    continue;
                }
                let [wa, wb, wc] = value.map(|v| v * over);
                let inverse_w = a.inverse_w * wa + b.inverse_w * wb + c.inverse_w * wc;
                if inverse_w <= self.inverse_w[row + x] {
                    continue;
                }
                let color =
                    (a.color_over_w * wa + b.color_over_w * wb + c.color_over_w * wc) / inverse_w;
                self.inverse_w[row + x] = inverse_w;
                self.color[row + x] = [level(color.x), level(color.y), level(color.z), 255];
            }
        }
    }

    /// Samples whose centres may lie inside.
    fn span(&self, a: Vec2, b: Vec2, c: Vec2) -> Option<Region> {
        let low = a.min(b).min(c) - Vec2::splat(0.5);
        let high = a.max(b).max(c) - Vec2::splat(0.5);
        if !low.is_finite() || !high.is_finite() || high.x < 0.0 || high.y < 0.0 {
            return None;
        }
        let region = Region {
            x0: ceil(low.x).min(self.width),
            y0: ceil(low.y).min(self.height),
            x1: (high.x as usize).saturating_add(1).min(self.width),
            y1: (high.y as usize).saturating_add(1).min(self.height),
        };
        (region.x0 < region.x1 && region.y0 < region.y1).then_some(region)
    }

    /// A round, lit dot at a clip-space point, `radius` samples wide to each side.
    pub fn dot(&mut self, centre: Vec4, radius: f32, color: Vec3) {
        if !centre.is_finite() || centre.w < NEAR_M || !(0.0..=512.0).contains(&radius) {
            return;
        }
        let pin = self.pin(Corner {
            clip: centre,
            color,
        });
        let corner = Vec2::splat(radius);
        let Some(span) = self.span(pin.at - corner, pin.at + corner, pin.at) else {
            return;
        };
        for y in span.y0..span.y1 {
            for x in span.x0..span.x1 {
                let offset = (Vec2::new(x as f32 + 0.5, y as f32 + 0.5) - pin.at) / radius;
                let index = y * self.width + x;
                if offset.length_squared() > 1.0 || pin.inverse_w <= self.inverse_w[index] {
                    continue;
                }
                let depth = (1.0 - offset.length_squared()).sqrt();
                let light = 0.45 + 0.55 * (0.7 * depth - 0.5 * offset.y - 0.3 * offset.x).max(0.0);
                let shaded = color * light;
                self.inverse_w[index] = pin.inverse_w;
                self.color[index] = [level(shaded.x), level(shaded.y), level(shaded.z), 255];
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    origin: Vec2,
    along: Vec2,
    owns_boundary: bool,
}

/// Half-plane of a directed edge; inside is positive for the winding used in `fill`.
fn edge(from: Vec2, to: Vec2) -> Edge {
    let along = to - from;
    // Counter-clockwise with y down: left edges go down, top edges go left.
    let owns_boundary = along.y > 0.0 || (along.y == 0.0 && along.x < 0.0);
    Edge {
        origin: from,
        along,
        owns_boundary,
    }
}

impl Edge {
    fn at(self, point: Vec2) -> f32 {
        -cross(self.along, point - self.origin)
    }

    fn holds(self, value: f32) -> bool {
        value > 0.0 || (value == 0.0 && self.owns_boundary)
    }
}

fn cross(a: Vec2, b: Vec2) -> f32 {
    a.x * b.y - a.y * b.x
}

/// Next whole number up, 0 for what is negative; a library call would cost more than the triangle.
fn ceil(value: f32) -> usize {
    let whole = value as usize;
    if (whole as f32) < value {
        whole + 1
    } else {
        whole
    }
}

fn level(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// Keeps the part in front of the near plane: at most four corners.
fn clip_near(corners: [Corner; 3]) -> ([Corner; 4], usize) {
    let mut kept = [corners[0]; 4];
    let mut count = 0;
    for index in 0..3 {
        let (here, next) = (corners[index], corners[(index + 1) % 3]);
        let (a, b) = (here.clip.w - NEAR_M, next.clip.w - NEAR_M);
        if a >= 0.0 {
            kept[count] = here;
            count += 1;
        }
        if (a >= 0.0) != (b >= 0.0) {
            let along = a / (a - b);
            let mut clip = here.clip.lerp(next.clip, along);
            clip.w = NEAR_M;
            kept[count] = Corner {
                clip,
                color: here.color.lerp(next.color, along),
            };
            count += 1;
        }
    }
    (kept, count)
}
