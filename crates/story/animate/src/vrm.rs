//! The character as a VRM 1.0 file: any VRM program can open and drive it.
//!
//! Invariant: all 22 bones are named, every expression binds one morph, every licence field is
//! written. Source: VRMC_vrm-1.0 (humanoid, meta, expressions).

use serde_json::{Map, Value, json};

use crate::character::Character;
use crate::expression::Expression;
use crate::glb::{self, Packer};
use backlot_geom::HumanBone;

/// The character, standing in T-pose, as GLB.
pub fn write_vrm(character: &Character) -> Vec<u8> {
    let mut packer = Packer::default();
    let document = glb::character_document(character, &mut packer);
    packer.finish(document)
}

/// The `VRMC_vrm` object.
pub(crate) fn extension(character: &Character) -> Value {
    let bones: Map<String, Value> = HumanBone::ALL
        .iter()
        .map(|bone| (bone.vrm_name().to_owned(), json!({"node": *bone as usize})))
        .collect();
    json!({
        "specVersion": "1.0",
        "meta": meta(character),
        "humanoid": {"humanBones": bones},
        "firstPerson": {"meshAnnotations": [
            {"node": glb::BODY_NODE, "type": "auto"}, {"node": glb::FACE_NODE, "type": "auto"}
        ]},
        "expressions": {"preset": presets()},
    })
}

fn meta(character: &Character) -> Value {
    let named: Vec<&String> = character
        .settings
        .authors
        .iter()
        .filter(|author| !author.trim().is_empty())
        .collect();
    let authors = if named.is_empty() {
        json!(["Backlot"])
    } else {
        json!(named)
    };
    json!({
        "name": character.settings.name,
        "version": "1",
        "authors": authors,
        "copyrightInformation": "Generated figure; no third-party model is contained.",
        "licenseUrl": "https://vrm.dev/licenses/1.0/",
        "avatarPermission": "everyone",
        "allowExcessivelyViolentUsage": false,
        "allowExcessivelySexualUsage": false,
        "commercialUsage": "corporation",
        "allowPoliticalOrReligiousUsage": false,
        "allowAntisocialOrHateUsage": false,
        "creditNotation": "unnecessary",
        "allowRedistribution": true,
        "modification": "allowModificationRedistribution",
    })
}

fn presets() -> Map<String, Value> {
    Expression::ALL
        .iter()
        .enumerate()
        .map(|(index, expression)| {
            let is_emotion = matches!(
                expression,
                Expression::Happy
                    | Expression::Angry
                    | Expression::Sad
                    | Expression::Relaxed
                    | Expression::Surprised
            );
            let overrides = if is_emotion { "blend" } else { "none" };
            let value = json!({
                "isBinary": false,
                "morphTargetBinds": [{"node": glb::FACE_NODE, "index": index, "weight": 1.0}],
                "overrideBlink": overrides, "overrideLookAt": "none", "overrideMouth": overrides,
            });
            (expression.vrm_name().to_owned(), value)
        })
        .collect()
}
