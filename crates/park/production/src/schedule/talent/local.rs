//! Upper bound: insertion descent with random kicks.
//!
//! A step takes one group out and puts it back where the order becomes cheapest; when no step
//! helps, a few groups are thrown about and the descent starts again from the best order.

use super::super::rng::Rng;
use super::Effort;
use super::reduce::{Reduced, Scratch};

/// An order of groups and its waiting cost.
#[derive(Clone)]
pub(crate) struct Found {
    pub order: Vec<usize>,
    pub waiting: u64,
}

pub(crate) fn descend(
    reduced: &Reduced,
    effort: &Effort,
    keep_going: &mut dyn FnMut() -> bool,
) -> Found {
    let mut scratch = Scratch::default();
    let mut rng = Rng::new(effort.seed);
    let order: Vec<usize> = (0..reduced.groups.len()).collect();
    let waiting = reduced.waiting(&order, &mut scratch);
    let mut best = Found { order, waiting };
    improve(reduced, &mut best, &mut scratch, keep_going);
    for _ in 0..effort.kicks {
        if best.order.len() < 3 || best.waiting == 0 || !keep_going() {
            break;
        }
        let mut next = best.clone();
        kick(&mut next.order, &mut rng);
        next.waiting = reduced.waiting(&next.order, &mut scratch);
        improve(reduced, &mut next, &mut scratch, keep_going);
        if next.waiting <= best.waiting {
            best = next;
        }
    }
    best
}

/// Moves a random stretch elsewhere, perhaps reversed, and one or two single groups.
fn kick(order: &mut Vec<usize>, rng: &mut Rng) {
    let len = order.len();
    let size = 1 + rng.below(len.div_ceil(2));
    let from = rng.below(len - size + 1);
    let mut piece: Vec<usize> = order.drain(from..from + size).collect();
    if rng.below(2) == 0 {
        piece.reverse();
    }
    let at = rng.below(order.len() + 1);
    order.splice(at..at, piece);
    for _ in 0..1 + rng.below(3) {
        let group = order.remove(rng.below(len));
        order.insert(rng.below(len), group);
    }
}

/// Best insertion of each group in turn until a whole round changes nothing.
fn improve(
    reduced: &Reduced,
    found: &mut Found,
    scratch: &mut Scratch,
    keep_going: &mut dyn FnMut() -> bool,
) {
    loop {
        let before = found.waiting;
        for group in 0..reduced.groups.len() {
            if !keep_going() {
                return;
            }
            reinsert(reduced, found, group, scratch);
        }
        if found.waiting >= before {
            return;
        }
    }
}

fn reinsert(reduced: &Reduced, found: &mut Found, group: usize, scratch: &mut Scratch) {
    let Some(from) = found.order.iter().position(|&g| g == group) else {
        return;
    };
    let mut trial = found.order.clone();
    trial.remove(from);
    trial.insert(0, group);
    let mut best = (found.waiting, from);
    for at in 0..trial.len() {
        if at > 0 {
            trial.swap(at - 1, at);
        }
        let waiting = reduced.waiting(&trial, scratch);
        if waiting < best.0 {
            best = (waiting, at);
        }
    }
    if best.0 < found.waiting {
        found.order.remove(from);
        found.order.insert(best.1, group);
        found.waiting = best.0;
    }
}
