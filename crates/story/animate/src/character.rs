//! A generated humanoid: bones, body, face.
//!
//! Invariant: the same settings give the same character, vertex by vertex; the soles stand on the
//! floor; at rest every bone's axes are parallel to the world's (VRM 1.0, T-pose).

use backlot_geom::glam::{DVec3, Vec3};
use backlot_geom::{HumanBone, Joint, Skeleton};

use crate::face;
use crate::mesh::{Morph, SkinnedMesh};
use crate::rig::{CANONICAL_HEIGHT_M, canonical_joints};
use crate::settings::{CharacterSettings, Look};
use crate::skin::Cores;
use crate::surface::surface_of;
use crate::wardrobe::{Part, parts};

/// One virtual performer.
#[derive(Debug, Clone, PartialEq)]
pub struct Character {
    pub settings: CharacterSettings,
    /// Joint positions in T-pose, in the order of [`HumanBone::ALL`].
    pub rest_in_world_m: [DVec3; 22],
    pub body: SkinnedMesh,
    /// Eyes, brows and mouth; the only mesh with morphs.
    pub face: SkinnedMesh,
    /// In the order of [`crate::Expression::ALL`].
    pub morphs: Vec<Morph>,
}

impl Character {
    /// The 22 joints, named as VRM names them, hips first.
    pub fn skeleton(&self) -> Skeleton {
        let joints = HumanBone::ALL
            .iter()
            .map(|bone| Joint {
                name: bone.vrm_name().to_owned(),
                parent: bone.parent().map(|parent| parent as usize),
                offset_in_parent_m: self.offset_in_parent_m(*bone),
            })
            .collect();
        let scale = self.scale();
        let end_sites_m = vec![
            (HumanBone::Head as usize, DVec3::Y * 0.22 * scale),
            (HumanBone::LeftHand as usize, DVec3::X * 0.16 * scale),
            (HumanBone::RightHand as usize, DVec3::NEG_X * 0.16 * scale),
            (HumanBone::LeftToes as usize, DVec3::Z * 0.07 * scale),
            (HumanBone::RightToes as usize, DVec3::Z * 0.07 * scale),
        ];
        Skeleton {
            joints,
            end_sites_m,
        }
    }

    /// Where a bone stands from its parent; for the hips, from the floor's origin.
    pub fn offset_in_parent_m(&self, bone: HumanBone) -> DVec3 {
        let here = self.rest_in_world_m[bone as usize];
        bone.parent()
            .map_or(here, |parent| here - self.rest_in_world_m[parent as usize])
    }

    /// Size against the canonical figure.
    pub(crate) fn scale(&self) -> f64 {
        self.settings.height_in_range_m() / f64::from(CANONICAL_HEIGHT_M)
    }

    pub fn triangles(&self) -> usize {
        self.body.triangles.len() + self.face.triangles.len()
    }
}

/// Computes the character of these settings. Takes a fraction of a second.
pub fn generate(settings: &CharacterSettings) -> Character {
    let look = Look::from_settings(settings);
    let joint = canonical_joints(&look);
    let parts = parts(&look, &joint);
    let cores = Cores::new(&joint);
    let mut body = SkinnedMesh::default();
    for part in &parts {
        append(&mut body, part, &cores);
    }
    shade_creases(&mut body, &parts);
    let (mut face, mut morphs) = face::build(&look, &joint);
    let scale = (settings.height_in_range_m() / f64::from(CANONICAL_HEIGHT_M)) as f32;
    body.scale(scale);
    face.scale(scale);
    for delta in morphs.iter_mut().flat_map(|morph| &mut morph.delta_m) {
        *delta *= scale;
    }
    let rest_in_world_m = joint.map(|point| (point * scale).as_dvec3());
    Character {
        settings: settings.clone(),
        rest_in_world_m,
        body,
        face,
        morphs,
    }
}

fn append(body: &mut SkinnedMesh, part: &Part, cores: &Cores) {
    let surface = surface_of(&part.solid, part.cell_m);
    let first = body.vertices() as u32;
    for (point, normal) in surface.position_m.iter().zip(&surface.normal) {
        let (joints, weights) = cores.weigh(*point, part.bones);
        body.position_m.push(*point);
        body.normal.push(*normal);
        body.color_linear.push(part.color_linear);
        body.joints.push(joints);
        body.weights.push(weights);
    }
    body.triangles.extend(
        surface
            .triangles
            .iter()
            .map(|t| t.map(|index| index + first)),
    );
}

/// Darkens vertices that lie in creases: distance to all parts along the normal, T-pose.
/// Source: ambient occlusion from distance fields, A. Evans 2006.
fn shade_creases(body: &mut SkinnedMesh, parts: &[Part]) {
    const REACH_M: [f32; 3] = [0.012, 0.030, 0.060];
    let boxes: Vec<(Vec3, Vec3)> = parts
        .iter()
        .map(|part| {
            let (low, high) = part.solid.bounds();
            (low - Vec3::splat(0.06), high + Vec3::splat(0.06))
        })
        .collect();
    for vertex in 0..body.vertices() {
        let (point, normal) = (body.position_m[vertex], body.normal[vertex]);
        let mut open = 0.0;
        for reach in REACH_M {
            let probe = point + normal * reach;
            let mut near = reach;
            for (part, (low, high)) in parts.iter().zip(&boxes) {
                if probe.cmpge(*low).all() && probe.cmple(*high).all() {
                    near = near.min(part.solid.distance_m(probe));
                }
            }
            open += (near / reach).clamp(0.0, 1.0) / REACH_M.len() as f32;
        }
        let light = 0.55 + 0.45 * open;
        // A crease in skin or cloth keeps its warmth: the blue goes first.
        let [r, g, b] = body.color_linear[vertex];
        body.color_linear[vertex] = [r * light.powf(0.85), g * light, b * light.powf(1.05)];
    }
}
