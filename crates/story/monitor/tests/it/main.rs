//! The fingerprint's bytes, the arithmetic of hashes and views, and films made of numbers.

use backlot_monitor::motion::{self, Rhythm, agreement};
use backlot_monitor::pdq::{Dihedral, Hash256, hash, spectrum};
use backlot_monitor::views::{BorderWatch, Rect, SAMPLE_LEN, SIDE, mirror, stretch};
use backlot_monitor::{
    DecodeError, Fingerprint, FingerprintBuilder, Query, QueryBuilder, Verdict, compare,
};
use proptest::prelude::*;
use std::f32::consts::TAU;

/// A picture of soft blobs whose places follow `seed` and time.
fn sample(seed: u32, secs: f32) -> Vec<u8> {
    let unit = |salt: u32| {
        let z = (seed.wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b))
            .wrapping_mul(0xc2b2_ae35);
        (z >> 8) as f32 / (1 << 24) as f32
    };
    let blobs: Vec<(f32, f32, f32)> = (0..7)
        .map(|i| {
            let wave = |salt: u32| {
                let rate = 0.15 + 0.5 * unit(salt);
                0.5 + 0.4 * (TAU * (secs * rate + unit(salt + 50))).sin()
            };
            (
                wave(4 * i) * SIDE as f32,
                wave(4 * i + 1) * SIDE as f32,
                60.0 + 160.0 * unit(4 * i + 2),
            )
        })
        .collect();
    let value = |i: usize| {
        let (x, y) = ((i % SIDE) as f32, (i / SIDE) as f32);
        let blob = |(cx, cy, high): &(f32, f32, f32)| {
            high * (-((x - cx).powi(2) + (y - cy).powi(2)) / 260.0).exp()
        };
        (30.0 + blobs.iter().map(blob).sum::<f32>()).min(255.0) as u8
    };
    (0..SAMPLE_LEN).map(value).collect()
}

fn film(seed: u32, from_secs: f32, secs: f32) -> Vec<Vec<u8>> {
    (0..(secs * 8.0) as usize)
        .map(|i| sample(seed, from_secs + i as f32 / 8.0))
        .collect()
}

fn fingerprint(film: &[Vec<u8>]) -> Fingerprint {
    let mut builder = FingerprintBuilder::new();
    film.iter().for_each(|sample| builder.push(sample));
    builder.finish()
}

fn query(film: &[Vec<u8>]) -> Query {
    let mut builder = QueryBuilder::new();
    film.iter().for_each(|sample| builder.push(sample));
    builder.finish()
}

#[test]
fn a_turned_spectrum_is_the_spectrum_of_the_turned_picture() {
    type Place = fn(usize, usize) -> (usize, usize);
    let picture = sample(3, 1.7);
    let turned = |place: Place| -> Vec<u8> {
        (0..SAMPLE_LEN)
            .map(|i| {
                let (x, y) = place(i % SIDE, i / SIDE);
                picture[y * SIDE + x]
            })
            .collect()
    };
    const END: usize = SIDE - 1;
    let cases: [(Dihedral, Place); 8] = [
        (Dihedral::Original, |x, y| (x, y)),
        (Dihedral::Rotate90, |x, y| (y, END - x)),
        (Dihedral::Rotate180, |x, y| (END - x, END - y)),
        (Dihedral::Rotate270, |x, y| (END - y, x)),
        (Dihedral::MirrorLeftRight, |x, y| (END - x, y)),
        (Dihedral::MirrorTopBottom, |x, y| (x, END - y)),
        (Dihedral::Transpose, |x, y| (y, x)),
        (Dihedral::AntiTranspose, |x, y| (END - y, END - x)),
    ];
    let spectrum = spectrum(&picture, SIDE, SIDE);
    for (lie, place) in cases {
        let expected = hash(&turned(place), SIDE, SIDE).0;
        let bits: Vec<u32> = Dihedral::ALL
            .iter()
            .map(|lie| spectrum.hash(*lie).distance(&expected))
            .collect();
        // The decimation grid is not symmetric, so a few bits near the median may differ.
        assert!(
            spectrum.hash(lie).distance(&expected) <= 40,
            "{lie:?}: {bits:?}"
        );
        assert_eq!(
            bits.iter().min(),
            Some(&spectrum.hash(lie).distance(&expected)),
            "{lie:?}"
        );
    }
}

#[test]
fn an_excerpt_is_placed_and_another_film_is_not() {
    let title = fingerprint(&film(1, 0.0, 30.0));
    let excerpt = query(&film(1, 9.4, 8.0));
    let Verdict::Match { segments } = compare(&title, &excerpt) else {
        panic!("not found")
    };
    assert_eq!(segments.len(), 1);
    let near = |found: i64, secs: f64| (found as f64 / 1e6 - secs).abs() < 0.5;
    let found = &segments[0];
    assert!(
        near(found.library_start_us, 9.4) && near(found.library_end_us, 17.4),
        "{found:?}"
    );
    assert!(
        near(found.copy_start_us, 0.0) && near(found.copy_end_us, 8.0),
        "{found:?}"
    );
    for seed in 2..8 {
        let verdict = compare(&title, &query(&film(seed, 0.0, 10.0)));
        assert!(!verdict.is_match(), "{seed}: {verdict:?}");
    }
}

#[test]
fn two_cuts_of_a_title_are_two_segments_and_a_reversed_copy_is_named() {
    let title = fingerprint(&film(1, 0.0, 30.0));
    let mut recut = film(1, 20.0, 6.0);
    recut.extend(film(1, 3.0, 6.0));
    let Verdict::Match { segments } = compare(&title, &query(&recut)) else {
        panic!("recut")
    };
    let starts: Vec<i64> = segments
        .iter()
        .map(|s| (s.library_start_us + 500_000) / 1_000_000)
        .collect();
    assert_eq!(starts, [3, 20], "{segments:?}");
    let mut backwards = film(1, 4.0, 10.0);
    backwards.reverse();
    let Verdict::Match { segments } = compare(&title, &query(&backwards)) else {
        panic!("reversed")
    };
    assert!(segments[0].edits.is_reversed, "{segments:?}");
}

#[test]
fn one_picture_or_none_never_decides() {
    let picture = sample(1, 5.0);
    let title = fingerprint(&film(1, 0.0, 20.0));
    let held: Vec<Vec<u8>> = vec![picture; 80];
    assert_eq!(compare(&title, &query(&held)), Verdict::InsufficientContent);
    assert_eq!(
        compare(&fingerprint(&held), &query(&held)),
        Verdict::InsufficientContent
    );
    let black = vec![vec![16u8; SAMPLE_LEN]; 80];
    assert_eq!(
        compare(&fingerprint(&black), &query(&black)),
        Verdict::InsufficientContent
    );
    assert_eq!(compare(&title, &query(&[])), Verdict::InsufficientContent);
    assert!(!compare(&Fingerprint::default(), &query(&film(1, 0.0, 5.0))).is_match());
}

#[test]
fn bars_are_seen_and_taken_off() {
    let mut watch = BorderWatch::default();
    for i in 0..20 {
        let mut padded = vec![16u8; SAMPLE_LEN];
        let inner = sample(4, i as f32 / 8.0);
        for y in 20..108 {
            let from = (y - 20) * SIDE / 88;
            padded[y * SIDE..(y + 1) * SIDE]
                .copy_from_slice(&inner[from * SIDE..(from + 1) * SIDE]);
        }
        watch.push(&padded);
    }
    let rect = watch.pictures()[0];
    assert!(
        (20..=24).contains(&rect.top) && (104..=108).contains(&rect.bottom),
        "{rect:?}"
    );
    let picture = sample(4, 0.0);
    assert_eq!(stretch(&picture, Rect::WHOLE), picture);
    assert_eq!(mirror(&mirror(&picture)), picture);
}

#[test]
fn rhythms_agree_with_themselves_only() {
    let rhythm = |seed: u32| {
        let film = film(seed, 0.0, 12.0);
        let motions: Vec<_> = film
            .windows(3)
            .map(|w| motion::motion(&w[0], &w[2]))
            .collect();
        Rhythm::new(&motions, 8.0)
    };
    let (one, other) = (rhythm(1), rhythm(2));
    assert!(agreement(&one, &one, (0.0, 12.0), 1.0, 0.0).correlation > 0.99);
    assert!(agreement(&one, &other, (0.0, 12.0), 1.0, 0.0).correlation < 0.4);
}

#[test]
fn a_minute_takes_less_than_eight_kilobytes() {
    let still = vec![sample(1, 0.0); 60 * 8];
    let bytes = fingerprint(&still).encode();
    assert!(bytes.len() <= 8 * 1024, "{}", bytes.len());
}

#[test]
fn lying_bytes_are_refused() {
    let good = fingerprint(&film(1, 0.0, 3.0)).encode();
    assert_eq!(Fingerprint::decode(&good).unwrap().encode(), good);
    assert_eq!(Fingerprint::decode(b"RIFF"), Err(DecodeError::Magic));
    let mut newer = good.clone();
    newer[4] = 9;
    assert_eq!(Fingerprint::decode(&newer), Err(DecodeError::Version(9)));
    let mut huge = good.clone();
    huge[14..18].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(
        Fingerprint::decode(&huge),
        Err(DecodeError::Length { .. })
    ));
    let mut longer = good.clone();
    longer[6..14].copy_from_slice(&9_000_000u64.to_le_bytes());
    assert!(matches!(
        Fingerprint::decode(&longer),
        Err(DecodeError::Counts { .. })
    ));
    let mut bright = good.clone();
    bright[26] = 101;
    assert!(matches!(
        Fingerprint::decode(&bright),
        Err(DecodeError::Quality { .. })
    ));
}

proptest! {
    #[test]
    fn changed_bytes_never_panic(at in 0usize..400, byte in any::<u8>(), cut in 0usize..400) {
        let mut bytes = fingerprint(&vec![vec![90; SAMPLE_LEN]; 16]).encode();
        let cut = cut.min(bytes.len());
        let at = at.min(bytes.len() - 1);
        bytes[at] = byte;
        if let Ok(read) = Fingerprint::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes.clone());
        }
        let _ = Fingerprint::decode(&bytes[..cut]);
    }

    #[test]
    fn hex_is_read_back(words in any::<[u64; 4]>()) {
        let hash = Hash256(words);
        prop_assert_eq!(Hash256::from_hex(&hash.to_hex()), Some(hash));
        prop_assert_eq!(Hash256::from_bytes(&hash.to_bytes()), hash);
    }
}
