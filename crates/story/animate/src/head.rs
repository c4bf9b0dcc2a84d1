//! Head and hair as solids, in canonical metres.
//!
//! Words: *head-local* points are relative to the head joint and grow with the look's head size.

use backlot_geom::HumanBone::Head;
use backlot_geom::glam::Vec3;

use crate::settings::{Hair, Look};
use crate::shape::{Form, Solid, cone, ellipsoid};

fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

/// Head-local canonical point (about the head joint), grown by the look's head size.
pub(crate) fn on_head(look: &Look, joint: &[Vec3; 22], x: f32, y: f32, z: f32) -> Vec3 {
    joint[Head as usize] + v(x, y, z) * look.head
}

/// Skull, face, ears and neck.
pub(crate) fn head(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let at = |x, y, z| on_head(look, joint, x, y, z);
    let size = look.head;
    let mut solid = Solid::default();
    solid
        .add(
            ellipsoid(at(0.0, 0.122, -0.008), v(0.079, 0.090, 0.093) * size),
            0.0,
        )
        .add(
            ellipsoid(at(0.0, 0.072, 0.020), v(0.066, 0.070, 0.070) * size),
            0.030,
        )
        .add(
            cone(
                at(0.0, 0.050, 0.030),
                at(0.0, 0.012, 0.056),
                0.046 * size,
                0.019 * size,
            ),
            0.034,
        );
    for side in [-1.0, 1.0] {
        solid
            .add(
                ellipsoid(
                    at(side * 0.036, 0.055, 0.046),
                    v(0.026, 0.026, 0.030) * size,
                ),
                0.030,
            )
            .add(
                ellipsoid(
                    at(side * 0.079, 0.087, -0.010),
                    v(0.009, 0.025, 0.016) * size,
                ),
                0.010,
            );
    }
    solid
        .add(
            cone(
                at(0.0, 0.088, 0.084),
                at(0.0, 0.066, 0.095),
                0.004 * size,
                0.0065 * size,
            ),
            0.016,
        )
        .add(
            cone(v(0.0, 1.33, -0.022), at(0.0, 0.030, -0.016), 0.052, 0.046),
            0.020,
        );
    solid
}

pub(crate) fn hair(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let at = |x, y, z| on_head(look, joint, x, y, z);
    let size = look.head;
    let mut solid = Solid::default();
    solid
        .add(
            ellipsoid(at(0.0, 0.128, -0.014), v(0.089, 0.096, 0.100) * size),
            0.0,
        )
        .add(
            ellipsoid(at(0.0, 0.080, -0.045), v(0.078, 0.070, 0.064) * size),
            0.03,
        );
    if look.hair_style == Hair::Bob {
        for side in [-1.0, 1.0] {
            let lock = cone(
                at(side * 0.080, 0.10, -0.018),
                at(side * 0.073, 0.005, 0.004),
                0.024,
                0.017,
            );
            solid.add(lock, 0.03);
        }
        solid.add(
            cone(
                at(0.0, 0.09, -0.05),
                at(0.0, 0.0, -0.052),
                0.070 * size,
                0.060 * size,
            ),
            0.03,
        );
    }
    // The face and the nape stay free.
    solid.cut(
        ellipsoid(at(0.0, 0.055, 0.095), v(0.066, 0.082, 0.095) * size),
        0.012,
    );
    let nape = if look.hair_style == Hair::Bob {
        -0.012
    } else {
        0.022
    };
    let cut = at(0.0, nape, 0.0).y;
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::NEG_Y,
            offset: -cut,
        },
        0.012,
    );
    fringe(look, joint, &mut solid);
    tail(look, joint, &mut solid);
    solid
}

/// Locks that fall over the forehead, parted where the seed says.
fn fringe(look: &Look, joint: &[Vec3; 22], solid: &mut Solid) {
    let at = |x, y, z| on_head(look, joint, x, y, z);
    let part = 0.030 * look.fringe;
    for lock in 0..5 {
        let across = (lock as f32 - 2.0) / 2.0;
        let lean = (across - part * 8.0).signum() * 0.008;
        let depth = 0.086 - 0.046 * across * across;
        let drop = 0.118 + 0.010 * ((lock * 7) % 3) as f32 - 0.020 * across * across;
        let top = at(part + across * 0.040, 0.200 - 0.014 * across.abs(), 0.026);
        let mid = at(part * 0.5 + across * 0.060, 0.166, depth + 0.002);
        let end = at(across * 0.070 + lean, drop, depth + 0.010);
        solid
            .add(cone(top, mid, 0.026, 0.025), 0.014)
            .add(cone(mid, end, 0.024, 0.007), 0.010);
    }
    for side in [-1.0, 1.0] {
        let top = at(side * 0.078, 0.13, 0.025);
        let end = at(side * 0.079, 0.060, 0.030);
        solid.add(cone(top, end, 0.014, 0.008), 0.014);
    }
}

fn tail(look: &Look, joint: &[Vec3; 22], solid: &mut Solid) {
    let at = |x, y, z| on_head(look, joint, x, y, z);
    match look.hair_style {
        Hair::Ponytail => {
            let path = [
                (at(0.0, 0.150, -0.104), 0.020),
                (at(0.0, 0.140, -0.140), 0.030),
                (at(0.0, 0.070, -0.158), 0.033),
                (at(0.0, -0.010, -0.150), 0.026),
                (at(0.0, -0.070, -0.136), 0.008),
            ];
            for pair in path.windows(2) {
                solid.add(cone(pair[0].0, pair[1].0, pair[0].1, pair[1].1), 0.012);
            }
        }
        Hair::Bun => {
            solid.add(
                ellipsoid(at(0.0, 0.190, -0.088), v(0.042, 0.038, 0.040)),
                0.010,
            );
        }
        Hair::Short => {
            for lock in 0..6 {
                let turn = lock as f32 / 6.0 * std::f32::consts::TAU;
                let root = at(0.035 * turn.cos(), 0.200, -0.02 + 0.035 * turn.sin());
                let tip = at(
                    0.062 * turn.cos() + 0.012,
                    0.222,
                    -0.02 + 0.062 * turn.sin(),
                );
                solid.add(cone(root, tip, 0.018, 0.006), 0.014);
            }
        }
        Hair::Bob => {}
    }
}

pub(crate) fn hair_tie(look: &Look, joint: &[Vec3; 22]) -> Option<Solid> {
    let at = |x, y, z| on_head(look, joint, x, y, z);
    let mut solid = Solid::default();
    match look.hair_style {
        Hair::Ponytail => {
            let ring = cone(at(0.0, 0.150, -0.112), at(0.0, 0.146, -0.120), 0.026, 0.026);
            solid.add(ring, 0.0);
        }
        Hair::Bun => {
            let ring = cone(at(0.0, 0.168, -0.078), at(0.0, 0.174, -0.081), 0.032, 0.032);
            solid.add(ring, 0.0);
        }
        Hair::Short | Hair::Bob => return None,
    }
    Some(solid)
}
