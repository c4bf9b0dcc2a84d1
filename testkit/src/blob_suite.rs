//! What every blob adapter must do. Each case takes an adapter over an empty place.

#![expect(clippy::unwrap_used, reason = "a case of a suite fails by panicking")]

use crate::SeededRandom;
use backlot_facts::{Sha256Hex, sha256_hex};
use backlot_ports::blobs::{BlobError, Blobs};
use bytes::Bytes;
use std::sync::Arc;

pub type AnyBlobs = Arc<dyn Blobs>;

/// `blob_suite!(open)`: one test per case. `open` is an `async fn() -> Option<(AnyBlobs, Keep)>`.
#[macro_export]
macro_rules! blob_suite {
    ($open:path) => {
        $crate::blob_suite! { @each $open;
            bytes_and_files_come_back
            other_bytes_are_refused
            ranges_are_bounded
            missing_files_are_missing
            the_same_bytes_are_stored_once
            local_paths_hold_the_bytes
            a_file_that_cannot_be_read_leaves_nothing
        }
    };
    (@each $open:path; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                if let Some((blobs, _keep)) = $open().await {
                    $crate::blob_suite::$case(blobs).await;
                }
            }
        )*
    };
}

fn noise(seed: u64, bytes: usize) -> Bytes {
    let mut noise = vec![0; bytes];
    SeededRandom::new(seed).fill(&mut noise);
    noise.into()
}

/// Sizes around the pieces adapters cut: empty, one byte, a piece and its neighbours, many parts.
pub async fn bytes_and_files_come_back(blobs: AnyBlobs) {
    let folder = tempfile::tempdir().unwrap();
    for (seed, size) in [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 40_000_000]
        .iter()
        .enumerate()
    {
        let bytes = noise(seed as u64, *size);
        let digest = sha256_hex(&bytes);
        let path = folder.path().join("given");
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(blobs.size(&digest).await.unwrap(), None);
        if seed % 2 == 0 {
            assert_eq!(blobs.put_bytes(bytes.clone()).await.unwrap(), digest);
        } else {
            assert_eq!(blobs.put_file(&path, Some(&digest)).await.unwrap(), digest);
        }
        assert_eq!(blobs.size(&digest).await.unwrap(), Some(*size as u64));
        assert!(
            blobs.read(&digest).await.unwrap() == bytes,
            "{size} bytes changed"
        );
        assert!(path.is_file(), "the given file is copied, not moved");
    }
}

pub async fn other_bytes_are_refused(blobs: AnyBlobs) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("given");
    std::fs::write(&path, b"not what was promised").unwrap();
    let expected = sha256_hex(b"promised");
    let refused = blobs.put_file(&path, Some(&expected)).await;
    assert!(
        matches!(refused, Err(BlobError::Digest { .. })),
        "{refused:?}"
    );
    assert_eq!(blobs.size(&expected).await.unwrap(), None);
    assert_eq!(
        blobs
            .size(&sha256_hex(b"not what was promised"))
            .await
            .unwrap(),
        None
    );
    // Refused as well when the expected bytes are there already.
    blobs
        .put_bytes(Bytes::from_static(b"promised"))
        .await
        .unwrap();
    assert!(blobs.put_file(&path, Some(&expected)).await.is_err());
    assert_eq!(blobs.read(&expected).await.unwrap().as_ref(), b"promised");
}

pub async fn ranges_are_bounded(blobs: AnyBlobs) {
    let bytes = noise(5, 3_000_000);
    let digest = blobs.put_bytes(bytes.clone()).await.unwrap();
    let mut random = SeededRandom::new(11);
    let mut ranges = vec![
        (0, 0),
        (0, 1),
        (0, 3_000_000),
        (2_999_999, 3_000_000),
        (3_000_000, 3_000_000),
    ];
    for _ in 0..20 {
        let start = random.below(3_000_000);
        ranges.push((start, start + random.below(3_000_001 - start)));
    }
    for (start, end) in ranges {
        let part = blobs.read_range(&digest, start..end).await.unwrap();
        let (from, to) = (
            usize::try_from(start).unwrap(),
            usize::try_from(end).unwrap(),
        );
        assert!(part == bytes[from..to], "{start}..{end}");
    }
    for (start, end) in [
        (0, 3_000_001),
        (3_000_001, 3_000_001),
        (5, 4),
        (0, u64::MAX),
        (u64::MAX, 0),
    ] {
        assert!(
            blobs.read_range(&digest, start..end).await.is_err(),
            "{start}..{end} was read"
        );
    }
}

pub async fn missing_files_are_missing(blobs: AnyBlobs) {
    let folder = tempfile::tempdir().unwrap();
    let digest: Sha256Hex = sha256_hex(b"never stored");
    assert_eq!(blobs.size(&digest).await.unwrap(), None);
    let outcomes = [
        blobs.read(&digest).await.err(),
        blobs.read_range(&digest, 0..0).await.err(),
        blobs.read_range(&digest, 0..1).await.err(),
        blobs.local_path(&digest, folder.path()).await.err(),
    ];
    for outcome in outcomes {
        assert!(
            matches!(outcome, Some(BlobError::Missing(_))),
            "{outcome:?}"
        );
    }
}

/// Twice in a row and eight times at once.
pub async fn the_same_bytes_are_stored_once(blobs: AnyBlobs) {
    let bytes = noise(3, 2_000_000);
    let first = blobs.put_bytes(bytes.clone()).await.unwrap();
    assert_eq!(blobs.put_bytes(bytes.clone()).await.unwrap(), first);
    let other = noise(4, 2_000_000);
    let writers = (0..8).map(|_| {
        let (blobs, other) = (blobs.clone(), other.clone());
        tokio::spawn(async move { blobs.put_bytes(other).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        assert_eq!(writer.await.unwrap().unwrap(), sha256_hex(&other));
    }
    assert!(blobs.read(&sha256_hex(&other)).await.unwrap() == other);
}

pub async fn local_paths_hold_the_bytes(blobs: AnyBlobs) {
    let scratch = tempfile::tempdir().unwrap();
    let bytes = noise(9, 20_000_000);
    let digest = blobs.put_bytes(bytes.clone()).await.unwrap();
    for _ in 0..2 {
        let path = blobs.local_path(&digest, scratch.path()).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == bytes);
        if path.starts_with(scratch.path()) {
            // A damaged copy is not handed out.
            std::fs::write(&path, b"damaged").unwrap();
        }
    }
    let path = blobs.local_path(&digest, scratch.path()).await.unwrap();
    assert!(std::fs::read(&path).unwrap() == bytes);
    let names = std::fs::read_dir(scratch.path()).unwrap().count();
    assert!(
        names <= 1,
        "{names} files in scratch: a partial download stayed"
    );
}

pub async fn a_file_that_cannot_be_read_leaves_nothing(blobs: AnyBlobs) {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        blobs
            .put_file(&folder.path().join("absent"), None)
            .await
            .is_err()
    );
    assert!(
        blobs.put_file(folder.path(), None).await.is_err(),
        "a folder is not a file"
    );
    let digest = blobs
        .put_bytes(Bytes::from_static(b"still works"))
        .await
        .unwrap();
    assert_eq!(blobs.read(&digest).await.unwrap().as_ref(), b"still works");
}
