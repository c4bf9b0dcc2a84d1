//! Animate: a performer's motion becomes a virtual character's clip and picture.
//!
//! Words: a *character* is a generated humanoid with the 22 bones of [`HumanBone`], standing in
//! T-pose; *retarget* carries a take onto it; a *clip* is the character with its animation as
//! glTF 2.0 (VRM 1.0); a *preview* is the rendered picture. Order of reading: `settings`, `rig`,
//! `shape`, `surface`, `wardrobe`, `skin`, `face`, `character`; `glb`, `vrm`, `clip`, `bvh_out`;
//! `names`, `topology`, `rest`, `retarget`, `feet`; `raster`, `camera`, `stage`, `preview`.
//!
//! Invariants: metres, Y up, a character at rest faces +Z; the same settings give the same bytes;
//! nothing here reads a clock, a file or chance. Nothing is shipped: the figure is computed.
//! Sources: glTF 2.0, VRMC_vrm-1.0; naive surface nets (Gibson 1998); see each file.

pub mod bvh_out;
pub mod camera;
pub mod character;
pub mod clip;
mod expression;
mod face;
mod feet;
mod font;
mod glb;
mod head;
mod mesh;
mod names;
pub mod preview;
pub mod raster;
mod rest;
pub mod retarget;
mod rig;
mod settings;
mod shape;
mod skin;
mod stage;
mod surface;
mod topology;
pub mod vrm;
mod wardrobe;

pub use backlot_geom::HumanBone;
pub use character::{Character, generate};
pub use expression::Expression;
pub use mesh::{Morph, SkinnedMesh};
pub use names::human_bone_of;
pub use preview::{Preview, PreviewSettings};
pub use rest::RestKind;
pub use retarget::{RetargetError, RetargetReport, Retargeted, retarget};
pub use settings::{Build, CharacterSettings};
