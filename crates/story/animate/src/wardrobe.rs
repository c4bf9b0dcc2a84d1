//! The solids a figure is made of: head, hair, hands, clothes, shoes.
//!
//! Words: a *part* is one closed solid of one material; parts overlap (a forearm starts inside its
//! sleeve), so edges of clothes are crisp and no seam can open. Canonical metres.

use backlot_geom::HumanBone::{self, *};
use backlot_geom::glam::Vec3;

use crate::settings::{Hair, Look, Top};
use crate::shape::{Form, Solid, cone, ellipsoid};

/// One closed solid with its colour and the bones that may move it.
pub(crate) struct Part {
    pub solid: Solid,
    pub cell_m: f32,
    pub color_linear: [f32; 3],
    pub bones: &'static [HumanBone],
}

const CLOTH: &[HumanBone] = &[
    Hips,
    Spine,
    Chest,
    UpperChest,
    LeftShoulder,
    LeftUpperArm,
    LeftLowerArm,
    RightShoulder,
    RightUpperArm,
    RightLowerArm,
    LeftUpperLeg,
    LeftLowerLeg,
    RightUpperLeg,
    RightLowerLeg,
];
const TRUNK: &[HumanBone] = &[
    Hips,
    Spine,
    Chest,
    UpperChest,
    LeftUpperLeg,
    RightUpperLeg,
    LeftShoulder,
    RightShoulder,
];
const HEAD: &[HumanBone] = &[UpperChest, Neck, Head];
const HAIR: &[HumanBone] = &[Head];
const LEFT_ARM: &[HumanBone] = &[LeftUpperArm, LeftLowerArm, LeftHand];
const RIGHT_ARM: &[HumanBone] = &[RightUpperArm, RightLowerArm, RightHand];
const LEFT_SHOE: &[HumanBone] = &[LeftFoot, LeftToes];
const RIGHT_SHOE: &[HumanBone] = &[RightFoot, RightToes];
const LEFT_LEG: &[HumanBone] = &[LeftLowerLeg, LeftFoot];
const RIGHT_LEG: &[HumanBone] = &[RightLowerLeg, RightFoot];

/// All parts of a figure.
pub(crate) fn parts(look: &Look, joint: &[Vec3; 22]) -> Vec<Part> {
    let mut parts = vec![
        part(head(look, joint), 0.0065, look.skin, HEAD),
        part(hair(look, joint), 0.0075, look.hair, HAIR),
        part(shirt(look, joint), 0.0115, look.shirt, CLOTH),
        part(
            collar(look, joint),
            0.008,
            look.trim,
            &[UpperChest, Neck, LeftShoulder, RightShoulder],
        ),
        part(trousers(look, joint), 0.0115, look.trousers, CLOTH),
        part(belt(look, joint), 0.010, shade(look.trousers, 0.55), TRUNK),
    ];
    for (side, arm, shoe, leg) in [
        (1.0, LEFT_ARM, LEFT_SHOE, LEFT_LEG),
        (-1.0, RIGHT_ARM, RIGHT_SHOE, RIGHT_LEG),
    ] {
        parts.push(part(
            arm_and_hand(look, joint, side),
            0.0055,
            look.skin,
            arm,
        ));
        parts.push(part(cuff(look, joint, side), 0.0085, look.trim, arm));
        parts.push(part(shoe_upper(joint, side), 0.0075, look.shoes, shoe));
        parts.push(part(shoe_sole(joint, side), 0.0075, look.sole, shoe));
        parts.push(part(sock(joint, side), 0.009, look.trim, leg));
    }
    if look.top == Top::Hoodie {
        parts.push(part(hood(joint), 0.010, look.shirt, &[UpperChest, Neck]));
        parts.push(part(
            pocket(look, joint),
            0.009,
            shade(look.shirt, 0.82),
            TRUNK,
        ));
    }
    if let Some(tie) = hair_tie(look, joint) {
        parts.push(part(tie, 0.007, look.shirt, HAIR));
    }
    parts
}

fn part(solid: Solid, cell_m: f32, color_linear: [f32; 3], bones: &'static [HumanBone]) -> Part {
    Part {
        solid,
        cell_m,
        color_linear,
        bones,
    }
}

fn shade(color: [f32; 3], by: f32) -> [f32; 3] {
    color.map(|c| c * by)
}

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

fn hair(look: &Look, joint: &[Vec3; 22]) -> Solid {
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
    for lock in 0..7 {
        let across = (lock as f32 - 3.0) / 3.0;
        let end_x = across * 0.074 + (across - part * 8.0).signum() * 0.006;
        let lift = 0.012 * (1.0 - across * across);
        let depth = 0.088 - 0.050 * across * across;
        let top = at(part + across * 0.045, 0.198 - 0.014 * across.abs(), 0.030);
        let mid = at(part * 0.5 + across * 0.064, 0.166, depth + 0.004);
        let end = at(end_x, 0.122 + lift - 0.030 * across * across, depth + 0.010);
        solid
            .add(cone(top, mid, 0.019, 0.018), 0.016)
            .add(cone(mid, end, 0.017, 0.006), 0.012);
    }
    for side in [-1.0, 1.0] {
        let top = at(side * 0.078, 0.13, 0.025);
        let end = at(side * 0.079, 0.060, 0.030);
        solid.add(cone(top, end, 0.013, 0.006), 0.012);
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

fn hair_tie(look: &Look, joint: &[Vec3; 22]) -> Option<Solid> {
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

fn shirt(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let girth = look.girth;
    let at = |bone: HumanBone| joint[bone as usize];
    let flat = v(1.0, 1.0, 0.72);
    let loose = if look.top == Top::Hoodie { 1.06 } else { 1.0 };
    let r = |radius: f32| radius * girth * loose;
    let mut solid = Solid::default();
    solid
        .add_flat(
            cone(
                v(0.0, 1.29, -0.016),
                v(0.0, 1.13, -0.006),
                r(0.133),
                r(0.116),
            ),
            0.0,
            flat,
        )
        .add_flat(
            cone(v(0.0, 1.13, -0.004), v(0.0, 0.985, 0.0), r(0.116), r(0.130)),
            0.05,
            flat,
        )
        .add_flat(
            cone(v(0.0, 0.985, 0.0), v(0.0, 0.925, 0.0), r(0.130), r(0.137)),
            0.04,
            flat,
        );
    let yoke = at(LeftUpperArm).x * 0.72;
    solid.add_flat(
        cone(
            v(-yoke, 1.342, -0.014),
            v(yoke, 1.342, -0.014),
            r(0.050),
            r(0.050),
        ),
        0.075,
        v(1.0, 1.0, 0.95),
    );
    solid.add(
        cone(v(0.0, 1.34, -0.018), v(0.0, 1.392, -0.016), 0.078, 0.056),
        0.035,
    );
    for side in [-1.0, 1.0] {
        let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
        let (upper, elbow, wrist) = (at(LeftUpperArm), at(LeftLowerArm), at(LeftHand));
        let end = sleeve_end(look, joint);
        let cap = upper.lerp(elbow, 0.06);
        solid.add(cone(mirror(upper), mirror(cap), r(0.058), r(0.057)), 0.05);
        if look.top == Top::ShortSleeve {
            solid.add(cone(mirror(cap), mirror(end), r(0.055), r(0.052)), 0.02);
        } else {
            solid
                .add(cone(mirror(cap), mirror(elbow), r(0.055), r(0.045)), 0.02)
                .add(
                    cone(
                        mirror(elbow),
                        mirror(end.lerp(wrist, 0.0)),
                        r(0.045),
                        r(0.038),
                    ),
                    0.02,
                );
        }
    }
    let hem = if look.top == Top::Hoodie {
        0.885
    } else {
        0.895
    };
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::NEG_Y,
            offset: -hem,
        },
        0.012,
    );
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::Y,
            offset: 1.402,
        },
        0.008,
    );
    solid
}

fn sleeve_end(look: &Look, joint: &[Vec3; 22]) -> Vec3 {
    let at = |bone: HumanBone| joint[bone as usize];
    match look.top {
        Top::ShortSleeve => at(LeftUpperArm).lerp(at(LeftLowerArm), 0.60),
        Top::LongSleeve | Top::Hoodie => at(LeftLowerArm).lerp(at(LeftHand), 0.80),
    }
}

/// A trimmed ring round each sleeve's end.
fn cuff(look: &Look, joint: &[Vec3; 22], side: f32) -> Solid {
    let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
    let end = sleeve_end(look, joint);
    let short = look.top == Top::ShortSleeve;
    let radius = look.girth * if short { 0.0545 } else { 0.0405 };
    let (inner, outer) = (end + Vec3::X * 0.022, end + Vec3::X * 0.048);
    let mut solid = Solid::default();
    solid.add(
        cone(
            mirror(inner - Vec3::X * 0.06),
            mirror(outer),
            radius,
            radius,
        ),
        0.0,
    );
    solid.cut(
        Form::HalfSpace {
            normal: v(-side, 0.0, 0.0),
            offset: -inner.x,
        },
        0.006,
    );
    solid.cut(
        Form::HalfSpace {
            normal: v(side, 0.0, 0.0),
            offset: outer.x,
        },
        0.006,
    );
    solid
}

fn collar(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let neck = joint[Neck as usize];
    let mut solid = Solid::default();
    let high = if look.top == Top::Hoodie {
        0.012
    } else {
        0.004
    };
    solid.add(
        cone(
            neck + v(0.0, -0.05, -0.004),
            neck + v(0.0, 0.03, 0.0),
            0.078,
            0.054,
        ),
        0.0,
    );
    solid.cut(
        Form::HalfSpace {
            normal: v(0.0, 0.94, 0.34),
            offset: 0.94 * (neck.y + high),
        },
        0.008,
    );
    solid.cut(
        Form::HalfSpace {
            normal: v(0.0, -0.94, -0.34),
            offset: -0.94 * (neck.y - 0.022),
        },
        0.008,
    );
    solid
}

fn hood(joint: &[Vec3; 22]) -> Solid {
    let neck = joint[Neck as usize];
    let mut solid = Solid::default();
    let points = [
        neck + v(-0.066, 0.002, 0.028),
        neck + v(-0.078, 0.006, -0.040),
        neck + v(0.0, -0.012, -0.098),
        neck + v(0.078, 0.006, -0.040),
        neck + v(0.066, 0.002, 0.028),
    ];
    for pair in points.windows(2) {
        solid.add(cone(pair[0], pair[1], 0.026, 0.028), 0.02);
    }
    solid.add(
        ellipsoid(neck + v(0.0, -0.045, -0.112), v(0.072, 0.060, 0.030)),
        0.03,
    );
    solid
}

fn pocket(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let hips = joint[Hips as usize];
    let mut solid = Solid::default();
    let front = 0.094 * look.girth * 1.06 * 0.98;
    solid.add_flat(
        cone(
            hips + v(-0.045, 0.075, front),
            hips + v(0.045, 0.075, front),
            0.046,
            0.046,
        ),
        0.0,
        v(1.0, 1.0, 0.32),
    );
    solid
}

fn trousers(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let girth = look.girth;
    let at = |bone: HumanBone| joint[bone as usize];
    let r = |radius: f32| radius * girth;
    let mut solid = Solid::default();
    let flat = v(1.0, 1.0, 0.80);
    solid
        .add_flat(
            cone(v(0.0, 1.0, 0.0), v(0.0, 0.93, -0.002), r(0.116), r(0.126)),
            0.0,
            flat,
        )
        .add_flat(
            cone(
                v(-0.045, 0.90, -0.010),
                v(0.045, 0.90, -0.010),
                r(0.092),
                r(0.092),
            ),
            0.05,
            v(1.0, 1.0, 1.0),
        );
    for side in [-1.0, 1.0] {
        let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
        let (hip, knee, ankle) = (at(LeftUpperLeg), at(LeftLowerLeg), at(LeftFoot));
        let mid = hip.lerp(knee, 0.35) + v(0.004, 0.0, 0.004);
        let calf = knee.lerp(ankle, 0.30) + v(0.0, 0.0, -0.010);
        let hem = knee.lerp(ankle, 0.90);
        solid
            .add(
                cone(
                    mirror(hip + v(0.0, -0.01, 0.0)),
                    mirror(mid),
                    r(0.082),
                    r(0.077),
                ),
                0.035,
            )
            .add(cone(mirror(mid), mirror(knee), r(0.077), r(0.056)), 0.02)
            .add(cone(mirror(knee), mirror(calf), r(0.056), r(0.056)), 0.02)
            .add(cone(mirror(calf), mirror(hem), r(0.056), r(0.047)), 0.02);
    }
    let hem = at(LeftFoot).y + 0.022;
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::NEG_Y,
            offset: -hem,
        },
        0.010,
    );
    solid
}

fn belt(look: &Look, joint: &[Vec3; 22]) -> Solid {
    // It closes the trousers inside the shirt, so that no gap shows when the trunk bends.
    let hips = joint[Hips as usize];
    let radius = 0.118 * look.girth;
    let mut solid = Solid::default();
    let ring = cone(
        hips + v(0.0, 0.01, 0.0),
        hips + v(0.0, 0.05, 0.0),
        radius,
        radius,
    );
    solid.add_flat(ring, 0.0, v(1.0, 1.0, 0.76));
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::Y,
            offset: hips.y + 0.06,
        },
        0.01,
    );
    solid
}

fn arm_and_hand(look: &Look, joint: &[Vec3; 22], side: f32) -> Solid {
    let at = |bone: HumanBone| joint[bone as usize];
    let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
    let (upper, elbow, wrist) = (at(LeftUpperArm), at(LeftLowerArm), at(LeftHand));
    let girth = 0.5 + 0.5 * look.girth;
    let r = |radius: f32| radius * girth;
    let mut solid = Solid::default();
    if look.top == Top::ShortSleeve {
        let start = upper.lerp(elbow, 0.45);
        solid.add(cone(mirror(start), mirror(elbow), r(0.041), r(0.037)), 0.0);
    }
    let bulge = elbow.lerp(wrist, 0.28);
    solid
        .add(
            cone(mirror(elbow), mirror(bulge), r(0.037), r(0.038)),
            0.015,
        )
        .add(
            cone(mirror(bulge), mirror(wrist), r(0.038), r(0.026)),
            0.015,
        );
    let palm_a = wrist + v(0.026, -0.001, 0.002);
    let palm_b = wrist + v(0.074, -0.004, 0.002);
    let palm = cone(mirror(palm_a), mirror(palm_b), 0.030, 0.036);
    solid.add_flat(palm, 0.016, v(1.0, 0.46, 1.0));
    for (finger, length) in [0.060, 0.070, 0.066, 0.050].into_iter().enumerate() {
        let z = 0.028 - 0.0185 * finger as f32;
        let knuckle = wrist + v(0.090 - 0.004 * (z / 0.02).abs(), -0.004, z);
        let bend = knuckle + v(length * 0.55, -0.004, z * 0.05);
        let tip = knuckle + v(length, -0.013, z * 0.05);
        solid
            .add(cone(mirror(knuckle), mirror(bend), 0.0100, 0.0092), 0.007)
            .add(cone(mirror(bend), mirror(tip), 0.0092, 0.0080), 0.004);
    }
    let thumb_root = wrist + v(0.028, -0.006, 0.026);
    let thumb_mid = wrist + v(0.062, -0.012, 0.052);
    let thumb_tip = wrist + v(0.088, -0.014, 0.060);
    solid
        .add(
            cone(mirror(thumb_root), mirror(thumb_mid), 0.0145, 0.0115),
            0.014,
        )
        .add(
            cone(mirror(thumb_mid), mirror(thumb_tip), 0.0110, 0.0090),
            0.005,
        );
    solid
}

fn shoe_forms(joint: &[Vec3; 22], side: f32, grow: f32, solid: &mut Solid) {
    let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
    let (ankle, ball) = (joint[LeftFoot as usize], joint[LeftToes as usize]);
    let x = ankle.x + 0.003;
    let heel = v(x, 0.040, ankle.z - 0.024);
    let waist = v(x + 0.002, 0.040, ankle.z + 0.055);
    let toe = v(ball.x + 0.002, 0.030, ball.z + 0.030);
    solid
        .add(
            cone(mirror(heel), mirror(waist), 0.039 + grow, 0.039 + grow),
            0.0,
        )
        .add_flat(
            cone(mirror(waist), mirror(toe), 0.041 + grow, 0.044 + grow),
            0.03,
            v(1.0, 0.86, 1.0),
        );
}

fn shoe_upper(joint: &[Vec3; 22], side: f32) -> Solid {
    let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
    let ankle = joint[LeftFoot as usize];
    let mut solid = Solid::default();
    shoe_forms(joint, side, 0.0, &mut solid);
    let low = v(ankle.x, 0.052, ankle.z + 0.006);
    let high = v(ankle.x, 0.104, ankle.z - 0.006);
    solid.add(cone(mirror(low), mirror(high), 0.047, 0.043), 0.030);
    let tongue = cone(
        mirror(low + v(0.0, 0.02, 0.03)),
        mirror(low + v(0.0, 0.005, 0.09)),
        0.024,
        0.02,
    );
    solid.add(tongue, 0.02);
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::Y,
            offset: 0.116,
        },
        0.008,
    );
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::NEG_Y,
            offset: -0.012,
        },
        0.004,
    );
    solid
}

fn shoe_sole(joint: &[Vec3; 22], side: f32) -> Solid {
    let mut solid = Solid::default();
    shoe_forms(joint, side, 0.0045, &mut solid);
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::Y,
            offset: 0.024,
        },
        0.005,
    );
    solid.cut(
        Form::HalfSpace {
            normal: Vec3::NEG_Y,
            offset: 0.0,
        },
        0.006,
    );
    solid
}

fn sock(joint: &[Vec3; 22], side: f32) -> Solid {
    let mirror = |p: Vec3| v(side * p.x, p.y, p.z);
    let (knee, ankle) = (joint[LeftLowerLeg as usize], joint[LeftFoot as usize]);
    let mut solid = Solid::default();
    let high = ankle.lerp(knee, 0.20);
    solid.add(cone(mirror(ankle), mirror(high), 0.035, 0.036), 0.0);
    solid
}
