//! Eyes, brows and mouth, drawn on the head, with a morph for every expression.
//!
//! Words: a *decal* is a small patch given in the face's plane (x across, y up, head-local) and
//! laid
//! onto the head's surface; its *pose* says how open, bent or raised it is; a morph is the same
//! decal in another pose minus the neutral one.
//! Invariant: every pose of a decal has the same vertices in the same order.

use backlot_geom::HumanBone;
use backlot_geom::glam::{Vec2, Vec3};

use crate::expression::Expression;
use crate::head;
use crate::mesh::{Morph, SkinnedMesh};
use crate::settings::{Look, linear};
use crate::shape::Solid;

/// What the face does; neutral is [`Pose::NEUTRAL`].
#[derive(Debug, Clone, Copy)]
struct Pose {
    /// 1 is the neutral opening, 0 closed; left eye, right eye.
    open: [f32; 2],
    /// Closed lid bends up (happy) by this share.
    arc: f32,
    brow_up_m: f32,
    /// Radians, positive lifts the inner end (sad), negative sinks it (angry).
    brow_turn: f32,
    mouth_width: f32,
    mouth_open_m: f32,
    /// Corners up (positive) or down, metres.
    smile_m: f32,
    /// Iris size.
    iris: f32,
}

impl Pose {
    const NEUTRAL: Self = Self {
        open: [1.0, 1.0],
        arc: 0.0,
        brow_up_m: 0.0,
        brow_turn: 0.0,
        mouth_width: 1.0,
        mouth_open_m: 0.0012,
        smile_m: 0.0022,
        iris: 1.0,
    };

    fn of(expression: Expression) -> Self {
        let n = Self::NEUTRAL;
        match expression {
            Expression::Aa => Self {
                mouth_open_m: 0.019,
                mouth_width: 1.02,
                ..n
            },
            Expression::Ih => Self {
                mouth_open_m: 0.0065,
                mouth_width: 1.15,
                ..n
            },
            Expression::Ou => Self {
                mouth_open_m: 0.009,
                mouth_width: 0.48,
                smile_m: 0.0,
                ..n
            },
            Expression::Ee => Self {
                mouth_open_m: 0.0085,
                mouth_width: 1.30,
                smile_m: 0.0040,
                ..n
            },
            Expression::Oh => Self {
                mouth_open_m: 0.015,
                mouth_width: 0.68,
                smile_m: 0.0,
                ..n
            },
            Expression::Happy => Self {
                open: [0.06, 0.06],
                arc: 1.0,
                brow_up_m: 0.004,
                mouth_open_m: 0.009,
                mouth_width: 1.28,
                smile_m: 0.0095,
                ..n
            },
            Expression::Angry => Self {
                open: [0.80, 0.80],
                brow_up_m: -0.0045,
                brow_turn: -0.36,
                mouth_width: 0.95,
                smile_m: -0.0055,
                ..n
            },
            Expression::Sad => Self {
                open: [0.70, 0.70],
                brow_up_m: 0.001,
                brow_turn: 0.34,
                mouth_width: 0.85,
                smile_m: -0.0050,
                ..n
            },
            Expression::Relaxed => Self {
                open: [0.55, 0.55],
                brow_up_m: 0.0015,
                mouth_width: 1.12,
                smile_m: 0.0055,
                ..n
            },
            Expression::Surprised => Self {
                open: [1.18, 1.18],
                brow_up_m: 0.0085,
                mouth_open_m: 0.012,
                mouth_width: 0.62,
                smile_m: 0.0,
                iris: 0.86,
                ..n
            },
            Expression::Blink => Self {
                open: [0.05, 0.05],
                ..n
            },
            Expression::BlinkLeft => Self {
                open: [0.05, 1.0],
                ..n
            },
            Expression::BlinkRight => Self {
                open: [1.0, 0.05],
                ..n
            },
        }
    }
}

/// Numbers of a face that the seed moves.
struct Plan<'a> {
    look: &'a Look,
    joint: &'a [Vec3; 22],
    skull: Solid,
}

/// Points of a decal in one pose: face plane and lift above the skin, metres.
struct Decal {
    points: Vec<(Vec2, f32)>,
    triangles: Vec<[u32; 3]>,
    color_linear: [f32; 3],
}

/// The face mesh in canonical metres and its morphs in the order of [`Expression::ALL`].
pub(crate) fn build(look: &Look, joint: &[Vec3; 22]) -> (SkinnedMesh, Vec<Morph>) {
    let plan = Plan {
        look,
        joint,
        skull: head::head(look, joint),
    };
    let neutral = decals(look, Pose::NEUTRAL);
    let mut mesh = SkinnedMesh::default();
    for decal in &neutral {
        let first = mesh.vertices() as u32;
        for (point, lift_m) in &decal.points {
            let (position, normal) = plan.lay(*point, *lift_m);
            mesh.position_m.push(position);
            mesh.normal.push(normal);
            mesh.color_linear.push(decal.color_linear);
            mesh.joints.push([HumanBone::Head as u8, 0, 0, 0]);
            mesh.weights.push([255, 0, 0, 0]);
        }
        mesh.triangles
            .extend(decal.triangles.iter().map(|t| t.map(|i| i + first)));
    }
    let morphs = Expression::ALL
        .into_iter()
        .map(|expression| {
            let posed = decals(look, Pose::of(expression));
            let points = posed.iter().flat_map(|decal| &decal.points);
            let delta_m = points
                .zip(&mesh.position_m)
                .zip(neutral.iter().flat_map(|decal| &decal.points))
                .map(|((moved, rest_m), unmoved)| {
                    if moved == unmoved {
                        Vec3::ZERO
                    } else {
                        plan.lay(moved.0, moved.1).0 - *rest_m
                    }
                })
                .collect();
            Morph {
                expression,
                delta_m,
            }
        })
        .collect();
    (mesh, morphs)
}

impl Plan<'_> {
    /// Lays a face-plane point onto the head by marching from the front.
    fn lay(&self, point: Vec2, lift_m: f32) -> (Vec3, Vec3) {
        let start = head::on_head(self.look, self.joint, point.x, point.y, 0.13);
        let mut at = start;
        for _ in 0..24 {
            let distance = self.skull.distance_m(at);
            if distance < 0.0002 || at.z < self.joint[HumanBone::Head as usize].z {
                break;
            }
            at.z -= distance * 0.9;
        }
        let normal = self.skull.normal(at);
        (at + normal * lift_m, normal)
    }
}

fn decals(look: &Look, pose: Pose) -> Vec<Decal> {
    let mut decals = Vec::new();
    let ink = look.hair.map(|c| c * 0.45);
    for (index, side) in [1.0_f32, -1.0].into_iter().enumerate() {
        let eye = Eye::new(look, pose, side, pose.open[index]);
        decals.push(eye.white());
        decals.push(eye.disc(
            0.0128 * pose.iris,
            0.0010,
            look.eye.map(|c| c * 0.55),
            Vec2::ZERO,
        ));
        let low = Vec2::new(0.0, -0.0016);
        decals.push(eye.disc(0.0104 * pose.iris, 0.0013, look.eye, low));
        decals.push(eye.disc(
            0.0060 * pose.iris,
            0.0016,
            [0.006, 0.005, 0.008],
            Vec2::ZERO,
        ));
        let glint = Vec2::new(0.0042, 0.0056);
        decals.push(eye.disc(0.0034, 0.0020, [1.0; 3], glint));
        decals.push(eye.lash(ink));
        decals.push(brow(look, pose, side));
    }
    decals.extend(mouth(pose, look));
    decals
}

struct Eye {
    centre: Vec2,
    half_width: f32,
    half_height: f32,
    open: f32,
    arc: f32,
    side: f32,
}

impl Eye {
    fn new(look: &Look, pose: Pose, side: f32, open: f32) -> Self {
        Self {
            centre: Vec2::new(side * 0.0325 * look.eye_gap, 0.0885),
            half_width: 0.0172 * look.eye_size,
            half_height: 0.0165 * look.eye_size,
            open,
            arc: pose.arc,
            side,
        }
    }

    /// Lower and upper lid heights at a place across the eye, -1 inner to 1 outer.
    fn lids(&self, across: f32) -> (f32, f32) {
        let round = (1.0 - across.abs().powf(2.6)).max(0.0).sqrt();
        let slant = 0.0012 * across;
        let closed = -0.0055 + slant + self.arc * 0.010 * (1.0 - across * across);
        let low = -self.half_height * 0.86 * round;
        let high = self.half_height * round + slant;
        let shut = (1.0 - self.open).clamp(0.0, 1.0);
        let more = (self.open - 1.0).max(0.0);
        let lower = low + (closed - 0.0004 - low) * shut.powf(1.6) - 0.002 * more * round;
        let upper = high + (closed + 0.0004 - high) * shut + self.half_height * more * round;
        (lower.min(upper), upper)
    }

    fn at(&self, across: f32, height: f32) -> Vec2 {
        self.centre + Vec2::new(self.side * across * self.half_width, height)
    }

    fn white(&self) -> Decal {
        const COLUMNS: usize = 17;
        let mut points = Vec::with_capacity(COLUMNS * 3);
        for column in 0..COLUMNS {
            let across = column as f32 / (COLUMNS - 1) as f32 * 2.0 - 1.0;
            let (lower, upper) = self.lids(across);
            for row in 0..3 {
                let height = lower + (upper - lower) * row as f32 / 2.0;
                points.push((self.at(across, height), 0.0006));
            }
        }
        Decal {
            points,
            triangles: grid(COLUMNS, 3, self.side > 0.0),
            color_linear: [0.90, 0.90, 0.92],
        }
    }

    /// A disc held inside the lids.
    fn disc(&self, radius: f32, lift_m: f32, color_linear: [f32; 3], shift: Vec2) -> Decal {
        const SPOKES: usize = 20;
        let mut points = Vec::with_capacity(SPOKES + 1);
        // Anime eyes: taller than wide, looking a little inwards.
        let middle = Vec2::new(-self.side * 0.0008, 0.0) + shift;
        let mut push = |offset: Vec2| {
            let flat = middle + offset;
            let across = (self.side * flat.x / self.half_width).clamp(-0.98, 0.98);
            let (lower, upper) = self.lids(across);
            let height = flat.y.clamp(lower, upper);
            points.push((self.centre + Vec2::new(flat.x, height), lift_m));
        };
        push(Vec2::ZERO);
        for spoke in 0..SPOKES {
            let turn = spoke as f32 / SPOKES as f32 * std::f32::consts::TAU;
            push(Vec2::new(turn.cos() * 0.92, turn.sin() * 1.16) * radius);
        }
        let triangles = (0..SPOKES as u32)
            .map(|spoke| [0, 1 + spoke, 1 + (spoke + 1) % SPOKES as u32])
            .collect();
        Decal {
            points,
            triangles,
            color_linear,
        }
    }

    /// The upper lash line, thicker outwards.
    fn lash(&self, color_linear: [f32; 3]) -> Decal {
        let path: Vec<(Vec2, f32)> = (0..15)
            .map(|step| {
                let across = step as f32 / 14.0 * 2.16 - 1.03;
                let (_, upper) = self.lids(across.clamp(-1.0, 1.0));
                let past = (across - 1.0).max(0.0);
                let half = (0.0009 + 0.0011 * (across + 1.0).clamp(0.0, 1.5)) * (1.0 - past * 5.0);
                (self.at(across, upper + past * 0.016), half.max(0.0002))
            })
            .collect();
        strip(&path, 0.0022, color_linear, self.side > 0.0)
    }
}

fn brow(look: &Look, pose: Pose, side: f32) -> Decal {
    let centre = Vec2::new(side * 0.0345 * look.eye_gap, 0.1175 + pose.brow_up_m);
    let turn = pose.brow_turn - look.brow_tilt;
    let path: Vec<(Vec2, f32)> = (0..11)
        .map(|step| {
            let along = step as f32 / 10.0 * 2.0 - 1.0;
            let x = along * 0.0175;
            let y = -x * turn + 0.0035 * (1.0 - along * along) - 0.001 * along;
            let half = 0.0021 * (1.0 - 0.55 * ((along + 0.3) / 1.3).max(0.0).powi(2));
            let half = if step == 0 { half * 0.6 } else { half };
            (centre + Vec2::new(side * x, y), half)
        })
        .collect();
    strip(&path, 0.0024, look.hair.map(|c| c * 0.75), side > 0.0)
}

fn mouth(pose: Pose, look: &Look) -> Vec<Decal> {
    const COLUMNS: usize = 17;
    let half_width = 0.0185 * pose.mouth_width;
    let centre = Vec2::new(0.0, 0.0385);
    let lips = |across: f32| {
        let round = (1.0 - across * across).max(0.0).sqrt();
        let line = pose.smile_m * across * across - pose.smile_m * 0.45;
        let upper = line + pose.mouth_open_m * 0.28 * round;
        let lower = line - pose.mouth_open_m * 0.72 * round;
        (lower, upper)
    };
    let column = |index: usize| index as f32 / (COLUMNS - 1) as f32 * 2.0 - 1.0;
    let mut inside = Vec::new();
    let mut tongue = Vec::new();
    for index in 0..COLUMNS {
        let across = column(index);
        let (lower, upper) = lips(across);
        for row in 0..3 {
            let share = row as f32 / 2.0;
            let x = across * half_width;
            inside.push((
                centre + Vec2::new(x, lower + (upper - lower) * share),
                0.0007,
            ));
            let top = lower + (upper - lower) * 0.42 * (1.0 - across * across * 0.6);
            tongue.push((
                centre + Vec2::new(x * 0.78, lower + (top - lower) * share),
                0.0010,
            ));
        }
    }
    let edge = |upper_lip: bool| {
        let path: Vec<(Vec2, f32)> = (0..COLUMNS)
            .map(|index| {
                let across = column(index);
                let (lower, upper) = lips(across);
                let y = if upper_lip { upper } else { lower };
                let half = 0.00055 + 0.00065 * (1.0 - across * across);
                (centre + Vec2::new(across * half_width, y), half)
            })
            .collect();
        path
    };
    let lip = [
        look.skin[0] * 0.42,
        look.skin[1] * 0.20,
        look.skin[2] * 0.20,
    ];
    let cells = || grid(COLUMNS, 3, true);
    vec![
        Decal {
            points: inside,
            triangles: cells(),
            color_linear: linear(0x5a1a20),
        },
        Decal {
            points: tongue,
            triangles: cells(),
            color_linear: linear(0xd3686a),
        },
        strip(&edge(true), 0.0014, lip, true),
        strip(&edge(false), 0.0014, lip, true),
    ]
}

/// A ribbon along a path of (point, half width).
fn strip(path: &[(Vec2, f32)], lift_m: f32, color_linear: [f32; 3], left_to_right: bool) -> Decal {
    let mut points = Vec::with_capacity(path.len() * 2);
    for (index, (point, half)) in path.iter().enumerate() {
        let before = path[index.saturating_sub(1)].0;
        let after = path[(index + 1).min(path.len() - 1)].0;
        let along = (after - before).try_normalize().unwrap_or(Vec2::X);
        let across = Vec2::new(-along.y, along.x) * if left_to_right { 1.0 } else { -1.0 };
        points.push((*point - across * *half, lift_m));
        points.push((*point + across * *half, lift_m));
    }
    Decal {
        points,
        triangles: grid(path.len(), 2, left_to_right),
        color_linear,
    }
}

/// Triangles of a column-major grid whose columns run left to right (seen from the front) or back.
fn grid(columns: usize, rows: usize, left_to_right: bool) -> Vec<[u32; 3]> {
    let mut triangles = Vec::with_capacity((columns - 1) * (rows - 1) * 2);
    for column in 0..columns as u32 - 1 {
        for row in 0..rows as u32 - 1 {
            let here = column * rows as u32 + row;
            let next = here + rows as u32;
            for t in [[here, next, next + 1], [here, next + 1, here + 1]] {
                triangles.push(if left_to_right { t } else { [t[0], t[2], t[1]] });
            }
        }
    }
    triangles
}
