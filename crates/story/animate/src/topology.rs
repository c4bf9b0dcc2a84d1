//! Which joint of a skeleton is which bone: by names first, by shape when names say nothing.
//!
//! Words: a *branch* is a child with everything below it; its *reach* the longest way down it.
//! Invariant: each joint is at most one bone, and a bone's joint lies below its parent bone's
//! joint.

use std::collections::BTreeSet;

use backlot_geom::glam::DVec3;
use backlot_geom::{
    HumanBone::{self, *},
    Motion, Skeleton,
};

use crate::names::{Role, Side, role_of};

/// A skeleton understood as a human.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mapping {
    /// Joint of each bone in the order of [`HumanBone::ALL`].
    pub joint_of: [Option<usize>; 22],
    pub by_shape: bool,
}

/// Bones without which nothing can be retargeted.
pub(crate) const REQUIRED: [HumanBone; 7] = [
    Hips,
    LeftUpperLeg,
    LeftLowerLeg,
    LeftFoot,
    RightUpperLeg,
    RightLowerLeg,
    RightFoot,
];

impl Mapping {
    pub fn missing(&self) -> Vec<HumanBone> {
        REQUIRED
            .into_iter()
            .filter(|bone| self.joint_of[*bone as usize].is_none())
            .collect()
    }

    pub fn joint(&self, bone: HumanBone) -> Option<usize> {
        self.joint_of[bone as usize]
    }
}

/// The best understanding of a skeleton; may lack required bones.
pub(crate) fn map(motion: &Motion) -> Mapping {
    let named = by_names(&motion.skeleton);
    if named.missing().is_empty() {
        return named;
    }
    by_shape(motion)
        .filter(|mapping| mapping.missing().is_empty())
        .unwrap_or(named)
}

fn by_names(skeleton: &Skeleton) -> Mapping {
    let roles: Vec<Option<Role>> = skeleton.joints.iter().map(|j| role_of(&j.name)).collect();
    let find = |role: Role| roles.iter().position(|found| *found == Some(role));
    let mut joint_of = [None; 22];
    for side in [Side::Left, Side::Right] {
        let slot = |l: HumanBone, r: HumanBone| {
            if side == Side::Left {
                l as usize
            } else {
                r as usize
            }
        };
        let elbow = find(Role::LowerArm(side));
        let mut upper_arm = find(Role::UpperArm(side));
        let mut collar = find(Role::Collar(side));
        let shoulder = find(Role::Shoulder(side));
        if upper_arm.is_none() {
            upper_arm = shoulder;
        } else if collar.is_none() {
            collar = shoulder;
        }
        joint_of[slot(LeftShoulder, RightShoulder)] = collar;
        joint_of[slot(LeftUpperArm, RightUpperArm)] = upper_arm;
        joint_of[slot(LeftLowerArm, RightLowerArm)] = elbow;
        joint_of[slot(LeftHand, RightHand)] = find(Role::Hand(side));
        joint_of[slot(LeftUpperLeg, RightUpperLeg)] = find(Role::UpperLeg(side));
        joint_of[slot(LeftLowerLeg, RightLowerLeg)] = find(Role::LowerLeg(side));
        let (ankle, foot, toes) = (
            find(Role::Ankle(side)),
            find(Role::Foot(side)),
            find(Role::Toes(side)),
        );
        joint_of[slot(LeftFoot, RightFoot)] = ankle.or(foot);
        joint_of[slot(LeftToes, RightToes)] = toes.or(ankle.and(foot));
    }
    joint_of[Hips as usize] = find(Role::Hips).or_else(|| {
        let legs = [
            joint_of[LeftUpperLeg as usize]?,
            joint_of[RightUpperLeg as usize]?,
        ];
        common_ancestor(skeleton, legs[0], legs[1])
    });
    joint_of[Head as usize] = find(Role::Head);
    joint_of[Neck as usize] = find(Role::Neck);
    assign_trunk(skeleton, &mut joint_of);
    keep_consistent(skeleton, &mut joint_of);
    Mapping {
        joint_of,
        by_shape: false,
    }
}

/// Joints from `low` (excluded) up the tree to `high` (excluded), lowest last; none when `high` is
/// not above `low`.
fn between(skeleton: &Skeleton, high: usize, low: usize) -> Option<Vec<usize>> {
    let mut path = Vec::new();
    let mut at = skeleton.joints[low].parent?;
    while at != high {
        path.push(at);
        at = skeleton.joints[at].parent?;
    }
    path.reverse();
    Some(path)
}

/// Spine, chest and upper chest from the joints between hips and neck.
fn assign_trunk(skeleton: &Skeleton, joint_of: &mut [Option<usize>; 22]) {
    let Some(hips) = joint_of[Hips as usize] else {
        return;
    };
    let arm = joint_of[LeftShoulder as usize].or(joint_of[LeftUpperArm as usize]);
    let top = joint_of[Neck as usize].or(joint_of[Head as usize]).or(arm);
    let Some(mut trunk) = top.and_then(|top| between(skeleton, hips, top)) else {
        return;
    };
    // A joint the arms do not hang from, above the arms, is a neck without its name.
    if joint_of[Neck as usize].is_none() && joint_of[Head as usize].is_some() {
        let carries = |joint: usize| arm.is_some_and(|arm| is_above(skeleton, joint, arm));
        if let Some(last) = trunk
            .last()
            .copied()
            .filter(|last| trunk.len() > 1 && !carries(*last))
        {
            joint_of[Neck as usize] = Some(last);
            trunk.pop();
        }
    }
    let bones: &[(HumanBone, usize)] = match trunk.len() {
        0 => &[],
        1 => &[(Spine, 0)],
        2 => &[(Spine, 0), (Chest, 1)],
        3 => &[(Spine, 0), (Chest, 1), (UpperChest, 2)],
        count => &[(Spine, 0), (Chest, count / 2), (UpperChest, count - 1)],
    };
    for (bone, index) in bones {
        joint_of[*bone as usize] = Some(trunk[*index]);
    }
}

fn is_above(skeleton: &Skeleton, high: usize, low: usize) -> bool {
    let mut at = Some(low);
    while let Some(joint) = at {
        if joint == high {
            return true;
        }
        at = skeleton.joints[joint].parent;
    }
    false
}

fn common_ancestor(skeleton: &Skeleton, a: usize, b: usize) -> Option<usize> {
    let mut at = Some(a);
    while let Some(joint) = at {
        if joint != a && joint != b && is_above(skeleton, joint, b) {
            return Some(joint);
        }
        at = skeleton.joints[joint].parent;
    }
    None
}

/// Drops a bone whose joint is taken or does not hang below its nearest mapped parent bone.
fn keep_consistent(skeleton: &Skeleton, joint_of: &mut [Option<usize>; 22]) {
    let mut taken = BTreeSet::new();
    for bone in HumanBone::ALL {
        let Some(joint) = joint_of[bone as usize] else {
            continue;
        };
        let mut above = bone.parent();
        while let Some(parent) = above.filter(|parent| joint_of[*parent as usize].is_none()) {
            above = parent.parent();
        }
        let hangs = above
            .and_then(|parent| joint_of[parent as usize])
            .is_none_or(|parent| parent != joint && is_above(skeleton, parent, joint));
        if !hangs || !taken.insert(joint) {
            joint_of[bone as usize] = None;
        }
    }
}

/// Tree of a posed skeleton: what shape can say.
struct Tree {
    children: Vec<Vec<usize>>,
    at_m: Vec<DVec3>,
    reach_m: Vec<f64>,
}

impl Tree {
    fn new(motion: &Motion) -> Self {
        let joints = &motion.skeleton.joints;
        let mut children = vec![Vec::new(); joints.len()];
        let mut reach_m = vec![0.0_f64; joints.len()];
        for joint in (1..joints.len()).rev() {
            if let Some(parent) = joints[joint].parent {
                children[parent].insert(0, joint);
                let length = joints[joint].offset_in_parent_m.length();
                reach_m[parent] = reach_m[parent].max(reach_m[joint] + length);
            }
        }
        let at_m = motion
            .world_from_joints(0)
            .iter()
            .map(|world| world.translation)
            .collect();
        Self {
            children,
            at_m,
            reach_m,
        }
    }

    /// The chain down a branch, always along the longest way.
    fn chain(&self, from: usize) -> Vec<usize> {
        let mut chain = vec![from];
        let mut at = from;
        while let Some(next) = self.longest(at) {
            chain.push(next);
            at = next;
        }
        chain
    }

    fn longest(&self, joint: usize) -> Option<usize> {
        let length =
            |child: &usize| self.reach_m[*child] + self.at_m[*child].distance(self.at_m[joint]);
        self.children[joint]
            .iter()
            .copied()
            .max_by(|a, b| length(a).total_cmp(&length(b)))
    }

    /// Two branches of about equal length that end lowest, and the longest of the rest.
    fn pair(&self, joint: usize, lowest: bool) -> Option<[usize; 2]> {
        let mut best: Option<(f64, [usize; 2])> = None;
        for (index, a) in self.children[joint].iter().enumerate() {
            for b in &self.children[joint][index + 1..] {
                let (la, lb) = (self.whole(joint, *a), self.whole(joint, *b));
                if la.min(lb) < 0.8 * la.max(lb) || la.max(lb) < 1e-6 {
                    continue;
                }
                let end =
                    |branch: usize| self.at_m[*self.chain(branch).last().unwrap_or(&branch)].y;
                let score = if lowest {
                    -(end(*a) + end(*b))
                } else {
                    la + lb
                };
                if best.is_none_or(|(known, _)| score > known) {
                    best = Some((score, [*a, *b]));
                }
            }
        }
        best.map(|(_, pair)| pair)
    }

    fn whole(&self, joint: usize, branch: usize) -> f64 {
        self.reach_m[branch] + self.at_m[branch].distance(self.at_m[joint])
    }
}

/// Legs are two equal branches that end lowest; arms two equal branches of a joint above them; the
/// head is the third branch there. Read from the first frame's pose.
fn by_shape(motion: &Motion) -> Option<Mapping> {
    let tree = Tree::new(motion);
    let hips = (0..tree.children.len()).find(|joint| tree.children[*joint].len() >= 3)?;
    let legs = tree.pair(hips, true)?;
    let trunk_root = tree.children[hips]
        .iter()
        .copied()
        .find(|child| !legs.contains(child))?;
    let mut trunk = vec![trunk_root];
    while tree.children[*trunk.last()?].len() == 1 {
        trunk.push(tree.children[*trunk.last()?][0]);
    }
    let chest = *trunk.last()?;
    let arms = tree.pair(chest, false)?;
    let neck = tree.children[chest]
        .iter()
        .copied()
        .find(|child| !arms.contains(child));
    let leg_chains = legs.map(|leg| tree.chain(leg));
    if leg_chains.iter().any(|chain| chain.len() < 3) {
        return None;
    }
    let swap = !is_left_first(&tree, &leg_chains, chest, hips);
    let mut joint_of = [None; 22];
    joint_of[Hips as usize] = Some(hips);
    let order = if swap { [1, 0] } else { [0, 1] };
    let leg_bones = [
        [LeftUpperLeg, LeftLowerLeg, LeftFoot, LeftToes],
        [RightUpperLeg, RightLowerLeg, RightFoot, RightToes],
    ];
    for (bones, chain) in leg_bones.iter().zip(order.map(|index| &leg_chains[index])) {
        for (bone, joint) in bones.iter().zip(chain) {
            joint_of[*bone as usize] = Some(*joint);
        }
    }
    place_arms(&tree, arms, (&leg_chains, order), &mut joint_of);
    place_head(&tree, neck, &mut joint_of);
    let bones: &[(HumanBone, usize)] = match trunk.len() {
        1 => &[(Spine, 0)],
        2 => &[(Spine, 0), (Chest, 1)],
        count => &[(Spine, 0), (Chest, count / 2), (UpperChest, count - 1)],
    };
    for (bone, index) in bones {
        joint_of[*bone as usize] = Some(trunk[*index]);
    }
    keep_consistent(&motion.skeleton, &mut joint_of);
    Some(Mapping {
        joint_of,
        by_shape: true,
    })
}

/// Whether the first leg is the left one: feet point forward, and left is up cross forward.
fn is_left_first(tree: &Tree, legs: &[Vec<usize>; 2], chest: usize, hips: usize) -> bool {
    let up = tree.at_m[chest] - tree.at_m[hips];
    let toward: DVec3 = legs
        .iter()
        .map(|chain| {
            let ankle = tree.at_m[chain[2]];
            let toe = chain.get(3).map_or(ankle, |toe| tree.at_m[*toe]);
            // Without toes the knee says it: it bends forward.
            let knee = tree.at_m[chain[1]] - 0.5 * (tree.at_m[chain[0]] + ankle);
            if toe.distance(ankle) > 1e-6 {
                toe - ankle
            } else {
                knee
            }
        })
        .sum();
    let left = up.cross(toward);
    left.dot(tree.at_m[legs[0][0]] - tree.at_m[legs[1][0]]) >= 0.0
}

fn place_arms(
    tree: &Tree,
    arms: [usize; 2],
    legs: (&[Vec<usize>; 2], [usize; 2]),
    joint_of: &mut [Option<usize>; 22],
) {
    let (leg_chains, order) = legs;
    let left_hip = tree.at_m[leg_chains[order[0]][0]] - tree.at_m[leg_chains[order[1]][0]];
    let swap = left_hip.dot(tree.at_m[arms[0]] - tree.at_m[arms[1]]) < 0.0;
    let arms = if swap { [arms[1], arms[0]] } else { arms };
    let bones = [
        [LeftShoulder, LeftUpperArm, LeftLowerArm, LeftHand],
        [RightShoulder, RightUpperArm, RightLowerArm, RightHand],
    ];
    for (bones, arm) in bones.iter().zip(arms) {
        let chain = tree.chain(arm);
        // A chain of three has no collar bone.
        let skip = usize::from(chain.len() < 4);
        for (bone, joint) in bones.iter().skip(skip).zip(chain) {
            joint_of[*bone as usize] = Some(joint);
        }
    }
}

fn place_head(tree: &Tree, neck: Option<usize>, joint_of: &mut [Option<usize>; 22]) {
    let Some(neck) = neck else { return };
    let chain = tree.chain(neck);
    if let Some(second) = chain.get(1) {
        joint_of[Neck as usize] = Some(neck);
        joint_of[Head as usize] = Some(*second);
    } else {
        joint_of[Head as usize] = Some(neck);
    }
}
