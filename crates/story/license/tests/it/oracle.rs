//! Decisions against a brute-force oracle that knows only cells.
//!
//! Small universe: 4 territories × 3 media × 4 language uses × 12 days and one day after all ends,
//! which stands for the open end.

use crate::build::{accept, id, rights_in, today};
use backlot_license::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const TERRITORIES: [&str; 4] = ["CN", "DE", "JP", "US"];
const MEDIA: [&str; 3] = ["cinematic/theatrical", "on-demand/svod", "pay-tv/cable"];
const LANGUAGES: [(&str, LanguageUse); 4] = [
    ("zh-Hans", LanguageUse::Audio),
    ("zh-Hant", LanguageUse::Audio),
    ("en", LanguageUse::Dub),
    ("en", LanguageUse::Sub),
];
const DAYS: i32 = 12;

/// Bits of each side and days; `end` 13 = open.
#[derive(Debug, Clone)]
struct Small {
    territories: u8,
    media: u8,
    languages: u8,
    start: i32,
    end: i32,
    exclusive: bool,
}

type Cell = (usize, usize, usize, i32);

impl Small {
    fn cells(&self) -> BTreeSet<Cell> {
        let mut cells = BTreeSet::new();
        for t in (0..4).filter(|t| self.territories >> t & 1 == 1) {
            for m in (0..3).filter(|m| self.media >> m & 1 == 1) {
                for l in (0..4).filter(|l| self.languages >> l & 1 == 1) {
                    cells.extend((self.start..self.end).map(|day| (t, m, l, day)));
                }
            }
        }
        cells
    }

    fn scope(&self) -> Scope {
        let day = |day| Date::from_days_since_epoch(20_000 + day).unwrap();
        let territories = (0..4).filter(|t| self.territories >> t & 1 == 1);
        let media = (0..3).filter(|m| self.media >> m & 1 == 1);
        let languages = (0..4).filter(|l| self.languages >> l & 1 == 1);
        Scope::try_new(
            territories
                .map(|t| Territory::parse(TERRITORIES[t]).unwrap())
                .collect(),
            media.map(|m| Medium::parse(MEDIA[m]).unwrap()).collect(),
            languages
                .map(|l| LANGUAGES[l])
                .map(|(tag, how)| LanguageSet::of(LanguageTag::parse(tag).unwrap(), how))
                .fold(LanguageSet::default(), |all, one| all.union(&one)),
            Window::try_new(day(self.start), (self.end <= DAYS).then(|| day(self.end))).unwrap(),
        )
        .unwrap()
    }
}

/// Cells of a scope inside the universe.
fn cells_of(scope: &Scope) -> BTreeSet<Cell> {
    let mut cells = BTreeSet::new();
    for (t, code) in TERRITORIES.iter().enumerate() {
        for (m, key) in MEDIA.iter().enumerate() {
            for (l, (tag, how)) in LANGUAGES.iter().enumerate() {
                let inside = scope
                    .territories()
                    .contains(Territory::parse(code).unwrap())
                    && scope.media().contains(Medium::parse(key).unwrap())
                    && scope
                        .languages()
                        .tags(*how)
                        .contains(&LanguageTag::parse(tag).unwrap());
                let days = (0..=DAYS).filter(|day| {
                    scope
                        .window()
                        .contains(Date::from_days_since_epoch(20_000 + day).unwrap())
                });
                cells.extend(days.filter(|_| inside).map(|day| (t, m, l, day)));
            }
        }
    }
    cells
}

fn any_small() -> impl Strategy<Value = Small> {
    (
        1u8..16,
        1u8..8,
        1u8..16,
        0..DAYS,
        1..=DAYS + 1,
        any::<bool>(),
    )
        .prop_map(
            |(territories, media, languages, start, length, exclusive)| Small {
                territories,
                media,
                languages,
                start,
                end: (start + length).min(DAYS + 1),
                exclusive,
            },
        )
}

/// Narrow ones, so that many fit beside each other.
fn any_grant() -> impl Strategy<Value = Small> {
    let one_or_two = |n: u8| (0..n, 0..n).prop_map(|(a, b)| 1u8 << a | 1u8 << b);
    (
        one_or_two(4),
        one_or_two(3),
        one_or_two(4),
        0..DAYS,
        1..6i32,
        any::<bool>(),
    )
        .prop_map(
            |(territories, media, languages, start, length, exclusive)| Small {
                territories,
                media,
                languages,
                start,
                end: (start + length).min(DAYS + 1),
                exclusive,
            },
        )
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Granted,
    Outside,
    NotAlone,
    Taken,
}

fn oracle(held: &[Small], standing: &[(Small, BTreeSet<Cell>)], asked: &Small) -> Verdict {
    let cells = asked.cells();
    let all: BTreeSet<Cell> = held.iter().flat_map(Small::cells).collect();
    let alone: BTreeSet<Cell> = held
        .iter()
        .filter(|held| held.exclusive)
        .flat_map(Small::cells)
        .collect();
    let meets = |(grant, own): &(Small, BTreeSet<Cell>)| {
        (grant.exclusive || asked.exclusive) && !own.is_disjoint(&cells)
    };
    if !cells.is_subset(&all) {
        Verdict::Outside
    } else if asked.exclusive && !cells.is_subset(&alone) {
        Verdict::NotAlone
    } else if standing.iter().any(meets) {
        Verdict::Taken
    } else {
        Verdict::Granted
    }
}

fn moved(small: &Small, by: i32) -> Small {
    Small {
        start: small.start + by,
        end: small.end + by,
        ..small.clone()
    }
}

/// The reason fits the cells, and the nearest window is the first the oracle would grant.
fn reason_is_true(
    refusal: &Refusal,
    held: &[Small],
    standing: &[(Small, BTreeSet<Cell>)],
    asked: &Small,
) {
    let cells = asked.cells();
    if let Some(witness) = refusal.witness() {
        let number = (1..=40u8)
            .find(|number| LicenceId(id(*number)) == witness.licence)
            .unwrap();
        let met: Vec<_> = standing
            .iter()
            .filter(|(grant, own)| (grant.exclusive || asked.exclusive) && !own.is_disjoint(&cells))
            .collect();
        let (grant, own) = &standing[usize::from(number) - 1];
        assert_eq!(witness.exclusive, grant.exclusive);
        assert_eq!(witness.others + 1, met.len());
        assert_eq!(
            cells_of(&witness.overlap),
            own.intersection(&cells).copied().collect()
        );
    }
    if !refusal.missing().is_empty() {
        let wanted =
            |held: &&Small| held.exclusive || matches!(refusal, Refusal::OutsideRightsHeld { .. });
        let all: BTreeSet<Cell> = held.iter().filter(wanted).flat_map(Small::cells).collect();
        let parts: Vec<_> = refusal.missing().iter().map(cells_of).collect();
        let joined: BTreeSet<Cell> = parts.iter().flatten().copied().collect();
        assert_eq!(joined, cells.difference(&all).copied().collect());
        assert_eq!(
            parts.iter().map(BTreeSet::len).sum::<usize>(),
            joined.len(),
            "not disjoint"
        );
    }
    // Open windows need care at the edge of the universe; finite ones inside it are exact.
    if asked.end <= DAYS {
        let first = (0..=DAYS - asked.end)
            .find(|by| oracle(held, standing, &moved(asked, *by)) == Verdict::Granted);
        let start = refusal
            .nearest_free()
            .map(|window| window.starts_on().days_since_epoch() - 20_000 - asked.start);
        match first {
            Some(by) => assert_eq!(start, Some(by)),
            None => assert!(start.is_none_or(|by| asked.end + by > DAYS), "{start:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Grants and terminations in a row: accepted exactly when no cell speaks against it.
    #[test]
    fn accepted_iff_no_cell_conflicts(
        held in proptest::collection::vec(any_small(), 0..5),
        wide in any::<bool>(),
        grants in proptest::collection::vec((any_grant(), proptest::option::of(0..DAYS)), 1..14),
    ) {
        let mut held = held;
        if wide {
            held.push(Small {
                territories: 15, media: 7, languages: 15, start: 0, end: DAYS + 1, exclusive: true,
            });
        }
        let mut rights = WorkRights::new(WorkId(id(200)));
        for (number, small) in held.iter().enumerate() {
            let number = 100 + u8::try_from(number).unwrap();
            let new = rights_in(number, small.scope(), small.exclusive);
            accept(&mut rights, Command::RecordRightsIn(new));
        }
        let mut standing: Vec<(Small, BTreeSet<Cell>)> = Vec::new();
        for (asked, end_early) in &grants {
            let number = u8::try_from(standing.len() + 1).unwrap();
            let request = crate::build::request(number, asked.scope(), asked.exclusive);
            let verdict = oracle(&held, &standing, asked);
            let found = match decide(&rights, Command::GrantLicence(request.clone()), today()) {
                Ok(_) => Verdict::Granted,
                Err(refusal) => {
                    reason_is_true(&refusal, &held, &standing, asked);
                    match refusal {
                        Refusal::OutsideRightsHeld { .. } => Verdict::Outside,
                        Refusal::ExclusivityNotHeld { .. } => Verdict::NotAlone,
                        Refusal::Overlap(_) => Verdict::Taken,
                        other => panic!("{other}"),
                    }
                }
            };
            prop_assert_eq!(check(&rights, &request).free, verdict == Verdict::Granted);
            prop_assert_eq!(&found, &verdict);
            if found != Verdict::Granted {
                continue;
            }
            let licence = request.id.clone();
            accept(&mut rights, Command::GrantLicence(request));
            let mut own = asked.cells();
            if let Some(day) = end_early.filter(|day| *day < asked.end) {
                let ends_on = Date::from_days_since_epoch(20_000 + day).unwrap();
                let end = Termination { licence, ends_on, reason: "agreed".to_owned() };
                accept(&mut rights, Command::TerminateLicence(end));
                own.retain(|cell| cell.3 < day);
            }
            standing.push((asked.clone(), own));
        }
    }

    #[test]
    fn boxes_subtract_exactly(a in any_small(), b in any_small()) {
        let (x, y) = (a.cells(), b.cells());
        let (left, right) = (a.scope(), b.scope());
        let both = left.intersect(&right).map(|scope| cells_of(&scope)).unwrap_or_default();
        prop_assert_eq!(both, x.intersection(&y).copied().collect::<BTreeSet<_>>());
        let parts: Vec<_> = left.minus(&right).iter().map(cells_of).collect();
        let joined: BTreeSet<Cell> = parts.iter().flatten().copied().collect();
        prop_assert_eq!(parts.iter().map(BTreeSet::len).sum::<usize>(), joined.len());
        prop_assert_eq!(joined, x.difference(&y).copied().collect::<BTreeSet<_>>());
        let json = serde_json::to_string(&left).unwrap();
        prop_assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), left);
    }
}
