//! What the joints of other people's skeletons are called.
//!
//! Words: a *role* is what a single name says by itself; the same word may mean two things
//! (`LeftShoulder` is a collar bone at Mixamo and an upper arm at Biovision), so roles become bones
//! only when the whole skeleton is known (see `topology`).
//! Conventions known: VRM, Mixamo, MotionBuilder and CMU, CMU ASF, Biovision, Bandai Namco, Xsens,
//! Rokoko, Axis Neuron, mocopi, SMPL, Unreal, 3ds Max Biped, DAZ, Blender Rigify.

use backlot_geom::HumanBone::{self, *};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// What one name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Hips,
    /// Anything between hips and neck.
    Trunk,
    Neck,
    Head,
    Collar(Side),
    /// `Shoulder`: collar bone or upper arm.
    Shoulder(Side),
    UpperArm(Side),
    LowerArm(Side),
    Hand(Side),
    UpperLeg(Side),
    /// `Leg`: the lower leg, unless nothing else can be the upper one.
    LowerLeg(Side),
    Ankle(Side),
    Foot(Side),
    Toes(Side),
}

/// Words that make a joint a helper: its name says nothing about the body.
const HELPERS: [&str; 17] = [
    "end", "nub", "twist", "roll", "ik", "pole", "site", "thumb", "index", "middle", "ring",
    "pinky", "finger", "fingers", "eye", "jaw", "effector",
];
const PREFIXES: [&str; 12] = [
    "mixamorig",
    "character",
    "valvebiped",
    "bip",
    "robot",
    "joint",
    "jbip",
    "base",
    "def",
    "org",
    "skel",
    "rig",
];

/// The bone a name means when nothing else is known about the skeleton.
pub fn human_bone_of(name: &str) -> Option<HumanBone> {
    let left = |side: Side| side == Side::Left;
    let pick = |side: Side, l: HumanBone, r: HumanBone| if left(side) { l } else { r };
    Some(match role_of(name)? {
        Role::Hips => Hips,
        Role::Trunk => return trunk_bone(name),
        Role::Neck => Neck,
        Role::Head => Head,
        Role::Collar(s) | Role::Shoulder(s) => pick(s, LeftShoulder, RightShoulder),
        Role::UpperArm(s) => pick(s, LeftUpperArm, RightUpperArm),
        Role::LowerArm(s) => pick(s, LeftLowerArm, RightLowerArm),
        Role::Hand(s) => pick(s, LeftHand, RightHand),
        Role::UpperLeg(s) => pick(s, LeftUpperLeg, RightUpperLeg),
        Role::LowerLeg(s) => pick(s, LeftLowerLeg, RightLowerLeg),
        Role::Ankle(s) | Role::Foot(s) => pick(s, LeftFoot, RightFoot),
        Role::Toes(s) => pick(s, LeftToes, RightToes),
    })
}

fn trunk_bone(name: &str) -> Option<HumanBone> {
    let (stem, _) = stem_and_side(name)?;
    Some(match stem.as_str() {
        "spine" | "lowerback" | "abdomen" | "torso1" | "l5" | "spine01" => Spine,
        "chest" | "spine1" | "upperback" | "l3" | "spine02" | "torso4" => Chest,
        "upperchest" | "spine2" | "thorax" | "t8" | "spine03" | "chest2" | "torso7" => UpperChest,
        _ => return None,
    })
}

/// What a name says, or nothing.
pub(crate) fn role_of(name: &str) -> Option<Role> {
    let (stem, side) = stem_and_side(name)?;
    let plain = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    match (plain, side) {
        ("hips" | "hip" | "pelvis", None) => Some(Role::Hips),
        ("head", None) => Some(Role::Head),
        ("neck" | "lowerneck" | "upperneck" | "necklower" | "neckupper", None) => Some(Role::Neck),
        (
            "spine" | "chest" | "upperchest" | "lowerchest" | "abdomen" | "waist" | "torso"
            | "lowerback" | "upperback" | "thorax" | "stomach" | "upperspine" | "lowerspine"
            | "midspine" | "ribcage" | "abdomenlower" | "abdomenupper" | "chestlower"
            | "chestupper" | "back",
            None,
        ) => Some(Role::Trunk),
        ("l" | "t", None) if plain != stem => Some(Role::Trunk),
        (_, Some(side)) => sided(plain, side),
        _ => None,
    }
}

fn sided(plain: &str, side: Side) -> Option<Role> {
    Some(match plain {
        "collar" | "clavicle" | "collarbone" | "innershoulder" => Role::Collar(side),
        "shoulder" | "shldr" => Role::Shoulder(side),
        "upperarm" | "uparm" | "arm" | "humerus" | "bicep" | "armupper" | "shldrbend" => {
            Role::UpperArm(side)
        }
        "lowerarm" | "lowarm" | "forearm" | "elbow" | "radius" | "armlower" | "forearmbend" => {
            Role::LowerArm(side)
        }
        "hand" | "wrist" => Role::Hand(side),
        "upperleg" | "upleg" | "thigh" | "hip" | "femur" | "legupper" | "thighbend" => {
            Role::UpperLeg(side)
        }
        "lowerleg" | "lowleg" | "leg" | "shin" | "calf" | "knee" | "tibia" | "leglower" => {
            Role::LowerLeg(side)
        }
        "ankle" => Role::Ankle(side),
        "foot" => Role::Foot(side),
        "toe" | "toes" | "toebase" | "ball" => Role::Toes(side),
        _ => return None,
    })
}

/// The name without name spaces, prefixes, side and separators; small letters.
fn stem_and_side(name: &str) -> Option<(String, Option<Side>)> {
    let own = name.rsplit([':', '|']).next().unwrap_or(name);
    let mut words = words(own);
    if words
        .iter()
        .any(|word| HELPERS.contains(&word.trim_end_matches(char::is_numeric)))
    {
        return None;
    }
    let mut side = None;
    words.retain(|word| match word.as_str() {
        "left" | "l" if side.is_none() => {
            side = Some(Side::Left);
            false
        }
        "right" | "r" if side.is_none() => {
            side = Some(Side::Right);
            false
        }
        _ => true,
    });
    while words.len() > 1 && is_prefix(&words[0]) {
        words.remove(0);
    }
    let joined = words.concat();
    let mut stem = joined
        .strip_prefix("mixamorig")
        .unwrap_or(&joined)
        .to_owned();
    if side.is_none() {
        (stem, side) = split_side(&stem);
    }
    (!stem.is_empty()).then_some((stem, side))
}

fn is_prefix(word: &str) -> bool {
    PREFIXES.contains(&word.trim_end_matches(char::is_numeric))
        || word == "cc"
        || word == "j"
        || word == "c"
}

/// Words at separators and at capitals: `mixamorig_LeftUpLeg` is mixamorig, left, up, leg.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut last_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            last_small = false;
            continue;
        }
        if letter.is_uppercase() && last_small {
            words.push(String::new());
        }
        last_small = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
        .iter()
        .flat_map(|word| split_capitals(word, name))
        .collect()
}

/// `LHipJoint` and `RThumb` come as one word `lhip…`: the lone first letter is a side when a
/// capital follows it in the name.
fn split_capitals(word: &str, name: &str) -> Vec<String> {
    let mut letters = name.chars().skip_while(|c| !c.is_alphanumeric());
    let (first, second) = (letters.next(), letters.next());
    let starts = matches!(first, Some('L' | 'R')) && second.is_some_and(char::is_uppercase);
    let third_small = letters.next().is_some_and(char::is_lowercase);
    let begins = first.is_some_and(|c| word.starts_with(c.to_ascii_lowercase()));
    if starts && third_small && begins && word.len() > 2 && name.to_lowercase().starts_with(word) {
        vec![word[..1].to_owned(), word[1..].to_owned()]
    } else {
        vec![word.to_owned()]
    }
}

/// `leftupleg`, `lfemur`, `hand_left` written as one small word.
fn split_side(stem: &str) -> (String, Option<Side>) {
    for (word, side) in [("left", Side::Left), ("right", Side::Right)] {
        let rest = stem.strip_prefix(word).or_else(|| stem.strip_suffix(word));
        if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
            return (rest.to_owned(), Some(side));
        }
    }
    for (word, side) in [("l", Side::Left), ("r", Side::Right)] {
        if let Some(rest) = stem.strip_prefix(word) {
            let plain = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            // `leg` is not the left `eg`: only a known limb counts.
            if sided(plain, side).is_some() {
                return (rest.to_owned(), Some(side));
            }
        }
    }
    (stem.to_owned(), None)
}
