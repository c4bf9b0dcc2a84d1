//! Makes an instance smaller without changing its best order's waiting.
//!
//! Actors who cannot wait (no wage, or one scene) are dropped; scenes that need the same actors
//! become one *group* (Garcia de la Banda et al. 2011, section 3); scenes that need nobody left
//! go to the end. Repeated until nothing changes, since each step can enable the other.

use super::Instance;
use std::collections::BTreeMap;

/// Scenes that are shot one after another.
pub(crate) struct Group {
    /// The original scenes.
    pub members: Vec<usize>,
    /// Reduced actor numbers, ascending.
    pub actors: Vec<usize>,
    pub duration: u64,
}

/// A reduced instance: waiting only, no base.
pub(crate) struct Reduced {
    pub groups: Vec<Group>,
    pub wages: Vec<u64>,
    /// Original scenes that make nobody wait when shot last.
    pub tail: Vec<usize>,
}

/// The same in bit masks, for at most 64 groups and 64 actors.
pub(crate) struct Masks {
    /// Actors of each scene.
    pub actors_of: Vec<u64>,
    /// Scenes of each actor.
    pub scenes_of: Vec<u64>,
    pub durations: Vec<u64>,
    pub wages: Vec<u64>,
}

pub(crate) fn reduce(instance: &Instance) -> Reduced {
    let mut cast_of: Vec<Vec<usize>> = vec![Vec::new(); instance.durations().len()];
    for (index, actor) in instance.actors().iter().enumerate() {
        if actor.wage > 0 {
            for &scene in &actor.scenes {
                cast_of[scene].push(index);
            }
        }
    }
    let mut groups: Vec<Group> = cast_of
        .into_iter()
        .enumerate()
        .map(|(scene, actors)| Group {
            members: vec![scene],
            actors,
            duration: instance.durations()[scene],
        })
        .collect();
    let mut tail = Vec::new();
    loop {
        let before = groups.len();
        groups = merge(groups, &mut tail);
        let dropped = drop_single(&mut groups, instance.actors().len());
        if !dropped && groups.len() == before {
            break;
        }
    }
    renumber(instance, groups, tail)
}

/// Joins groups with the same actors; groups without actors go to `tail`.
fn merge(groups: Vec<Group>, tail: &mut Vec<usize>) -> Vec<Group> {
    let mut seen: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut merged: Vec<Group> = Vec::new();
    for mut group in groups {
        if group.actors.is_empty() {
            tail.append(&mut group.members);
        } else if let Some(&at) = seen.get(&group.actors) {
            merged[at].members.append(&mut group.members);
            merged[at].duration += group.duration;
        } else {
            seen.insert(group.actors.clone(), merged.len());
            merged.push(group);
        }
    }
    merged
}

/// Removes actors that appear in one group only; says whether there was one.
fn drop_single(groups: &mut [Group], actors: usize) -> bool {
    let mut count = vec![0usize; actors];
    for &actor in groups.iter().flat_map(|g| &g.actors) {
        count[actor] += 1;
    }
    for group in groups.iter_mut() {
        group.actors.retain(|&actor| count[actor] > 1);
    }
    count.contains(&1)
}

fn renumber(instance: &Instance, mut groups: Vec<Group>, tail: Vec<usize>) -> Reduced {
    let mut new_number = BTreeMap::new();
    for &actor in groups.iter().flat_map(|g| &g.actors) {
        new_number.insert(actor, 0);
    }
    let mut wages = Vec::new();
    for (actor, number) in &mut new_number {
        *number = wages.len();
        wages.push(instance.actors()[*actor].wage);
    }
    for actor in groups.iter_mut().flat_map(|g| &mut g.actors) {
        *actor = new_number[actor];
    }
    Reduced {
        groups,
        wages,
        tail,
    }
}

impl Reduced {
    /// Waiting cost of an order of groups.
    pub(crate) fn waiting(&self, order: &[usize], scratch: &mut Scratch) -> u64 {
        scratch.first.clear();
        scratch.first.resize(self.wages.len(), u64::MAX);
        scratch.last.clear();
        scratch.last.resize(self.wages.len(), 0);
        scratch.played.clear();
        scratch.played.resize(self.wages.len(), 0);
        let mut clock = 0;
        for &index in order {
            let group = &self.groups[index];
            for &actor in &group.actors {
                scratch.first[actor] = scratch.first[actor].min(clock);
                scratch.last[actor] = clock + group.duration;
                scratch.played[actor] += group.duration;
            }
            clock += group.duration;
        }
        let mut total = 0;
        for (actor, wage) in self.wages.iter().enumerate() {
            if scratch.first[actor] != u64::MAX {
                let span = scratch.last[actor] - scratch.first[actor];
                total += wage * (span - scratch.played[actor]);
            }
        }
        total
    }

    /// Original scenes in the order of the groups, idle scenes last.
    pub(crate) fn expand(&self, order: &[usize]) -> Vec<usize> {
        let members = order.iter().flat_map(|&g| self.groups[g].members.iter());
        members.chain(&self.tail).copied().collect()
    }

    /// Bit masks, when the instance is small enough for them.
    pub(crate) fn masks(&self) -> Option<Masks> {
        if self.groups.len() > 64 || self.wages.len() > 64 {
            return None;
        }
        let mut scenes_of = vec![0u64; self.wages.len()];
        let mut actors_of = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let mut mask = 0u64;
            for &actor in &group.actors {
                scenes_of[actor] |= 1 << index;
                mask |= 1 << actor;
            }
            actors_of.push(mask);
        }
        Some(Masks {
            actors_of,
            scenes_of,
            durations: self.groups.iter().map(|g| g.duration).collect(),
            wages: self.wages.clone(),
        })
    }
}

/// Reused memory of [`Reduced::waiting`].
#[derive(Default)]
pub(crate) struct Scratch {
    first: Vec<u64>,
    last: Vec<u64>,
    played: Vec<u64>,
}
