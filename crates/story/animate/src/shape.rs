//! Signed distances of soft bodies: tapered capsules and ellipsoids, blended.
//!
//! Words: a *solid* is a list of *lumps* joined (or cut) in order with a rounding of `blend_m`.
//! Invariant: negative inside, metres, and a lower bound of the distance good enough for meshing.
//! Source: polynomial smooth minimum and primitive distances as published by I. Quilez.

use backlot_geom::glam::Vec3;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// From `a` to `b`, radius `radius_a` to `radius_b`.
    Cone {
        a: Vec3,
        b: Vec3,
        radius_a: f32,
        radius_b: f32,
    },
    Ellipsoid {
        centre: Vec3,
        radii: Vec3,
    },
    /// Ellipses strung along y, or along x of a side, `count` of them.
    Loft {
        sections: [Section; 8],
        count: usize,
        along_x: Option<f32>,
    },
    /// Everything where `dot(p, normal) > offset`.
    HalfSpace {
        normal: Vec3,
        offset: f32,
    },
}

/// An ellipse across a loft. Along y the two axes are x and z; along x they are z and y.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section {
    pub along: f32,
    pub centre: [f32; 2],
    pub radius: [f32; 2],
}

impl Section {
    /// The same place, thicker or thinner.
    pub fn grown(self, by: f32) -> Self {
        Self {
            radius: self.radius.map(|r| r * by),
            ..self
        }
    }

    fn numbers(self) -> [f32; 4] {
        [
            self.centre[0],
            self.centre[1],
            self.radius[0],
            self.radius[1],
        ]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    Add,
    Cut,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Lump {
    pub form: Form,
    pub join: Join,
    pub blend_m: f32,
    /// Space is divided by this about the form's own first point: `(1, 1, 0.7)` flattens in z.
    pub stretch: Vec3,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Solid {
    pub lumps: Vec<Lump>,
}

impl Solid {
    pub fn add(&mut self, form: Form, blend_m: f32) -> &mut Self {
        self.lumps.push(Lump {
            form,
            join: Join::Add,
            blend_m,
            stretch: Vec3::ONE,
        });
        self
    }

    pub fn add_flat(&mut self, form: Form, blend_m: f32, stretch: Vec3) -> &mut Self {
        self.lumps.push(Lump {
            form,
            join: Join::Add,
            blend_m,
            stretch,
        });
        self
    }

    pub fn cut(&mut self, form: Form, blend_m: f32) -> &mut Self {
        self.lumps.push(Lump {
            form,
            join: Join::Cut,
            blend_m,
            stretch: Vec3::ONE,
        });
        self
    }

    /// Distance at a point, metres.
    pub fn distance_m(&self, point: Vec3) -> f32 {
        let mut distance = 1.0_f32;
        for lump in &self.lumps {
            let next = lump.distance_m(point);
            distance = match lump.join {
                Join::Add => smooth_min(distance, next, lump.blend_m),
                Join::Cut => -smooth_min(-distance, next, lump.blend_m),
            };
        }
        distance
    }

    /// Outward unit normal by central differences.
    pub fn normal(&self, point: Vec3) -> Vec3 {
        const STEP_M: f32 = 0.002;
        let slope = |axis: Vec3| {
            self.distance_m(point + axis * STEP_M) - self.distance_m(point - axis * STEP_M)
        };
        let gradient = Vec3::new(slope(Vec3::X), slope(Vec3::Y), slope(Vec3::Z));
        gradient.try_normalize().unwrap_or(Vec3::Y)
    }

    /// A box that holds the surface: every added form with its blend.
    pub fn bounds(&self) -> (Vec3, Vec3) {
        let mut low = Vec3::splat(f32::MAX);
        let mut high = Vec3::splat(f32::MIN);
        for lump in self.lumps.iter().filter(|lump| lump.join == Join::Add) {
            let (a, b) = lump.bounds();
            low = low.min(a);
            high = high.max(b);
        }
        (low, high)
    }
}

impl Lump {
    fn anchor(&self) -> Vec3 {
        match self.form {
            Form::Cone { a, .. } => a,
            Form::Ellipsoid { centre, .. } => centre,
            Form::HalfSpace { .. } | Form::Loft { .. } => Vec3::ZERO,
        }
    }

    fn distance_m(&self, point: Vec3) -> f32 {
        if self.stretch == Vec3::ONE {
            return self.form.distance_m(point);
        }
        let anchor = self.anchor();
        let local = anchor + (point - anchor) / self.stretch;
        self.form.distance_m(local) * self.stretch.min_element()
    }

    fn bounds(&self) -> (Vec3, Vec3) {
        let (low, high) = match self.form {
            Form::Cone {
                a,
                b,
                radius_a,
                radius_b,
            } => {
                let (ra, rb) = (Vec3::splat(radius_a), Vec3::splat(radius_b));
                ((a - ra).min(b - rb), (a + ra).max(b + rb))
            }
            Form::Ellipsoid { centre, radii } => (centre - radii, centre + radii),
            Form::Loft {
                sections,
                count,
                along_x,
            } => loft_bounds(&sections[..count], along_x),
            Form::HalfSpace { .. } => (Vec3::ZERO, Vec3::ZERO),
        };
        let anchor = self.anchor();
        let margin = Vec3::splat(self.blend_m * 0.5);
        let stretch = |p: Vec3| anchor + (p - anchor) * self.stretch;
        (stretch(low) - margin, stretch(high) + margin)
    }
}

impl Form {
    fn distance_m(&self, point: Vec3) -> f32 {
        match *self {
            Self::Cone {
                a,
                b,
                radius_a,
                radius_b,
            } => {
                let axis = b - a;
                let along =
                    ((point - a).dot(axis) / axis.length_squared().max(1e-12)).clamp(0.0, 1.0);
                (point - a - axis * along).length() - (radius_a + (radius_b - radius_a) * along)
            }
            Self::Ellipsoid { centre, radii } => {
                let scaled = (point - centre) / radii;
                let near = scaled.length();
                let slope = (scaled / radii).length();
                if slope < 1e-9 {
                    -radii.min_element()
                } else {
                    near * (near - 1.0) / slope
                }
            }
            Self::Loft {
                ref sections,
                count,
                along_x,
            } => loft_distance_m(&sections[..count], along_x, point),
            Self::HalfSpace { normal, offset } => offset - point.dot(normal),
        }
    }
}

fn smooth_min(a: f32, b: f32, blend_m: f32) -> f32 {
    if blend_m <= 0.0 {
        return a.min(b);
    }
    let mix = (0.5 + 0.5 * (b - a) / blend_m).clamp(0.0, 1.0);
    b + (a - b) * mix - blend_m * mix * (1.0 - mix)
}

pub(crate) fn cone(a: Vec3, b: Vec3, radius_a: f32, radius_b: f32) -> Form {
    Form::Cone {
        a,
        b,
        radius_a,
        radius_b,
    }
}

pub(crate) fn ellipsoid(centre: Vec3, radii: Vec3) -> Form {
    Form::Ellipsoid { centre, radii }
}

pub(crate) fn section(along: f32, a: f32, b: f32, radius_a: f32, radius_b: f32) -> Section {
    Section {
        along,
        centre: [a, b],
        radius: [radius_a, radius_b],
    }
}

/// A loft through two to eight sections, in rising order; `along_x` is the side, 1 or -1.
pub(crate) fn loft(rows: &[Section], along_x: Option<f32>) -> Form {
    let mut sections = [rows[rows.len() - 1]; 8];
    let count = rows.len().min(8);
    sections[..count].copy_from_slice(&rows[..count]);
    Form::Loft {
        sections,
        count,
        along_x,
    }
}

fn loft_bounds(sections: &[Section], along_x: Option<f32>) -> (Vec3, Vec3) {
    let mut low = Vec3::splat(f32::MAX);
    let mut high = Vec3::splat(f32::MIN);
    for s in sections {
        let ([a, b], [ra, rb]) = (s.centre, s.radius);
        let (p, r) = match along_x {
            None => (Vec3::new(a, s.along, b), Vec3::new(ra, 0.0, rb)),
            Some(side) => (Vec3::new(side * s.along, b, a), Vec3::new(0.0, rb, ra)),
        };
        // The curve through the sections may swell a little beyond them.
        low = low.min(p - r * 1.06);
        high = high.max(p + r * 1.06);
    }
    (low, high)
}

/// Distance to ellipses interpolated by Catmull-Rom splines, closed by flat, rounded ends.
fn loft_distance_m(sections: &[Section], along_x: Option<f32>, point: Vec3) -> f32 {
    let (along, a, b) = match along_x {
        None => (point.y, point.x, point.z),
        Some(side) => (point.x * side, point.z, point.y),
    };
    let last = sections.len() - 1;
    let held = along.clamp(sections[0].along, sections[last].along);
    let right = sections
        .iter()
        .position(|s| s.along > held)
        .unwrap_or(last)
        .max(1);
    let (s1, s2) = (sections[right - 1], sections[right]);
    let (s0, s3) = (
        sections[right.saturating_sub(2)],
        sections[(right + 1).min(last)],
    );
    let t = ((held - s1.along) / (s2.along - s1.along).max(1e-6)).clamp(0.0, 1.0);
    let knots = [s0, s1, s2, s3].map(Section::numbers);
    let at: [f32; 4] = std::array::from_fn(|i| {
        let [p0, p1, p2, p3] = [knots[0][i], knots[1][i], knots[2][i], knots[3][i]];
        let bend = 2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3 + (3.0 * (p1 - p2) + p3 - p0) * t;
        0.5 * (2.0 * p1 + (p2 - p0 + bend * t) * t)
    });
    let [ca, cb, ra, rb] = at;
    let (qa, qb) = ((a - ca) / ra, (b - cb) / rb);
    let near = qa.hypot(qb);
    let slope = (qa / ra).hypot(qb / rb);
    let across = if slope < 1e-6 {
        -ra.min(rb)
    } else {
        near * (near - 1.0) / slope
    };
    let beyond = (along - held).abs();
    if beyond == 0.0 {
        let end = (held - sections[0].along).min(sections[last].along - held);
        // Edges are rounded by a few millimetres.
        return -smooth_min(-across, end, 0.010);
    }
    if across > 0.0 {
        across.hypot(beyond)
    } else {
        beyond
    }
}
