//! Lower bound of instances beyond proof: split the cast, prove each part.
//!
//! An order of all scenes is also an order for any part of the cast, and every part pays only its
//! own people. So the optima of disjoint parts add up to a lower bound. Parts are chosen so that
//! people who share a set of expensive scenes and exclude each other elsewhere stay together.

use super::reduce::Reduced;
use super::{Actor, Effort, Instance, local, reduce, search};

/// People per part: at most `2^PART` different scenes are left.
const PART: usize = 7;

/// Waiting that no order of `reduced` can avoid.
pub(crate) fn bound(
    reduced: &Reduced,
    effort: &Effort,
    keep_going: &mut dyn FnMut() -> bool,
) -> u64 {
    let actors = people(reduced);
    let mut total = 0;
    for part in parts(&actors, reduced) {
        if !keep_going() {
            break;
        }
        let cast = part.iter().map(|&a| actors[a].clone()).collect();
        let durations = reduced.groups.iter().map(|g| g.duration).collect();
        let Ok(instance) = Instance::new(String::new(), durations, cast) else {
            continue;
        };
        let small = reduce::reduce(&instance);
        let effort = Effort {
            kicks: effort.kicks.min(8),
            max_states: effort.max_states / 8,
            ..*effort
        };
        let upper = local::descend(&small, &effort, keep_going);
        if let Some(masks) = small.masks() {
            total += search::prove(&masks, upper.waiting, effort.max_states, keep_going).bound;
        }
    }
    total
}

fn people(reduced: &Reduced) -> Vec<Actor> {
    let mut actors: Vec<Actor> = reduced
        .wages
        .iter()
        .map(|&wage| Actor {
            wage,
            scenes: Vec::new(),
        })
        .collect();
    for (index, group) in reduced.groups.iter().enumerate() {
        for &actor in &group.actors {
            actors[actor].scenes.push(index);
        }
    }
    actors
}

/// Greedy parts: the dearest free person, then whoever clashes most with the part so far.
fn parts(actors: &[Actor], reduced: &Reduced) -> Vec<Vec<usize>> {
    let time = |a: &Actor| -> u64 { a.scenes.iter().map(|&s| reduced.groups[s].duration).sum() };
    let mut free: Vec<usize> = (0..actors.len()).collect();
    free.sort_by_key(|&a| (std::cmp::Reverse(actors[a].wage * time(&actors[a])), a));
    let mut parts = Vec::new();
    while !free.is_empty() {
        let mut part = vec![free.remove(0)];
        while part.len() < PART && !free.is_empty() {
            let clash_with_part = |&a: &usize| -> u64 {
                part.iter()
                    .map(|&b| clash(&actors[a], &actors[b], reduced))
                    .sum()
            };
            let clashes: Vec<u64> = free.iter().map(clash_with_part).collect();
            let best = (0..free.len()).max_by_key(|&i| (clashes[i], std::cmp::Reverse(i)));
            part.push(free.remove(best.unwrap_or(0)));
        }
        parts.push(part);
    }
    parts
}

/// Waiting if one of two people is kept while the other plays alone: 0 when they never meet.
fn clash(a: &Actor, b: &Actor, reduced: &Reduced) -> u64 {
    let alone = |x: &Actor, y: &Actor| -> u64 {
        let only = x.scenes.iter().filter(|s| !y.scenes.contains(s));
        only.map(|&s| reduced.groups[s].duration).sum()
    };
    if !a.scenes.iter().any(|s| b.scenes.contains(s)) {
        return 0;
    }
    (alone(a, b) * b.wage).min(alone(b, a) * a.wage)
}
