//! Talent scheduling: every public instance is proven, small ones agree with brute force, and
//! the reader survives anything.

use backlot_production::schedule::talent::{self, Actor, Effort, Instance};
use proptest::prelude::*;
use std::path::PathBuf;

fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/production/schedule");
    if !folder.is_dir() {
        println!("skipped: shared/data/production/schedule is absent");
        return None;
    }
    Some(folder)
}

/// The cost by scanning the file's own matrix, column by column: no code of the crate.
fn recost(text: &str, order: &[usize]) -> u64 {
    let numbers: Vec<u64> = text
        .lines()
        .skip(1)
        .flat_map(str::split_whitespace)
        .map(|w| w.parse().unwrap())
        .collect();
    let (n, m) = (numbers[0] as usize, numbers[1] as usize);
    let row = |a: usize| &numbers[2 + a * (n + 1)..2 + (a + 1) * (n + 1)];
    let durations = &numbers[2 + m * (n + 1)..];
    let mut named = order.to_vec();
    named.sort_unstable();
    assert_eq!(named, (0..n).collect::<Vec<_>>());
    let mut total = 0;
    for at in 0..order.len() {
        for a in (0..m).map(row) {
            let until_now = order[..=at].iter().any(|&s| a[s] == 1);
            let from_now = order[at..].iter().any(|&s| a[s] == 1);
            if until_now && from_now {
                total += a[n] * durations[order[at]];
            }
        }
    }
    total
}

#[test]
fn every_public_instance_is_proven_at_its_published_optimum() {
    let Some(folder) = data() else { return };
    let table = std::fs::read_to_string(folder.join("optima.csv")).unwrap();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let text = std::fs::read_to_string(folder.join(cells[0])).unwrap();
        let instance = talent::read(text.as_bytes()).unwrap();
        let in_file_order: Vec<usize> = (0..cells[1].parse().unwrap()).collect();
        assert_eq!(instance.cost(&in_file_order).unwrap().to_string(), cells[4]);
        for seed in [1, 2, 3] {
            let effort = Effort {
                seed,
                ..Effort::default()
            };
            let start = std::time::Instant::now();
            let solution = talent::solve(&instance, &effort, &mut || true);
            println!(
                "{} {:?} states {}",
                cells[0],
                start.elapsed(),
                solution.states
            );
            assert!(solution.proven, "{line}");
            assert_eq!(solution.cost.to_string(), cells[3], "{}", cells[0]);
            assert_eq!(
                recost(&text, &solution.order),
                solution.cost,
                "{}",
                cells[0]
            );
            assert_eq!(solution, talent::solve(&instance, &effort, &mut || true));
        }
    }
}

fn brute_force(instance: &Instance) -> u64 {
    fn visit(order: &mut Vec<usize>, from: usize, instance: &Instance, best: &mut u64) {
        if from == order.len() {
            *best = (*best).min(instance.cost(order).unwrap());
        }
        for at in from..order.len() {
            order.swap(from, at);
            visit(order, from + 1, instance, best);
            order.swap(from, at);
        }
    }
    let mut best = u64::MAX;
    let mut order: Vec<usize> = (0..instance.durations().len()).collect();
    visit(&mut order, 0, instance, &mut best);
    best
}

fn instances(most_scenes: usize, most_actors: usize) -> impl Strategy<Value = Instance> {
    (0..=most_scenes).prop_flat_map(move |scenes| {
        let actor = (0u64..9, prop::collection::vec(prop::bool::ANY, scenes));
        let durations = prop::collection::vec(0u64..5, scenes);
        (durations, prop::collection::vec(actor, 0..=most_actors)).prop_map(|(durations, rows)| {
            let actors = rows.into_iter().map(|(wage, row)| Actor {
                wage,
                scenes: (0..row.len()).filter(|&s| row[s]).collect(),
            });
            Instance::new("random".into(), durations, actors.collect()).unwrap()
        })
    })
}

fn written(instance: &Instance) -> String {
    let scenes = instance.durations().len();
    let mut text = format!(
        "{}\n{scenes} {}\n",
        instance.name(),
        instance.actors().len()
    );
    for actor in instance.actors() {
        for scene in 0..scenes {
            text += if actor.scenes.contains(&scene) {
                "1 "
            } else {
                "0 "
            };
        }
        text += &format!("{}\n", actor.wage);
    }
    for duration in instance.durations() {
        text += &format!("{duration} ");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn small_instances_agree_with_brute_force(instance in instances(7, 6)) {
        let solution = talent::solve(&instance, &Effort::default(), &mut || true);
        prop_assert!(solution.proven);
        prop_assert_eq!(solution.cost, brute_force(&instance));
        prop_assert_eq!(recost(&written(&instance), &solution.order), solution.cost);
    }

    // Without local search and with a callback or a budget that stops anywhere, the bound holds.
    #[test]
    fn a_stopped_search_never_claims_too_much(
        instance in instances(9, 8), asks in 0usize..40, max_states in 0usize..200,
    ) {
        let best = talent::solve(&instance, &Effort::default(), &mut || true).cost;
        let mut left = asks;
        let mut some = || { left = left.saturating_sub(1); left > 0 };
        let effort = Effort { kicks: 0, max_states, ..Effort::default() };
        let stopped = talent::solve(&instance, &effort, &mut some);
        prop_assert!(stopped.bound <= best && best <= stopped.cost);
        prop_assert_eq!(stopped.proven, stopped.bound == stopped.cost);
        prop_assert_eq!(recost(&written(&instance), &stopped.order), stopped.cost);
    }

    #[test]
    fn what_is_written_is_read(instance in instances(9, 9)) {
        prop_assert_eq!(talent::read(written(&instance).as_bytes()).unwrap(), instance);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = talent::read(&bytes);
    }

    #[test]
    fn a_damaged_file_never_panics(
        instance in instances(9, 9), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = written(&instance).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = talent::read(&bytes);
        bytes.truncate(at);
        let _ = talent::read(&bytes);
    }
}

#[test]
fn errors_name_the_line() {
    let said = |text: &str| talent::read(text.as_bytes()).unwrap_err().to_string();
    assert!(said("").contains("empty"));
    assert!(said("x\n2\n1\n1 2 5\n1 1").starts_with("line 4: the 0 or 1 of actor 1 in scene 2"));
    assert!(said("x\n2\n1\n1 1 5\n1").starts_with("line 5: the file ends"));
    assert!(said("x\n2\n1\n1 1 5\n1 1\n\n7").starts_with("line 7: \"7\" comes after"));
    assert!(said("x\n99999999999 1").starts_with("line 2: the number of scenes"));
    assert!(said("x\n1 1\n1 99999999999999\n99999999999999").contains("larger units"));
}
