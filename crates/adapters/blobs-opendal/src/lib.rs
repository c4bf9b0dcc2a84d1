//! Blobs in a folder or in an S3 bucket, through opendal.
//!
//! A file is stored as `sha256/ab/cd/<64 hex digits>`. In a folder it is written as `tmp/<random>`,
//! flushed to the disk, compared with the digest, renamed, and the folders are flushed too. In a
//! bucket the digest is known before the upload and checked again while it runs; an upload that
//! was not completed is not visible (Amazon S3, "multipart upload").
//! Invariant: under a digest's name there are only bytes with that digest, or nothing.
//! This adapter is not trusted: whole reads are hashed again.

mod fault;
mod folder;
mod s3;
mod stream;

use async_trait::async_trait;
use backlot_facts::{Sha256Hex, sha256_hex};
use backlot_ports::blobs::{BlobError, Blobs};
use bytes::Bytes;
use fault::{Doing, refused};
use opendal::{ErrorKind, Operator};
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use s3::S3Config;

/// Content-addressed files. Cheap to clone.
#[derive(Clone)]
pub struct BlobsOpendal {
    operator: Operator,
    place: Place,
}

#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    S3 { described: String },
}

impl std::fmt::Debug for BlobsOpendal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BlobsOpendal")
            .field(&self.describe())
            .finish()
    }
}

impl BlobsOpendal {
    /// Files in this folder, which is made when missing. Leftovers of writers that died more than
    /// an hour ago are removed.
    pub async fn folder(dir: impl AsRef<Path>) -> Result<Self, BlobError> {
        let (operator, dir) = folder::open(dir.as_ref()).await?;
        Ok(Self {
            operator,
            place: Place::Folder(dir),
        })
    }

    /// Files in a bucket. Nothing is asked of the server before the first use.
    pub fn s3(config: &S3Config) -> Result<Self, BlobError> {
        let operator = s3::open(config)?;
        Ok(Self {
            operator,
            place: Place::S3 {
                described: config.describe(),
            },
        })
    }

    /// Takes whatever `source` gives until it ends.
    async fn put(
        &self,
        source: stream::Source,
        expected: Option<&Sha256Hex>,
    ) -> Result<Sha256Hex, BlobError> {
        match &self.place {
            Place::Folder(dir) => {
                // A put goes on when its caller gives up: dropped in the middle, a file that is
                // just being created would stay behind.
                let (operator, dir) = (self.operator.clone(), dir.clone());
                let expected = expected.cloned();
                let put =
                    async move { folder::put(&operator, &dir, source, expected.as_ref()).await };
                tokio::spawn(put).await.doing("write a file")?
            }
            Place::S3 { .. } => s3::put(&self.operator, source, expected).await,
        }
    }
}

/// `sha256/ab/cd/<64 hex digits>`.
fn key(digest: &Sha256Hex) -> String {
    let hex = digest.as_str();
    format!("sha256/{}/{}/{hex}", &hex[..2], &hex[2..4])
}

/// Bytes stored under a digest's name, `None` = nothing is.
async fn size(operator: &Operator, digest: &Sha256Hex) -> Result<Option<u64>, BlobError> {
    match operator.stat(&key(digest)).await {
        Ok(about) => Ok(Some(about.content_length())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing("look for a file"),
    }
}

#[async_trait]
impl Blobs for BlobsOpendal {
    async fn put_bytes(&self, bytes: Bytes) -> Result<Sha256Hex, BlobError> {
        self.put(stream::Source::Bytes(bytes), None).await
    }

    async fn put_file(
        &self,
        path: &Path,
        expected: Option<&Sha256Hex>,
    ) -> Result<Sha256Hex, BlobError> {
        self.put(stream::Source::File(path.to_owned()), expected)
            .await
    }

    async fn size(&self, digest: &Sha256Hex) -> Result<Option<u64>, BlobError> {
        size(&self.operator, digest).await
    }

    async fn read(&self, digest: &Sha256Hex) -> Result<Bytes, BlobError> {
        let read = self.operator.read(&key(digest)).await;
        let bytes = fault::present(read, digest, "read a file")?.to_bytes();
        let found = sha256_hex(&bytes);
        if found == *digest {
            return Ok(bytes);
        }
        Err(BlobError::Digest {
            expected: digest.clone(),
            found,
        })
    }

    async fn read_range(&self, digest: &Sha256Hex, range: Range<u64>) -> Result<Bytes, BlobError> {
        let Some(size) = self.size(digest).await? else {
            return Err(BlobError::Missing(digest.clone()));
        };
        if range.start > range.end || range.end > size {
            let why = format!("{}..{} is not inside 0..{size}", range.start, range.end);
            return Err(refused("read a part of a file", why));
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let doing = "read a part of a file";
        let wanted = range.end - range.start;
        let read = self.operator.read_with(&key(digest)).range(range).await;
        let bytes = fault::present(read, digest, doing)?.to_bytes();
        if bytes.len() as u64 == wanted {
            return Ok(bytes);
        }
        Err(refused(
            doing,
            format!("{} bytes came back, {wanted} were asked for", bytes.len()),
        ))
    }

    async fn local_path(&self, digest: &Sha256Hex, scratch: &Path) -> Result<PathBuf, BlobError> {
        match &self.place {
            Place::Folder(dir) => match self.size(digest).await? {
                Some(_) => Ok(dir.join(key(digest))),
                None => Err(BlobError::Missing(digest.clone())),
            },
            Place::S3 { .. } => s3::download(&self.operator, digest, scratch).await,
        }
    }

    fn describe(&self) -> String {
        match &self.place {
            Place::Folder(dir) => format!("folder {}", dir.display()),
            Place::S3 { described } => described.clone(),
        }
    }
}
