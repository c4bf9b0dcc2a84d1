//! A full disk in mid-ingest: the story stops and says so, and goes on once there is room.

use crate::support::{backlot, last_json, skip_without, stderr};
use std::path::Path;
use std::process::Command;

/// A small file system of our own; needs the right to mount.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, megabytes: u32) -> Option<Self> {
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at));
        }
        println!("skipped: this user may not mount a small file system");
        None
    }

    fn grow(&self, megabytes: u32) {
        let size = format!("remount,size={megabytes}m");
        assert!(
            Command::new("mount")
                .args(["-o", &size])
                .arg(self.0)
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.0).status().ok();
    }
}

#[test]
fn a_full_disk_stops_the_story_and_loses_nothing() {
    if skip_without("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path(), 4) else {
        return;
    };
    let data = folder.path().join("data");
    let output = backlot(&data, &["demo", "--no-serve", "--json"]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.to_lowercase().contains("space") || message.contains("full"),
        "{message}"
    );
    assert!(!message.contains("panicked"), "{message}");

    disk.grow(400);
    let again = backlot(&data, &["demo", "--no-serve", "--json"]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(last_json(&again)["ok"], true);
    let doctor = last_json(&backlot(&data, &["doctor", "--journal", "--json"]));
    let journal = doctor["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == "journal")
        .unwrap();
    assert_eq!(journal["ok"], true, "{journal}");
}
