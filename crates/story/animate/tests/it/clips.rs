//! Files: GLB structure, bounds, VRM fields, BVH read back.

use backlot_animate::{HumanBone, bvh_out, clip, vrm};
use backlot_geom::glam::{DQuat, DVec3};
use serde_json::Value;

use crate::takes::{character, swaying, table_lamp};

struct Glb {
    json: Value,
    binary: Vec<u8>,
}

fn open(bytes: &[u8]) -> Glb {
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(&bytes[..4], b"glTF");
    assert_eq!([word(4), word(8)], [2, bytes.len()]);
    let text = word(12);
    assert_eq!(&bytes[16..20], b"JSON");
    assert_eq!(text % 4, 0);
    let start = 20 + text;
    assert_eq!(&bytes[start + 4..start + 8], b"BIN\0");
    assert_eq!(word(start) % 4, 0);
    assert_eq!(start + 8 + word(start), bytes.len());
    let json = serde_json::from_slice(&bytes[20..start]).unwrap();
    Glb {
        json,
        binary: bytes[start + 8..].to_vec(),
    }
}

impl Glb {
    /// Components of an accessor as numbers.
    fn numbers(&self, accessor: usize) -> (Vec<f64>, usize) {
        let entry = &self.json["accessors"][accessor];
        let view = &self.json["bufferViews"][entry["bufferView"].as_u64().unwrap() as usize];
        let start = view["byteOffset"].as_u64().unwrap() as usize;
        let length = view["byteLength"].as_u64().unwrap() as usize;
        assert_eq!(start % 4, 0);
        let bytes = &self.binary[start..start + length];
        let wide = match entry["type"].as_str().unwrap() {
            "SCALAR" => 1,
            "VEC3" => 3,
            "VEC4" => 4,
            _ => 16,
        };
        let numbers: Vec<f64> = match entry["componentType"].as_u64().unwrap() {
            5126 => bytes
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes(b.try_into().unwrap()).into())
                .collect(),
            5121 => bytes.iter().map(|b| f64::from(*b)).collect(),
            5123 => bytes
                .chunks_exact(2)
                .map(|b| u16::from_le_bytes(b.try_into().unwrap()).into())
                .collect(),
            _ => bytes
                .chunks_exact(4)
                .map(|b| u32::from_le_bytes(b.try_into().unwrap()).into())
                .collect(),
        };
        assert_eq!(
            numbers.len(),
            wide * entry["count"].as_u64().unwrap() as usize
        );
        (numbers, wide)
    }
}

#[test]
fn accessors_tell_the_truth_about_their_bytes() {
    let character = character(1);
    let glb = open(&clip::write_clip(&character, &swaying(&character, 20)).unwrap());
    for (index, entry) in glb.json["accessors"].as_array().unwrap().iter().enumerate() {
        let (numbers, wide) = glb.numbers(index);
        assert!(numbers.iter().all(|n| n.is_finite()));
        if let Some(low) = entry.get("min") {
            for axis in 0..wide {
                // The text reader may be off by one unit of a double: compare as floats.
                let stated = |value: &Value| value[axis].as_f64().unwrap() as f32;
                let column = numbers.iter().skip(axis).step_by(wide).map(|n| *n as f32);
                assert_eq!(stated(low), column.clone().fold(f32::MAX, f32::min));
                assert_eq!(stated(&entry["max"]), column.fold(f32::MIN, f32::max));
            }
        }
    }
}

#[test]
fn the_animation_has_a_unit_key_for_every_bone_and_frame() {
    let character = character(1);
    let motion = swaying(&character, 31);
    let glb = open(&clip::write_clip(&character, &motion).unwrap());
    let animation = &glb.json["animations"][0];
    let channels = animation["channels"].as_array().unwrap();
    assert_eq!(channels.len(), 24);
    for channel in channels {
        let sampler = &animation["samplers"][channel["sampler"].as_u64().unwrap() as usize];
        let (times, _) = glb.numbers(sampler["input"].as_u64().unwrap() as usize);
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        let (keys, wide) = glb.numbers(sampler["output"].as_u64().unwrap() as usize);
        if channel["target"]["path"] == "rotation" {
            assert_eq!(keys.len(), 31 * wide);
            let node = channel["target"]["node"].as_u64().unwrap() as usize;
            for (frame, key) in keys.chunks_exact(4).enumerate() {
                let key = DQuat::from_xyzw(key[0], key[1], key[2], key[3]);
                assert!((key.length() - 1.0).abs() < 1e-6);
                assert!(key.angle_between(motion.frame(frame)[node]) < 1e-3);
            }
        }
    }
}

#[test]
fn the_vrm_extension_names_bones_licence_and_expressions() {
    let glb = open(&vrm::write_vrm(&character(4)));
    let extension = &glb.json["extensions"]["VRMC_vrm"];
    assert_eq!(extension["specVersion"], "1.0");
    for field in [
        "name",
        "authors",
        "licenseUrl",
        "avatarPermission",
        "commercialUsage",
        "modification",
    ] {
        assert!(!extension["meta"][field].is_null(), "{field}");
    }
    for bone in HumanBone::ALL {
        let node = extension["humanoid"]["humanBones"][bone.vrm_name()]["node"]
            .as_u64()
            .unwrap();
        let entry = &glb.json["nodes"][node as usize];
        assert_eq!(entry["name"], bone.vrm_name());
        assert!(
            entry.get("rotation").is_none(),
            "VRM 1.0 rests without rotation"
        );
    }
    let face = &glb.json["meshes"][1]["primitives"][0]["targets"];
    let presets = extension["expressions"]["preset"].as_object().unwrap();
    assert_eq!(presets.len(), face.as_array().unwrap().len());
}

#[test]
fn a_motion_on_other_bones_is_refused() {
    let error = clip::write_clip(&character(1), &table_lamp()).unwrap_err();
    assert_eq!(error, clip::ClipError::NotRetargeted { joints: 3 });
}

/// A reader of its own for BVH as written: offsets, channel order, rows.
#[test]
fn bvh_read_back_gives_the_same_places() {
    let character = character(1);
    let motion = swaying(&character, 12);
    let text = bvh_out::write(&motion);
    let mut words = text.split_whitespace();
    let mut offsets: Vec<(Option<usize>, DVec3, String)> = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    loop {
        match words.next().unwrap() {
            word @ ("ROOT" | "JOINT") => {
                assert_eq!(word == "ROOT", offsets.is_empty());
                let name = words.next().unwrap().to_owned();
                let parent = open.last().copied().flatten();
                open.push(Some(offsets.len()));
                offsets.push((parent, DVec3::ZERO, name));
            }
            "End" => open.push(None),
            "OFFSET" => {
                let [x, y, z] = [0; 3].map(|_| words.next().unwrap().parse::<f64>().unwrap());
                if let Some(Some(joint)) = open.last() {
                    offsets[*joint].1 = DVec3::new(x, y, z) / 100.0;
                }
            }
            "CHANNELS" => {
                let count: usize = words.next().unwrap().parse().unwrap();
                let names: Vec<&str> = (0..count).map(|_| words.next().unwrap()).collect();
                assert_eq!(names[count - 3..], ["Zrotation", "Xrotation", "Yrotation"]);
                assert_eq!(count, if offsets.len() == 1 { 6 } else { 3 });
            }
            "}" => drop(open.pop()),
            "MOTION" => break,
            _ => {}
        }
    }
    assert_eq!([words.next(), words.next()], [Some("Frames:"), Some("12")]);
    assert_eq!([words.next(), words.next()], [Some("Frame"), Some("Time:")]);
    assert!((words.next().unwrap().parse::<f64>().unwrap() - 1.0 / 60.0).abs() < 1e-7);
    for frame in 0..motion.frames() {
        let mut number = || words.next().unwrap().parse::<f64>().unwrap();
        let root = DVec3::new(number(), number(), number()) / 100.0;
        let mut world: Vec<(DVec3, DQuat)> = Vec::new();
        let expected = motion.world_from_joints(frame);
        for (parent, offset, name) in &offsets {
            let [z, x, y] = [number(), number(), number()].map(f64::to_radians);
            let turn =
                DQuat::from_rotation_z(z) * DQuat::from_rotation_x(x) * DQuat::from_rotation_y(y);
            let (at, all) = match parent {
                None => (root, turn),
                Some(p) => (world[*p].0 + world[*p].1 * *offset, world[*p].1 * turn),
            };
            world.push((at, all));
            let joint = motion
                .skeleton
                .joints
                .iter()
                .position(|j| j.name == *name)
                .unwrap();
            assert!(
                at.distance(expected[joint].translation) < 1e-5,
                "{name} in frame {frame}"
            );
        }
    }
    assert_eq!(words.next(), None);
}

/// Runs the Khronos validator when `BACKLOT_GLTF_VALIDATOR` names a `node_modules` folder with
/// `gltf-validator` in it.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "an outside oracle, only when asked for"
)]
fn khronos_validator_finds_no_error() {
    let Some(modules) = std::env::var_os("BACKLOT_GLTF_VALIDATOR") else {
        println!("skipped: BACKLOT_GLTF_VALIDATOR names no node_modules folder");
        return;
    };
    let folder = std::env::temp_dir().join(format!("backlot-gltf-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let character = character(7);
    let files = [
        ("character.vrm", vrm::write_vrm(&character)),
        (
            "clip.glb",
            clip::write_clip(&character, &swaying(&character, 90)).unwrap(),
        ),
    ];
    let script = "const v=require(process.argv[1]+'/gltf-validator');\
        v.validateBytes(new Uint8Array(require('fs').readFileSync(process.argv[2])))\
        .then(r=>console.log(r.issues.numErrors+' '+r.issues.numWarnings+' '\
        +JSON.stringify(r.issues.messages)))";
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let run = std::process::Command::new("node")
            .args(["-e", script])
            .arg(&modules)
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            said.starts_with("0 0 "),
            "{name}: {said} {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
