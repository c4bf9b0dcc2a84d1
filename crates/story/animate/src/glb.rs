//! The container: a glTF 2.0 document and its one buffer, packed as GLB.
//!
//! Invariant: every view starts on a multiple of four bytes; every accessor's bounds are those of
//! the bytes written. Source: Khronos glTF 2.0, sections 3.6 and 4.4.

use backlot_geom::HumanBone;
use backlot_geom::glam::Vec3;
use serde_json::{Value, json};

use crate::character::Character;
use crate::expression::Expression;
use crate::mesh::SkinnedMesh;

const FLOAT: u32 = 5126;
const UNSIGNED_BYTE: u32 = 5121;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;

/// Node of the body mesh, after the 22 bones.
pub(crate) const BODY_NODE: usize = 22;
/// Node of the face mesh.
pub(crate) const FACE_NODE: usize = 23;

/// Views and accessors being written.
#[derive(Default)]
pub(crate) struct Packer {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Packer {
    fn view(&mut self, target: Option<u32>, bytes: impl Iterator<Item = u8>) -> usize {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        let mut view = json!({
            "buffer": 0, "byteOffset": start, "byteLength": self.bytes.len() - start
        });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.views.push(view);
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        self.views.len() - 1
    }

    fn accessor(&mut self, accessor: Value) -> usize {
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    /// Tuples of floats; with bounds where glTF requires them.
    pub fn floats<const N: usize>(
        &mut self,
        rows: &[[f32; N]],
        target: Option<u32>,
        bounds: bool,
    ) -> usize {
        let bytes = rows.iter().flatten().flat_map(|value| value.to_le_bytes());
        let view = self.view(target, bytes);
        let kind = match N {
            1 => "SCALAR",
            3 => "VEC3",
            4 => "VEC4",
            _ => "MAT4",
        };
        let mut accessor = json!({
            "bufferView": view, "componentType": FLOAT, "count": rows.len(), "type": kind
        });
        if bounds {
            let fold = |pick: fn(f32, f32) -> f32| -> Vec<f64> {
                (0..N)
                    .map(|axis| rows.iter().map(|row| row[axis]).reduce(pick).unwrap_or(0.0))
                    .map(f64::from)
                    .collect()
            };
            accessor["min"] = json!(fold(f32::min));
            accessor["max"] = json!(fold(f32::max));
        }
        self.accessor(accessor)
    }

    fn bytes4(&mut self, rows: &[[u8; 4]], normalized: bool) -> usize {
        let view = self.view(Some(ARRAY_BUFFER), rows.iter().flatten().copied());
        let mut accessor = json!({
            "bufferView": view, "componentType": UNSIGNED_BYTE, "count": rows.len(), "type": "VEC4"
        });
        if normalized {
            accessor["normalized"] = json!(true);
        }
        self.accessor(accessor)
    }

    fn colors(&mut self, rows: &[[f32; 3]]) -> usize {
        let level = |value: f32| (value.clamp(0.0, 1.0) * 65_535.0).round() as u16;
        let bytes = rows
            .iter()
            .flat_map(|[r, g, b]| [level(*r), level(*g), level(*b), u16::MAX])
            .flat_map(u16::to_le_bytes);
        let view = self.view(Some(ARRAY_BUFFER), bytes);
        self.accessor(json!({
            "bufferView": view, "componentType": UNSIGNED_SHORT, "normalized": true,
            "count": rows.len(), "type": "VEC4"
        }))
    }

    fn triangles(&mut self, triangles: &[[u32; 3]], vertices: usize) -> usize {
        let flat = triangles.iter().flatten();
        let (view, component) = if vertices <= usize::from(u16::MAX) {
            let bytes = flat.flat_map(|index| (*index as u16).to_le_bytes());
            (self.view(Some(ELEMENT_ARRAY_BUFFER), bytes), UNSIGNED_SHORT)
        } else {
            let bytes = flat.flat_map(|index| index.to_le_bytes());
            (self.view(Some(ELEMENT_ARRAY_BUFFER), bytes), UNSIGNED_INT)
        };
        self.accessor(json!({
            "bufferView": view, "componentType": component, "count": triangles.len() * 3,
            "type": "SCALAR"
        }))
    }

    fn primitive(&mut self, mesh: &SkinnedMesh, material: usize) -> Value {
        let position: Vec<[f32; 3]> = mesh.position_m.iter().map(Vec3::to_array).collect();
        let normal: Vec<[f32; 3]> = mesh.normal.iter().map(Vec3::to_array).collect();
        let attributes = json!({
            "POSITION": self.floats(&position, Some(ARRAY_BUFFER), true),
            "NORMAL": self.floats(&normal, Some(ARRAY_BUFFER), false),
            "COLOR_0": self.colors(&mesh.color_linear),
            "JOINTS_0": self.bytes4(&mesh.joints, false),
            "WEIGHTS_0": self.bytes4(&mesh.weights, true),
        });
        let indices = self.triangles(&mesh.triangles, mesh.vertices());
        json!({"attributes": attributes, "indices": indices, "material": material, "mode": 4})
    }

    /// Closes the document: JSON chunk, then the binary chunk.
    pub fn finish(self, mut document: Value) -> Vec<u8> {
        document["bufferViews"] = json!(self.views);
        document["accessors"] = json!(self.accessors);
        document["buffers"] = json!([{"byteLength": self.bytes.len()}]);
        let mut text = document.to_string().into_bytes();
        while !text.len().is_multiple_of(4) {
            text.push(b' ');
        }
        let total = 12 + 8 + text.len() + 8 + self.bytes.len();
        let mut glb = Vec::with_capacity(total);
        glb.extend_from_slice(b"glTF");
        glb.extend_from_slice(&2_u32.to_le_bytes());
        glb.extend_from_slice(&(total as u32).to_le_bytes());
        for (kind, chunk) in [(b"JSON", &text), (b"BIN\0", &self.bytes)] {
            glb.extend_from_slice(&(chunk.len() as u32).to_le_bytes());
            glb.extend_from_slice(kind);
            glb.extend_from_slice(chunk);
        }
        glb
    }
}

/// The character as a document without animation: bones, skin, body, face, VRM extension.
pub(crate) fn character_document(character: &Character, packer: &mut Packer) -> Value {
    let bind: Vec<[f32; 16]> = character
        .rest_in_world_m
        .iter()
        .map(|point| {
            let p = -point.as_vec3();
            [
                1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, p.x, p.y, p.z, 1.0,
            ]
        })
        .collect();
    let bind = packer.floats(&bind, None, false);
    let body = packer.primitive(&character.body, 0);
    let mut face = packer.primitive(&character.face, 1);
    let targets: Vec<Value> = character
        .morphs
        .iter()
        .map(|morph| {
            let delta: Vec<[f32; 3]> = morph.delta_m.iter().map(Vec3::to_array).collect();
            json!({"POSITION": packer.floats(&delta, Some(ARRAY_BUFFER), true)})
        })
        .collect();
    let names: Vec<&str> = character
        .morphs
        .iter()
        .map(|m| m.expression.vrm_name())
        .collect();
    face["targets"] = json!(targets);
    let material = |name: &str, double_sided: bool, roughness: f64| {
        json!({
            "name": name, "doubleSided": double_sided,
            "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": roughness}
        })
    };
    json!({
        "asset": {"version": "2.0", "generator": "Backlot"},
        "extensionsUsed": ["VRMC_vrm"],
        "extensions": {"VRMC_vrm": crate::vrm::extension(character)},
        "scene": 0,
        "scenes": [{"name": character.settings.name, "nodes": [0, BODY_NODE, FACE_NODE]}],
        "nodes": nodes(character),
        "skins": [{
            "name": "performer", "inverseBindMatrices": bind,
            "joints": (0..HumanBone::ALL.len()).collect::<Vec<_>>()
        }],
        "meshes": [
            {"name": "body", "primitives": [body]},
            {
                "name": "face", "primitives": [face],
                "weights": vec![0.0; Expression::ALL.len()],
                "extras": {"targetNames": names}
            }
        ],
        "materials": [material("body", false, 0.85), material("face", true, 0.6)],
    })
}

fn nodes(character: &Character) -> Vec<Value> {
    let mut nodes: Vec<Value> = HumanBone::ALL
        .iter()
        .map(|bone| {
            let offset = character.offset_in_parent_m(*bone).as_vec3().to_array();
            let children: Vec<usize> = HumanBone::ALL
                .iter()
                .filter(|child| child.parent() == Some(*bone))
                .map(|child| *child as usize)
                .collect();
            let mut node = json!({"name": bone.vrm_name(), "translation": offset.map(f64::from)});
            if !children.is_empty() {
                node["children"] = json!(children);
            }
            node
        })
        .collect();
    nodes.push(json!({"name": "body", "mesh": 0, "skin": 0}));
    nodes.push(json!({"name": "face", "mesh": 1, "skin": 0}));
    nodes
}
