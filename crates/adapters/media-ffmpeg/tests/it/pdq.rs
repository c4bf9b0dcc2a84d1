//! PDQ against published vectors: pictures hashed by pdqhash, clips hashed by vpdq.

use crate::common::{QUIET, data, engine};
use backlot_monitor::pdq::{Dihedral, Hash256, hash, spectrum};
use backlot_ports::media::Media;
use std::process::Command;

/// Grey pixels of a picture at its own size. JPEGs are no film, so the port does not read them.
fn gray_picture(path: &std::path::Path, width: usize, height: usize) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(path)
        // The reference's luma: 0.299 R + 0.587 G + 0.114 B, full range.
        .args(["-vf", "format=rgb24", "-f", "rawvideo", "pipe:1"])
        .output()
        .unwrap();
    assert_eq!(
        output.stdout.len(),
        width * height * 3,
        "{}",
        path.display()
    );
    let luma =
        |p: &[u8]| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
    output
        .stdout
        .chunks_exact(3)
        .map(|p| luma(p).round() as u8)
        .collect()
}

#[test]
fn pictures_hash_as_the_reference_says() {
    let (Some(_), Some(csv)) = (engine(), data("image/pdq/pdq-expected.csv")) else {
        return;
    };
    let text = std::fs::read_to_string(&csv).unwrap();
    let mut worst = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (width, height): (usize, usize) =
            (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        let pixels = gray_picture(&csv.parent().unwrap().join(cells[0]), width, height);
        let (found, quality) = hash(&pixels, width, height);
        let expected_quality: i32 = cells[3].parse().unwrap();
        let bits = found.distance(&Hash256::from_hex(cells[4]).unwrap());
        println!(
            "{} {bits} bits, quality {quality} of {expected_quality}",
            cells[0]
        );
        // Pictures with nothing to see hash to noise; only their quality is specified.
        if expected_quality >= 50 {
            worst = worst.max(bits);
            // Below 64 pixels a side the decoder's chroma upsampling shows in the bits.
            let most = if cells[0].starts_with("small/") {
                20
            } else {
                10
            };
            assert!(bits <= most, "{}: {bits} bits", cells[0]);
        }
        assert!(
            (i32::from(quality) - expected_quality).abs() <= 3,
            "{}",
            cells[0]
        );
    }
    println!("worst {worst} bits");
}

#[test]
fn turned_pictures_are_found_through_the_spectrum() {
    let (Some(_), Some(csv)) = (engine(), data("image/pdq/pdq-expected.csv")) else {
        return;
    };
    let text = std::fs::read_to_string(&csv).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    let row = |name: &str| rows.iter().find(|row| row[0].ends_with(name)).unwrap();
    let original = row("bridge-1-original.jpg");
    let (width, height) = (original[1].parse().unwrap(), original[2].parse().unwrap());
    let pixels = gray_picture(&csv.parent().unwrap().join(original[0]), width, height);
    let spectrum = spectrum(&pixels, width, height);
    for (name, lie) in [
        ("bridge-3-rotate-180.jpg", Dihedral::Rotate180),
        ("bridge-5-flipx.jpg", Dihedral::MirrorTopBottom),
    ] {
        let expected = Hash256::from_hex(row(name)[4]).unwrap();
        let bits: Vec<u32> = Dihedral::ALL
            .iter()
            .map(|lie| spectrum.hash(*lie).distance(&expected))
            .collect();
        println!("{name}: {bits:?}");
        let near = *bits.iter().min().unwrap();
        assert!(near <= 16, "{name}: {bits:?}");
        assert_eq!(spectrum.hash(lie).distance(&expected), near, "{name}");
    }
    for name in ["bridge-2-rotate-90.jpg", "bridge-7-flip-plus-1.jpg"] {
        let expected = Hash256::from_hex(row(name)[4]).unwrap();
        let near = Dihedral::ALL
            .iter()
            .map(|lie| spectrum.hash(*lie).distance(&expected))
            .min();
        assert!(near.unwrap() <= 24, "{name}: {near:?}");
    }
}

#[test]
fn clips_hash_as_vpdq_says() {
    let Some(media) = engine() else { return };
    for name in [
        "doorknob-hd-no-bar",
        "pattern-hd-no-bar",
        "pattern-sd-grey-bar",
        "test-padded-dimensions",
    ] {
        let (Some(clip), Some(list)) = (
            data(&format!("video/near-duplicates/{name}.mp4")),
            data(&format!("video/near-duplicates/vpdq/{name}.txt")),
        ) else {
            return;
        };
        let expected: Vec<Hash256> = std::fs::read_to_string(list)
            .unwrap()
            .lines()
            .map(|line| Hash256::from_hex(line.split(',').nth(2).unwrap()).unwrap())
            .collect();
        let probe = media.probe(&clip).unwrap();
        let (width, height) = probe.video[0].display_size();
        let rate = probe.video[0].cfr_rate();
        let mut bits = Vec::new();
        let mut take = |index: u32, frame: &[u8]| {
            let Some(expected) = expected.get(index as usize) else {
                return false;
            };
            bits.push(
                hash(frame, width as usize, height as usize)
                    .0
                    .distance(expected),
            );
            true
        };
        media
            .gray_frames(&clip, width, height, rate, &mut take, QUIET)
            .unwrap();
        let near = bits.iter().filter(|bits| **bits <= 10).count();
        bits.sort();
        println!(
            "{name}: {near} of {} within 10 bits, median {}",
            bits.len(),
            bits[bits.len() / 2]
        );
        assert!(near * 10 >= bits.len() * 6, "{name}");
    }
}
