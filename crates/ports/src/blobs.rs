//! Blobs: files named by their SHA-256, never changed once visible.

use async_trait::async_trait;
use backlot_facts::Sha256Hex;
use bytes::Bytes;
use std::ops::Range;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("no file with digest {0} is stored")]
    Missing(Sha256Hex),
    #[error("the bytes have digest {found}, expected {expected}")]
    Digest {
        expected: Sha256Hex,
        found: Sha256Hex,
    },
    #[error("no space is left for files: {0}")]
    Full(String),
    #[error("the file store failed to {doing}")]
    Backend {
        doing: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Content-addressed files. A put is visible only after the digest of all bytes was checked.
#[async_trait]
pub trait Blobs: Send + Sync {
    async fn put_bytes(&self, bytes: Bytes) -> Result<Sha256Hex, BlobError>;
    /// Copies a local file in; with `expected`, refuses other bytes.
    async fn put_file(
        &self,
        path: &Path,
        expected: Option<&Sha256Hex>,
    ) -> Result<Sha256Hex, BlobError>;
    async fn size(&self, digest: &Sha256Hex) -> Result<Option<u64>, BlobError>;
    async fn read(&self, digest: &Sha256Hex) -> Result<Bytes, BlobError>;
    /// `range` is half-open and lies inside the file.
    async fn read_range(&self, digest: &Sha256Hex, range: Range<u64>) -> Result<Bytes, BlobError>;
    /// A local path with these bytes, read-only, for tools that need a file. A folder store gives
    /// its own file; others download into `scratch`.
    async fn local_path(&self, digest: &Sha256Hex, scratch: &Path) -> Result<PathBuf, BlobError>;
    /// `folder` or `s3`, and where, without secrets; for `doctor`.
    fn describe(&self) -> String;
}
