//! A folder: the suite, and what a folder leaves on the disk.

use backlot_blobs_opendal::BlobsOpendal;
use backlot_facts::sha256_hex;
use backlot_ports::blobs::{BlobError, Blobs};
use backlot_testkit::blob_suite::AnyBlobs;
use bytes::Bytes;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

async fn open() -> Option<(AnyBlobs, TempDir)> {
    let dir = tempfile::tempdir().unwrap();
    let blobs = BlobsOpendal::folder(dir.path().join("files"))
        .await
        .unwrap();
    Some((Arc::new(blobs), dir))
}

backlot_testkit::blob_suite!(open);

fn count(dir: &Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[tokio::test]
async fn refused_and_abandoned_writes_leave_no_temporary_file() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = BlobsOpendal::folder(dir.path()).await.unwrap();
    let path = dir.path().join("given");
    std::fs::write(&path, vec![7; 5_000_000]).unwrap();
    assert!(
        blobs
            .put_file(&path, Some(&sha256_hex(b"other")))
            .await
            .is_err()
    );
    for micros in [0, 50, 500, 2_000, 5_000] {
        // The caller gives up in the middle.
        let _ =
            tokio::time::timeout(Duration::from_micros(micros), blobs.put_file(&path, None)).await;
    }
    // Puts that were given up come to their end by themselves.
    let started = std::time::Instant::now();
    while count(&dir.path().join("tmp")) > 0 {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "a temporary file stays"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    blobs.put_file(&path, None).await.unwrap();
    assert_eq!(count(&dir.path().join("tmp")), 0);
}

#[tokio::test]
async fn opening_removes_only_old_leftovers() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("tmp")).unwrap();
    let (old, new) = (dir.path().join("tmp/old"), dir.path().join("tmp/new"));
    std::fs::write(&old, b"left by a writer that died").unwrap();
    std::fs::write(&new, b"being written by another process").unwrap();
    let two_hours_ago = SystemTime::now() - Duration::from_secs(7_200);
    let file = std::fs::File::options().write(true).open(&old).unwrap();
    file.set_modified(two_hours_ago).unwrap();
    BlobsOpendal::folder(dir.path()).await.unwrap();
    assert!(!old.exists() && new.exists());
}

#[tokio::test]
async fn files_lie_under_their_digest_and_damage_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = BlobsOpendal::folder(dir.path()).await.unwrap();
    let digest = blobs.put_bytes(Bytes::from_static(b"abc")).await.unwrap();
    // FIPS 180-4, example of SHA-256.
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let path = dir
        .path()
        .canonicalize()
        .unwrap()
        .join("sha256/ba/78")
        .join(hex);
    assert_eq!(
        blobs
            .local_path(&digest, Path::new("/nowhere"))
            .await
            .unwrap(),
        path
    );
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
    replace(&path, b"abd");
    let damaged = blobs.read(&digest).await;
    assert!(
        matches!(damaged, Err(BlobError::Digest { .. })),
        "{damaged:?}"
    );
    // A file cut short, as by a failing disk, is replaced by the next put.
    replace(&path, b"a");
    blobs.put_bytes(Bytes::from_static(b"abc")).await.unwrap();
    assert_eq!(blobs.read(&digest).await.unwrap().as_ref(), b"abc");
    assert!(blobs.describe().starts_with("folder /"));
}

fn replace(path: &Path, bytes: &[u8]) {
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A file system of 1 MiB, where the machine lets us mount one.
#[tokio::test]
async fn a_full_disk_is_reported_as_full() {
    let dir = tempfile::tempdir().unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(dir.path())
        .output();
    if !mounted.is_ok_and(|done| done.status.success()) {
        println!("skipped: no right to mount a small file system");
        return;
    }
    let blobs = BlobsOpendal::folder(dir.path()).await.unwrap();
    let full = blobs.put_bytes(vec![1; 4_000_000].into()).await;
    let left = count(&dir.path().join("tmp"));
    let small = blobs.put_bytes(Bytes::from_static(b"small")).await;
    let unmounted = std::process::Command::new("umount")
        .arg(dir.path())
        .status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert!(matches!(full, Err(BlobError::Full(_))), "{full:?}");
    assert_eq!(left, 0, "a temporary file fills the disk");
    assert!(small.is_ok());
}
