//! Motion as BVH text: centimetres, degrees, six channels on the root and three on the others.
//!
//! Words: channel order is `Zrotation Xrotation Yrotation`, so a joint's rotation is
//! `Rz * Rx * Ry`. Invariant: every non-root leaf has an end site; numbers never use an exponent.
//! Source: the Biovision hierarchy as described by M. Meredith and S. Maddock, 2001.

use std::fmt::Write as _;

use backlot_geom::glam::{DQuat, DVec3, EulerRot};
use backlot_geom::{Motion, Skeleton};

const CM_PER_M: f64 = 100.0;

/// The motion as a BVH file.
pub fn write(motion: &Motion) -> String {
    let mut text = String::from("HIERARCHY\n");
    let order = write_hierarchy(&motion.skeleton, &mut text);
    let _ = writeln!(text, "MOTION\nFrames: {}", motion.frames());
    let _ = writeln!(text, "Frame Time: {:.8}", 1.0 / motion.frame_rate_hz);
    for frame in 0..motion.frames() {
        let root = motion.root_in_world_m[frame] * CM_PER_M;
        let _ = write!(
            text,
            "{:.5} {:.5} {:.5}",
            tidy(root.x),
            tidy(root.y),
            tidy(root.z)
        );
        for joint in &order {
            let [z, x, y] = euler_zxy_degrees(motion.frame(frame)[*joint]);
            let _ = write!(text, " {:.5} {:.5} {:.5}", tidy(z), tidy(x), tidy(y));
        }
        text.push('\n');
    }
    text
}

/// Z, X, Y angles of `Rz * Rx * Ry`, degrees.
fn euler_zxy_degrees(rotation: DQuat) -> [f64; 3] {
    let (z, x, y) = rotation.normalize().to_euler(EulerRot::ZXY);
    [z, x, y].map(f64::to_degrees)
}

/// No negative zero in the text.
fn tidy(value: f64) -> f64 {
    if value.abs() < 5e-6 { 0.0 } else { value }
}

/// Writes the tree below the root and notes the order in which channels follow. Kept iterative: a
/// chain may be as long as the skeleton.
fn write_hierarchy(skeleton: &Skeleton, text: &mut String) -> Vec<usize> {
    let mut children = vec![Vec::new(); skeleton.joints.len()];
    for (joint, entry) in skeleton.joints.iter().enumerate() {
        if let Some(parent) = entry.parent {
            children[parent].push(joint);
        }
    }
    let mut order = Vec::with_capacity(skeleton.joints.len());
    // What is open: the joint and how many of its children are written.
    let mut open: Vec<(usize, usize)> = Vec::new();
    open_joint(skeleton, 0, 0, text);
    order.push(0);
    open.push((0, 0));
    while let Some((joint, written)) = open.pop() {
        let depth = open.len();
        if let Some(child) = children[joint].get(written) {
            open.push((joint, written + 1));
            open_joint(skeleton, *child, depth + 1, text);
            order.push(*child);
            open.push((*child, 0));
            continue;
        }
        let pad = pad_of(depth);
        if children[joint].is_empty() {
            let site = skeleton
                .end_sites_m
                .iter()
                .find(|(owner, _)| *owner == joint);
            let _ = writeln!(text, "{pad}  End Site\n{pad}  {{");
            write_offset(
                site.map_or(DVec3::ZERO, |(_, at)| *at),
                &pad_of(depth + 1),
                text,
            );
            let _ = writeln!(text, "{pad}  }}");
        }
        let _ = writeln!(text, "{pad}}}");
    }
    order
}

/// Indentation; held at a depth no body reaches, so that a long chain stays short text.
fn pad_of(depth: usize) -> String {
    "  ".repeat(depth.min(64))
}

fn open_joint(skeleton: &Skeleton, joint: usize, depth: usize, text: &mut String) {
    let entry = &skeleton.joints[joint];
    let pad = pad_of(depth);
    let word = if joint == 0 { "ROOT" } else { "JOINT" };
    // A BVH name ends at white space.
    let name: String = entry
        .name
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect();
    let _ = writeln!(text, "{pad}{word} {name}\n{pad}{{");
    let offset = if joint == 0 {
        DVec3::ZERO
    } else {
        entry.offset_in_parent_m
    };
    write_offset(offset, &pad, text);
    let place = if joint == 0 {
        "6 Xposition Yposition Zposition"
    } else {
        "3"
    };
    let _ = writeln!(
        text,
        "{pad}  CHANNELS {place} Zrotation Xrotation Yrotation"
    );
}

fn write_offset(offset_m: DVec3, pad: &str, text: &mut String) {
    let cm = offset_m * CM_PER_M;
    let _ = writeln!(
        text,
        "{pad}  OFFSET {:.5} {:.5} {:.5}",
        tidy(cm.x),
        tidy(cm.y),
        tidy(cm.z)
    );
}
