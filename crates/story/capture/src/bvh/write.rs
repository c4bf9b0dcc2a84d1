//! Motion → BVH text: centimetres, Y up, ZXY rotation channels, degrees.
//!
//! Invariant: reading the text back gives the same joint positions within a micrometre and the same
//! rotations within a millionth of a degree (for a body of human size).

use backlot_geom::Motion;
use glam::{DQuat, DVec3, EulerRot};
use std::fmt::Write;

const CENTIMETRES_PER_METRE: f64 = 100.0;

/// Writes the motion. Names keep their blanks; line breaks and braces in names become `_`. A leaf
/// joint without an end site gets one of zero length, as the format requires.
pub fn write(motion: &Motion) -> String {
    let mut text = String::from("HIERARCHY\n");
    let order = hierarchy(motion, &mut text);
    let frame_time_secs = 1.0 / motion.frame_rate_hz;
    let _ = write!(
        text,
        "MOTION\nFrames: {}\nFrame Time: {frame_time_secs:.9}\n",
        motion.frames()
    );
    for frame in 0..motion.frames() {
        let root = motion.root_in_world_m[frame] * CENTIMETRES_PER_METRE;
        let _ = write!(text, "{:.6} {:.6} {:.6}", root.x, root.y, root.z);
        for joint in &order {
            let (z, x, y) = zxy_degrees(motion.frame(frame)[*joint]);
            let _ = write!(text, " {z:.7} {x:.7} {y:.7}");
        }
        text.push('\n');
    }
    text
}

fn zxy_degrees(rotation: DQuat) -> (f64, f64, f64) {
    let (z, x, y) = rotation.to_euler(EulerRot::ZXY);
    (z.to_degrees(), x.to_degrees(), y.to_degrees())
}

/// Writes the hierarchy depth first with a stack; returns joints in the order of their channels.
fn hierarchy(motion: &Motion, text: &mut String) -> Vec<usize> {
    enum Step {
        Open(usize, usize),
        Close(usize),
    }
    let joints = &motion.skeleton.joints;
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); joints.len()];
    for (index, joint) in joints.iter().enumerate() {
        if let Some(parent) = joint.parent {
            children[parent].push(index);
        }
    }
    let mut order = Vec::with_capacity(joints.len());
    let mut stack = vec![Step::Open(0, 0)];
    while let Some(step) = stack.pop() {
        let (joint, depth) = match step {
            Step::Open(joint, depth) => (joint, depth),
            Step::Close(depth) => {
                let _ = writeln!(text, "{:1$}}}", "", depth * 2);
                continue;
            }
        };
        order.push(joint);
        let pad = " ".repeat(depth * 2);
        let (word, channels) = if depth == 0 {
            (
                "ROOT",
                "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
            )
        } else {
            ("JOINT", "3 Zrotation Xrotation Yrotation")
        };
        let name = plain(&joints[joint].name);
        let _ = write!(text, "{pad}{word} {name}\n{pad}{{\n{pad}  OFFSET ");
        vector(text, joints[joint].offset_in_parent_m);
        let _ = writeln!(text, "{pad}  CHANNELS {channels}");
        let mut ends: Vec<DVec3> = motion
            .skeleton
            .end_sites_m
            .iter()
            .filter(|(at, _)| *at == joint)
            .map(|(_, tip)| *tip)
            .collect();
        if ends.is_empty() && children[joint].is_empty() {
            ends.push(DVec3::ZERO);
        }
        for tip in ends {
            let _ = write!(text, "{pad}  End Site\n{pad}  {{\n{pad}    OFFSET ");
            vector(text, tip);
            let _ = writeln!(text, "{pad}  }}");
        }
        stack.push(Step::Close(depth));
        stack.extend(
            children[joint]
                .iter()
                .rev()
                .map(|child| Step::Open(*child, depth + 1)),
        );
    }
    order
}

fn vector(text: &mut String, metres: DVec3) {
    let cm = metres * CENTIMETRES_PER_METRE;
    let _ = writeln!(text, "{:.6} {:.6} {:.6}", cm.x, cm.y, cm.z);
}

fn plain(name: &str) -> String {
    let swap = |letter: char| {
        if letter.is_control() || matches!(letter, '{' | '}') {
            '_'
        } else {
            letter
        }
    };
    name.chars().map(swap).collect()
}
