//! Lower bound of the waiting that a started order still has to pay.
//!
//! Actors *on location* (started, not finished) leave in some order. Whoever leaves later waits
//! through every remaining scene of those who left before and that does not need him. The cheapest
//! order of leaving is found exactly for small sets of actors by a table over their subsets;
//! disjoint sets add up because every set counts only its own actors' waiting. With sets of two
//! this is the pair bound of Garcia de la Banda, Stuckey, Chu (2011), section 4.

use super::reduce::Masks;

/// Actors that are bounded together: the table has `2^SET` entries.
const SET: usize = 6;

/// Sums over bit masks by table, one byte at a time.
pub(crate) struct Sums {
    tables: Vec<[u64; 256]>,
}

impl Sums {
    pub(crate) fn new(values: &[u64]) -> Self {
        let mut tables = Vec::new();
        for chunk in values.chunks(8) {
            let mut table = [0u64; 256];
            for byte in 1usize..256 {
                let bit = byte.trailing_zeros() as usize;
                let value = chunk.get(bit).copied().unwrap_or(0);
                table[byte] = table[byte & (byte - 1)] + value;
            }
            tables.push(table);
        }
        Self { tables }
    }

    pub(crate) fn of(&self, mut mask: u64) -> u64 {
        let mut total = 0;
        for table in &self.tables {
            total += table[(mask & 255) as usize];
            mask >>= 8;
        }
        total
    }
}

/// What the bound needs to know of the instance.
pub(crate) struct Bounder<'a> {
    pub masks: &'a Masks,
    pub durations: &'a Sums,
}

impl Bounder<'_> {
    /// Waiting still to pay when `on_location` actors wait for scenes of `rest`.
    pub(crate) fn completion(&self, on_location: u64, rest: u64) -> u64 {
        let mut total = 0;
        let mut left = on_location;
        let mut set = [(0u64, 0u64); SET];
        while left.count_ones() > 1 {
            let mut size = 0;
            while left != 0 && size < SET {
                let actor = left.trailing_zeros() as usize;
                left &= left - 1;
                set[size] = (self.masks.scenes_of[actor] & rest, self.masks.wages[actor]);
                size += 1;
            }
            total += self.departures(&set[..size]);
        }
        total
    }

    /// The cheapest order of leaving of one set of (remaining scenes, wage).
    fn departures(&self, set: &[(u64, u64)]) -> u64 {
        let mut scenes = [0u64; 1 << SET];
        let mut cost = [0u64; 1 << SET];
        let full = 1usize << set.len();
        for gone in 1..full {
            let low = gone.trailing_zeros() as usize;
            scenes[gone] = scenes[gone & (gone - 1)] | set[low].0;
            if gone.is_power_of_two() {
                continue;
            }
            let mut best = u64::MAX;
            let mut left = gone;
            while left != 0 {
                let last = left.trailing_zeros() as usize;
                left &= left - 1;
                let before = gone & !(1 << last);
                let waited = self.durations.of(scenes[before] & !set[last].0);
                best = best.min(cost[before] + waited * set[last].1);
            }
            cost[gone] = best;
        }
        cost[full - 1]
    }
}
