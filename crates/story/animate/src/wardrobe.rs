//! The solids a figure is made of: head, hair, hands, clothes, shoes.
//!
//! Words: a *part* is one closed solid of one material; parts overlap (a forearm starts inside its
//! sleeve), so edges of clothes are crisp and no seam can open. Canonical metres.

use backlot_geom::HumanBone::{self, *};
use backlot_geom::glam::Vec3;

use crate::head;
use crate::settings::{Look, Top};
use crate::shape::{Form, Solid, cone, ellipsoid, loft, section};

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
        part(head::head(look, joint), 0.0080, look.skin, HEAD),
        part(head::hair(look, joint), 0.0085, look.hair, HAIR),
        part(shirt(look, joint), 0.0155, look.shirt, CLOTH),
        part(
            collar(look, joint),
            0.008,
            look.trim,
            &[UpperChest, Neck, LeftShoulder, RightShoulder],
        ),
        part(trousers(look, joint), 0.0155, look.trousers, CLOTH),
        part(belt(look, joint), 0.016, shade(look.trousers, 0.55), TRUNK),
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
        parts.push(part(shoe_upper(joint, side), 0.0100, look.shoes, shoe));
        parts.push(part(shoe_sole(joint, side), 0.0085, look.sole, shoe));
        parts.push(part(sock(joint, side), 0.012, look.trim, leg));
    }
    if look.top == Top::Hoodie {
        parts.push(part(hood(joint), 0.0115, look.shirt, &[UpperChest, Neck]));
    }
    let knit = if look.top == Top::ShortSleeve {
        0.94
    } else {
        0.72
    };
    parts.push(part(band(look), 0.0115, shade(look.shirt, knit), TRUNK));
    if let Some(tie) = head::hair_tie(look, joint) {
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

fn shirt(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let girth = look.girth * if look.top == Top::Hoodie { 1.04 } else { 1.0 };
    let at = |bone: HumanBone| joint[bone as usize];
    let mut solid = Solid::default();
    let trunk = [
        section(hem_height(look), 0.0, 0.0, 0.148, 0.113),
        section(0.950, 0.0, 0.0, 0.142, 0.109),
        section(1.030, 0.0, 0.0, 0.127, 0.098),
        section(1.110, 0.0, -0.002, 0.121, 0.092),
        section(1.200, 0.0, -0.005, 0.137, 0.101),
        section(1.280, 0.0, -0.009, 0.148, 0.105),
        section(1.345, 0.0, -0.014, 0.128, 0.088),
        section(1.412, 0.0, -0.015, 0.058, 0.056),
    ];
    solid.add(loft(&trunk.map(|s| s.grown(girth)), None), 0.0);
    for side in [-1.0, 1.0] {
        let (upper, elbow, wrist) = (at(LeftUpperArm), at(LeftLowerArm), at(LeftHand));
        let end = sleeve_end(look, joint).x;
        let r = |x: f32, radius: f32| section(x, -0.012, upper.y, radius, radius).grown(girth);
        let inner = section(upper.x - 0.100, -0.014, upper.y - 0.020, 0.036, 0.030);
        let slope = cone(
            v(side * 0.040, 1.376, -0.016),
            v(side * (upper.x - 0.012), upper.y + 0.010, -0.012),
            0.040 * girth,
            0.036 * girth,
        );
        solid.add(slope, 0.045);
        if look.top == Top::ShortSleeve {
            let sleeve = [
                inner,
                r(upper.x, 0.056),
                r(upper.x + 0.06, 0.054),
                r(end, 0.055),
            ];
            solid.add(loft(&sleeve, Some(side)), 0.050);
        } else {
            let sleeve = [
                inner,
                r(upper.x, 0.055),
                r(upper.x + 0.08, 0.051),
                r(elbow.x, 0.047),
                r(elbow.x + 0.4 * (wrist.x - elbow.x), 0.046),
                r(end, 0.042),
            ];
            solid.add(loft(&sleeve, Some(side)), 0.050);
        }
    }
    solid
}

/// How far down the shirt reaches, canonical metres.
fn hem_height(look: &Look) -> f32 {
    if look.top == Top::ShortSleeve {
        0.868
    } else {
        0.888
    }
}

/// The knitted band at the bottom of a sweater.
fn band(look: &Look) -> Solid {
    let girth = look.girth * if look.top == Top::Hoodie { 1.04 } else { 1.0 };
    let hem = hem_height(look);
    let rows = [
        section(hem - 0.022, 0.0, 0.0, 0.142, 0.109),
        section(hem + 0.008, 0.0, 0.0, 0.152, 0.117),
        section(hem + 0.022, 0.0, 0.0, 0.149, 0.114),
    ];
    let mut solid = Solid::default();
    solid.add(loft(&rows.map(|s| s.grown(girth)), None), 0.0);
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
    let radius = look.girth * if short { 0.0575 } else { 0.0435 };
    let (inner, outer) = if short {
        (end - Vec3::X * 0.014, end + Vec3::X * 0.008)
    } else {
        (end - Vec3::X * 0.006, end + Vec3::X * 0.030)
    };
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

/// The trimmed ring at the neck, lower in front.
fn collar(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let neck = joint[Neck as usize];
    let high = if look.top == Top::Hoodie {
        0.016
    } else {
        0.026
    };
    let mut solid = Solid::default();
    let axis = v(0.0, 0.94, 0.34);
    let low = neck - axis * 0.05;
    solid.add(cone(low, neck + axis * 0.05, 0.0800, 0.0650), 0.0);
    solid.cut(
        Form::HalfSpace {
            normal: axis,
            offset: axis.dot(neck) + high,
        },
        0.010,
    );
    solid.cut(
        Form::HalfSpace {
            normal: -axis,
            offset: -axis.dot(neck) + 0.030,
        },
        0.008,
    );
    solid
}

fn hood(joint: &[Vec3; 22]) -> Solid {
    let neck = joint[Neck as usize];
    let mut solid = Solid::default();
    let rows = [
        (neck + v(0.018, 0.004, 0.068), 0.013),
        (neck + v(0.052, 0.016, 0.048), 0.019),
        (neck + v(0.076, 0.028, -0.014), 0.024),
        (neck + v(0.052, 0.026, -0.066), 0.028),
        (neck + v(0.0, 0.014, -0.092), 0.030),
    ];
    for side in [-1.0, 1.0] {
        for pair in rows.windows(2) {
            let at = |p: Vec3| v(side * p.x, p.y, p.z);
            solid.add(
                cone(at(pair[0].0), at(pair[1].0), pair[0].1, pair[1].1),
                0.010,
            );
        }
    }
    solid.add(
        ellipsoid(neck + v(0.0, -0.055, -0.100), v(0.070, 0.062, 0.030)),
        0.03,
    );
    solid
}

fn trousers(look: &Look, joint: &[Vec3; 22]) -> Solid {
    let at = |bone: HumanBone| joint[bone as usize];
    let (hip, ankle) = (at(LeftUpperLeg), at(LeftFoot));
    let mut solid = Solid::default();
    let seat = [
        section(0.805, 0.0, -0.006, 0.085, 0.070),
        section(0.850, 0.0, -0.006, 0.122, 0.096),
        section(0.905, 0.0, -0.005, 0.130, 0.099),
        section(0.955, 0.0, -0.002, 0.124, 0.092),
        section(1.020, 0.0, 0.0, 0.112, 0.082),
    ];
    solid.add(loft(&seat.map(|s| s.grown(look.girth)), None), 0.0);
    let leg = [
        section(ankle.y + 0.014, ankle.x, -0.016, 0.049, 0.053),
        section(0.220, ankle.x - 0.001, -0.012, 0.051, 0.056),
        section(0.340, hip.x + 0.003, -0.008, 0.055, 0.062),
        section(0.470, hip.x + 0.003, 0.004, 0.057, 0.063),
        section(0.560, hip.x + 0.002, 0.006, 0.063, 0.069),
        section(0.680, hip.x - 0.002, 0.004, 0.067, 0.078),
        section(0.800, hip.x - 0.009, 0.000, 0.069, 0.086),
        section(0.900, hip.x - 0.024, -0.002, 0.064, 0.086),
    ];
    for side in [-1.0, 1.0] {
        let leg = leg.map(|s| {
            let s = s.grown(look.girth);
            section(
                s.along,
                side * s.centre[0],
                s.centre[1],
                s.radius[0],
                s.radius[1],
            )
        });
        solid.add(loft(&leg, None), 0.018);
    }
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
