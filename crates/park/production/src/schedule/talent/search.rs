//! Proof by dynamic programming over scene sets that meets in the middle.
//!
//! `f(S)` is the least waiting paid while the scenes `S` are shot first, the rest afterwards. A
//! scene `s` shot after `S` makes everybody wait who has started, has not finished and is not in
//! `s`; that does not depend on the order inside `S`. Read backwards, an order costs the same, so
//! the best end that shoots `T` last costs `f(T)` too. Hence the optimum is the minimum of
//! `f(S) + f(rest)` over the sets of half the scenes: one table of half the depth serves both ends
//! (the double-ended idea of Garcia de la Banda et al. 2011 and Zhang et al. 2014, made symmetric).
//!
//! Invariant: a set is left out only if `f(S)` plus the bound of the rest reaches the cost of an
//! order already known, so every set on a better order's way, from either end, is in the table.

use super::bound::{Bounder, Sums};
use super::reduce::Masks;

/// What the search can say.
pub(crate) struct Outcome {
    /// A cheaper order of groups than the one given, if there is one.
    pub better: Option<(Vec<usize>, u64)>,
    /// No order waits less.
    pub bound: u64,
    pub states: usize,
}

/// Looks for an order that waits less than `known`, or proves that there is none.
pub(crate) fn prove(
    masks: &Masks,
    known: u64,
    max_states: usize,
    keep_going: &mut dyn FnMut() -> bool,
) -> Outcome {
    let durations = Sums::new(&masks.durations);
    let wages = Sums::new(&masks.wages);
    let mut search = Search {
        bounder: Bounder {
            masks,
            durations: &durations,
        },
        wages: &wages,
        all: low_bits(masks.actors_of.len()),
        layers: vec![Table::with(0, 0)],
        states: 1,
        bound: 0,
    };
    let deep = masks.actors_of.len().div_ceil(2);
    let mut finished = known > 0;
    for _ in 0..deep {
        if !finished {
            break;
        }
        finished = search.expand(known, max_states, keep_going);
    }
    if !finished {
        return Outcome {
            better: None,
            bound: search.bound.min(known),
            states: search.states,
        };
    }
    let better = search.meet(known);
    let bound = better.as_ref().map_or(known, |(_, waiting)| *waiting);
    Outcome {
        better,
        bound,
        states: search.states,
    }
}

fn low_bits(count: usize) -> u64 {
    if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

struct Search<'a> {
    bounder: Bounder<'a>,
    wages: &'a Sums,
    /// All scenes.
    all: u64,
    /// `layers[k]`: sets of `k` scenes with `f`.
    layers: Vec<Table>,
    states: usize,
    bound: u64,
}

impl Search<'_> {
    /// Actors who have started in `shot` and still have scenes.
    fn on_location(&self, shot: u64) -> u64 {
        let rest = self.all & !shot;
        let mut mask = 0;
        for (actor, &scenes) in self.bounder.masks.scenes_of.iter().enumerate() {
            if scenes & shot != 0 && scenes & rest != 0 {
                mask |= 1 << actor;
            }
        }
        mask
    }

    fn step(&self, on_location: u64, scene: usize) -> u64 {
        let masks = self.bounder.masks;
        masks.durations[scene] * self.wages.of(on_location & !masks.actors_of[scene])
    }

    /// Adds the next layer; false when the budget ran out.
    fn expand(
        &mut self,
        known: u64,
        max_states: usize,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> bool {
        let Some(layer) = self.layers.last() else {
            return false;
        };
        let mut next = Table::empty();
        let mut lowest = known;
        for (count, (shot, cost)) in layer.iter().enumerate() {
            if count % 4096 == 0 && (!keep_going() || self.states + next.len > max_states) {
                return false;
            }
            let rest = self.all & !shot;
            let on_location = self.on_location(shot);
            let total = cost + self.bounder.completion(on_location, rest);
            lowest = lowest.min(total);
            if total >= known {
                continue;
            }
            let mut left = rest;
            while left != 0 {
                let scene = left.trailing_zeros() as usize;
                left &= left - 1;
                let through = cost + self.step(on_location, scene);
                if through < known {
                    next.lower(shot | 1 << scene, through);
                }
            }
        }
        self.bound = self.bound.max(lowest);
        self.states += next.len;
        self.layers.push(next);
        true
    }

    /// Joins beginnings and ends of half the scenes.
    fn meet(&self, known: u64) -> Option<(Vec<usize>, u64)> {
        let scenes = self.all.count_ones() as usize;
        let (begins, ends) = (
            self.layers.get(scenes / 2)?,
            self.layers.get(scenes.div_ceil(2))?,
        );
        let mut best: Option<(u64, u64)> = None;
        for (shot, cost) in begins.iter() {
            let Some(end) = ends.get(self.all & !shot) else {
                continue;
            };
            let total = (cost + end, shot);
            if total.0 < known && best.is_none_or(|best| total < best) {
                best = Some(total);
            }
        }
        let (waiting, shot) = best?;
        let mut order = self.path(shot);
        let mut end = self.path(self.all & !shot);
        end.reverse();
        order.append(&mut end);
        Some((order, waiting))
    }

    /// An order of `shot` that costs `f(shot)`, read back from the table.
    fn path(&self, mut shot: u64) -> Vec<usize> {
        let mut order = Vec::new();
        while shot != 0 {
            let layer = &self.layers[shot.count_ones() as usize - 1];
            let here = self.layers[shot.count_ones() as usize].get(shot);
            let mut left = shot;
            let mut last = shot.trailing_zeros() as usize;
            while left != 0 {
                let scene = left.trailing_zeros() as usize;
                left &= left - 1;
                let before = shot & !(1 << scene);
                let through = layer
                    .get(before)
                    .map(|cost| cost + self.step(self.on_location(before), scene));
                if through.is_some() && through == here {
                    last = scene;
                    break;
                }
            }
            order.push(last);
            shot &= !(1 << last);
        }
        order.reverse();
        order
    }
}

/// Scene sets with costs: open addressing, no removal.
struct Table {
    /// `(set, cost)`; a cost of `u64::MAX` marks a free slot.
    slots: Vec<(u64, u64)>,
    len: usize,
}

impl Table {
    fn empty() -> Self {
        Self {
            slots: vec![(0, u64::MAX); 64],
            len: 0,
        }
    }

    fn with(set: u64, cost: u64) -> Self {
        let mut table = Self::empty();
        table.lower(set, cost);
        table
    }

    fn slot(&self, set: u64) -> usize {
        let bits = self.slots.len().trailing_zeros();
        let mut at = (set.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize;
        while self.slots[at].1 != u64::MAX && self.slots[at].0 != set {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn get(&self, set: u64) -> Option<u64> {
        let cost = self.slots[self.slot(set)].1;
        (cost != u64::MAX).then_some(cost)
    }

    /// Keeps the lower of the known and the new cost.
    fn lower(&mut self, set: u64, cost: u64) {
        let at = self.slot(set);
        if self.slots[at].1 == u64::MAX {
            self.len += 1;
        }
        if cost < self.slots[at].1 {
            self.slots[at] = (set, cost);
        }
        if self.len * 3 > self.slots.len() * 2 {
            let bigger = vec![(0, u64::MAX); self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, bigger);
            for (set, cost) in old.into_iter().filter(|slot| slot.1 != u64::MAX) {
                let at = self.slot(set);
                self.slots[at] = (set, cost);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.slots.iter().copied().filter(|slot| slot.1 != u64::MAX)
    }
}
