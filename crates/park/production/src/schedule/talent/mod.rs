//! Talent scheduling: order scenes so that people are paid for as little waiting as possible.
//!
//! Words: an actor is paid his *wage* per unit of time from the first to the last scene that
//! needs him; a scene in between that does not need him is *waiting*. The *base* is what is paid
//! for the scenes themselves, whatever the order.
//!
//! Source: Cheng, Diamond, Lin, "Optimal scheduling in film production to minimize talent hold
//! cost" (1993); Garcia de la Banda, Stuckey, Chu, "Solving talent scheduling with dynamic
//! programming" (2011). Reading order: [`read`], `reduce`, `local` (upper bound), `bound` and
//! `search` (proof), `groups` (lower bound of instances beyond proof).

mod bound;
mod groups;
mod local;
mod read;
mod reduce;
mod search;

pub use read::{ReadError, read};

use serde::Serialize;

/// Most scenes one instance may have.
pub const MAX_SCENES: usize = 2_048;
/// Most actors one instance may have.
pub const MAX_ACTORS: usize = 1_024;
/// Highest possible cost of one instance: safe in JSON numbers.
pub const MAX_COST: u64 = 1 << 53;

/// Why an instance or an order was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TalentError {
    /// More scenes or actors than this solver accepts.
    #[error("{what}: {found} given, at most {limit} are accepted")]
    TooMany {
        what: &'static str,
        found: usize,
        limit: usize,
    },
    /// The cost could exceed [`MAX_COST`].
    #[error("wages times durations exceed 2^53; give them in larger units")]
    TooLarge,
    /// An actor names a scene that does not exist.
    #[error("actor {actor} needs scene {scene}, but there are {scenes} scenes (0-based)")]
    UnknownScene {
        actor: usize,
        scene: usize,
        scenes: usize,
    },
    /// An order is not a permutation of all scenes.
    #[error("the order must name each of the {scenes} scenes once; position {position} does not")]
    NotAnOrder { scenes: usize, position: usize },
}

/// One person: what a unit of time costs and which scenes need the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// Pay per unit of time.
    pub wage: u64,
    /// Scenes that need the actor, 0-based, ascending, each once.
    pub scenes: Vec<usize>,
}

/// A validated talent-scheduling instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instance {
    name: String,
    durations: Vec<u64>,
    actors: Vec<Actor>,
}

impl Instance {
    /// Checks sizes, scene numbers and that no cost can overflow.
    ///
    /// # Errors
    /// [`TalentError`], saying what is too many, too large or unknown.
    pub fn new(
        name: String,
        durations: Vec<u64>,
        mut actors: Vec<Actor>,
    ) -> Result<Self, TalentError> {
        within("scenes", durations.len(), MAX_SCENES)?;
        within("actors", actors.len(), MAX_ACTORS)?;
        for (index, actor) in actors.iter_mut().enumerate() {
            actor.scenes.sort_unstable();
            actor.scenes.dedup();
            if let Some(&scene) = actor.scenes.iter().find(|&&s| s >= durations.len()) {
                return Err(TalentError::UnknownScene {
                    actor: index,
                    scene,
                    scenes: durations.len(),
                });
            }
        }
        let time: u128 = durations.iter().map(|&d| u128::from(d)).sum();
        let wages: u128 = actors.iter().map(|a| u128::from(a.wage)).sum();
        if time.max(1).saturating_mul(wages.max(1)) > u128::from(MAX_COST) {
            return Err(TalentError::TooLarge);
        }
        Ok(Self {
            name,
            durations,
            actors,
        })
    }

    /// The instance's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Duration of each scene.
    #[must_use]
    pub fn durations(&self) -> &[u64] {
        &self.durations
    }

    /// The actors in file order.
    #[must_use]
    pub fn actors(&self) -> &[Actor] {
        &self.actors
    }

    /// What the scenes themselves cost: the part no order can change.
    #[must_use]
    pub fn base_cost(&self) -> u64 {
        let played = |a: &Actor| a.scenes.iter().map(|&s| self.durations[s]).sum::<u64>();
        self.actors.iter().map(|a| a.wage * played(a)).sum()
    }

    /// The cost of shooting in `order` (0-based scene numbers), by the definition.
    ///
    /// # Errors
    /// [`TalentError::NotAnOrder`] when `order` is not a permutation of the scenes.
    pub fn cost(&self, order: &[usize]) -> Result<u64, TalentError> {
        let scenes = self.durations.len();
        let mut starts = vec![None; scenes];
        let mut clock = 0;
        for (position, &scene) in order.iter().enumerate() {
            match starts.get_mut(scene) {
                Some(start @ None) => *start = Some(clock),
                _ => return Err(TalentError::NotAnOrder { scenes, position }),
            }
            clock += self.durations[scene];
        }
        if order.len() != scenes {
            let position = order.len();
            return Err(TalentError::NotAnOrder { scenes, position });
        }
        let mut total = 0;
        for actor in &self.actors {
            let times = actor
                .scenes
                .iter()
                .filter_map(|&s| starts[s].map(|t| (t, s)));
            let first = times.clone().map(|(t, _)| t).min();
            let last = times.map(|(t, s)| t + self.durations[s]).max();
            if let (Some(first), Some(last)) = (first, last) {
                total += actor.wage * (last - first);
            }
        }
        Ok(total)
    }
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), TalentError> {
    if found > limit {
        return Err(TalentError::TooMany { what, found, limit });
    }
    Ok(())
}

/// How hard to try. The same effort gives the same answer unless the callback stops the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Seed of the local search.
    pub seed: u64,
    /// Random restarts of the local search.
    pub kicks: u32,
    /// Scene sets kept at most (16 bytes each, up to twice that while a table grows).
    pub max_states: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            seed: 1,
            kicks: 24,
            max_states: 24_000_000,
        }
    }
}

/// An order with its cost and how good it is known to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Solution {
    /// Scenes in shooting order, 0-based.
    pub order: Vec<usize>,
    /// Cost of `order`.
    pub cost: u64,
    /// No order costs less than this.
    pub bound: u64,
    /// `cost == bound`.
    pub proven: bool,
    /// Scene sets looked at.
    pub states: usize,
}

impl Solution {
    /// Distance to the bound in parts per million of the cost; 0 when proven.
    #[must_use]
    pub fn gap_ppm(&self) -> u64 {
        let gap = u128::from(self.cost - self.bound) * 1_000_000;
        gap.div_ceil(u128::from(self.cost.max(1))) as u64
    }
}

/// Finds a cheap order and the best lower bound that the effort allows.
///
/// `keep_going` is asked now and then; once it answers false the best order so far is returned
/// with a valid bound.
#[must_use]
pub fn solve(
    instance: &Instance,
    effort: &Effort,
    keep_going: &mut dyn FnMut() -> bool,
) -> Solution {
    let reduced = reduce::reduce(instance);
    let mut found = local::descend(&reduced, effort, keep_going);
    let mut bound = 0;
    let mut states = 0;
    if let Some(masks) = reduced.masks() {
        let outcome = search::prove(&masks, found.waiting, effort.max_states, keep_going);
        if let Some((order, waiting)) = outcome.better {
            found = local::Found { order, waiting };
        }
        bound = outcome.bound;
        states = outcome.states;
    }
    if bound < found.waiting {
        bound = bound.max(groups::bound(&reduced, effort, keep_going));
    }
    let order = reduced.expand(&found.order);
    let cost = found.waiting + instance.base_cost();
    let bound = bound.min(found.waiting) + instance.base_cost();
    Solution {
        order,
        cost,
        bound,
        proven: cost == bound,
        states,
    }
}
