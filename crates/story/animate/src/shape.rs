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
    /// Everything where `dot(p, normal) > offset`.
    HalfSpace {
        normal: Vec3,
        offset: f32,
    },
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
            Form::HalfSpace { .. } => Vec3::ZERO,
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
