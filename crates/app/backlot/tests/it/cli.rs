//! The command line: the demo's contract, offline verification, and refusals that say what to do.

use crate::support::{backlot, last_json, shared, skip_without, stderr};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

#[test]
fn demo_tells_the_whole_story_and_its_evidence_verifies() {
    if skip_without("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = backlot(
        folder.path(),
        &[
            "demo",
            "--no-serve",
            "--json",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let story = last_json(&output);
    let progress = stderr(&output);
    for (number, step) in [
        "capture", "animate", "master", "register", "license", "monitor",
    ]
    .iter()
    .enumerate()
    {
        assert!(story[step].is_object(), "{step} in {story}");
        assert!(
            progress.contains(&format!("[{}/6] {step}", number + 1)),
            "{progress}"
        );
    }
    license_figures(&story["license"]);
    monitor_figures(&story["monitor"]);
    evidence_holds_and_breaks(folder.path(), &out);
}

/// Three granted, the fourth refused by name, money split to the last minor unit.
fn license_figures(license: &Value) {
    assert_eq!(license["granted"].as_array().unwrap().len(), 3);
    let refused = &license["refused"];
    let witness = refused["witness"]["licence_id"].as_str().unwrap();
    assert!(
        license["granted"]
            .as_array()
            .unwrap()
            .iter()
            .any(|g| g["id"] == witness),
        "{refused}"
    );
    let shares = license["payment"]["shares"].as_array().unwrap();
    assert_eq!(shares.len(), 3);
    let sum: i64 = shares
        .iter()
        .map(|s| s["amount_minor"].as_i64().unwrap())
        .sum();
    assert_eq!(Some(sum), license["payment"]["amount_minor"].as_i64());
}

/// The copy is found at the right seconds, the unrelated film is not.
fn monitor_figures(monitor: &Value) {
    assert_eq!(monitor["copy"]["verdict"], "match", "{monitor}");
    for segment in monitor["copy"]["segments"].as_array().unwrap() {
        let offset = segment["library_start_us"].as_i64().unwrap()
            - segment["copy_start_us"].as_i64().unwrap();
        assert!(offset.abs() <= 1_000_000, "offset {offset} µs in {segment}");
    }
    assert_ne!(monitor["unrelated"]["verdict"], "match", "{monitor}");
    assert!(monitor["case_id"].is_string());
}

fn evidence_holds_and_breaks(data: &Path, out: &Path) {
    let package = out.join("work.evidence.zip");
    let clip = out.join("clip.glb");
    let verify = |extra: &[&str]| {
        let mut args = vec!["verify", package.to_str().unwrap()];
        args.extend(extra);
        backlot(data, &args)
    };
    let plain = verify(&[]);
    assert!(plain.status.success(), "{}", stderr(&plain));
    assert!(
        verify(&["--original", clip.to_str().unwrap()])
            .status
            .success()
    );
    let wrong = verify(&["--original", out.join("poster.jpg").to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(1));

    let good = std::fs::read(&package).unwrap();
    for position in (0..good.len()).step_by(good.len() / 25 + 1) {
        let mut bad = good.clone();
        bad[position] ^= 0x01;
        std::fs::write(&package, bad).unwrap();
        let refused = verify(&["--json"]);
        assert_eq!(refused.status.code(), Some(1), "byte {position}");
        let verdict: Value = serde_json::from_slice(&refused.stdout).unwrap();
        assert!(
            !verdict["failures"][0]["entry"].as_str().unwrap().is_empty(),
            "byte {position}: {verdict}"
        );
    }
    std::fs::write(&package, good).unwrap();
}

#[test]
fn real_takes_reach_the_end() {
    if skip_without("ffmpeg") {
        return;
    }
    let takes = [
        "capture/bandai/dataset-1_walk_angry_001.bvh",
        "capture/pycgm/ROM/Sample_Static.c3d",
    ];
    for relative in takes {
        let Some(path) = shared(relative) else { return };
        let folder = tempfile::tempdir().unwrap();
        let output = backlot(
            folder.path(),
            &[
                "demo",
                "--no-serve",
                "--json",
                "--take",
                path.to_str().unwrap(),
            ],
        );
        assert!(output.status.success(), "{relative}: {}", stderr(&output));
        let story = last_json(&output);
        assert!(
            story["capture"]["frames"].as_i64().unwrap() > 30,
            "{relative}: {story}"
        );
    }
}

#[test]
fn what_cannot_be_used_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let empty = file("empty.bvh", b"");
    let text = file("letter.bvh", b"Dear performer,\n");
    let fake = file(
        "film.mp4",
        b"not a film at all, but long enough to be looked at\n",
    );
    let cut = file(
        "cut.bvh",
        b"HIERARCHY\nROOT Hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition",
    );
    for (option, path, words) in [
        ("--take", empty.as_str(), "empty"),
        ("--take", text.as_str(), "neither BVH"),
        ("--take", cut.as_str(), "line"),
        ("--video", fake.as_str(), "not a film"),
        ("--take", "no/such/file.bvh", "no/such/file.bvh"),
    ] {
        let output = backlot(
            &folder.path().join("data"),
            &["demo", "--no-serve", "--json", option, path],
        );
        assert_eq!(output.status.code(), Some(1), "{path}");
        let message = stderr(&output);
        assert!(message.contains(words), "{path}: {message}");
        assert!(!message.contains("panicked"), "{message}");
    }
}

#[test]
fn settings_with_an_unknown_key_name_the_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("backlot.toml"),
        "[web]\nlissen = \"127.0.0.1:1\"\n",
    )
    .unwrap();
    let output = backlot(folder.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("line 2: unknown key `web.lissen`"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn dumped_settings_hide_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(crate::support::BINARY)
        .args(["--data", folder.path().to_str().unwrap(), "--dump-config"])
        .env(
            "BACKLOT_STORE_URL",
            "postgres://me:geheim@localhost/backlot",
        )
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("(hidden)") && !text.contains("geheim"),
        "{text}"
    );
}
