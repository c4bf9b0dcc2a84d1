//! The staged file of an upload: appended under a lock, synced, measured by its real length.

use super::{FREE_BYTES_MIN, UploadError, sniff::HEAD_BYTES};
use crate::House;
use backlot_ports::records::Upload;
use rustix::fs::{FlockOperation, flock, statvfs};
use rustix::io::Errno;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// One running transfer. Holds the only lock on the part until it ends or is dropped.
#[derive(Debug)]
pub struct Append {
    upload: Upload,
    file: File,
}

impl Append {
    pub(super) async fn open(path: &Path, mut upload: Upload) -> Result<Self, UploadError> {
        let file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .await
            .map_err(|source| io("open the staged file", source))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(UploadError::InUse),
            Err(errno) => return Err(io("lock the staged file", errno.into())),
        }
        let meta = file
            .metadata()
            .await
            .map_err(|source| io("measure the staged file", source))?;
        upload.bytes_received = signed(meta.len());
        Ok(Self { upload, file })
    }

    /// Bytes on disk.
    pub fn received(&self) -> i64 {
        self.upload.bytes_received
    }

    pub(super) fn upload_id(&self) -> &str {
        &self.upload.id
    }

    /// Appends one piece; refuses what would be more than announced.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), UploadError> {
        let after = self
            .upload
            .bytes_received
            .saturating_add(signed(piece.len() as u64));
        if after > self.upload.bytes_total {
            return Err(UploadError::Overflow {
                bytes_total: self.upload.bytes_total,
            });
        }
        // Flushed, so that what counts as written has left this process.
        let written = async {
            self.file.write_all(piece).await?;
            self.file.flush().await
        };
        written
            .await
            .map_err(|source| io("write the staged file", source))?;
        self.upload.bytes_received = after;
        Ok(())
    }

    /// Flushes to the disk; the file stays locked until the second value is dropped.
    pub(super) async fn sync(mut self) -> Result<(Upload, File), UploadError> {
        let synced = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            self.file.metadata().await
        };
        let meta = synced
            .await
            .map_err(|source| io("sync the staged file", source))?;
        self.upload.bytes_received = signed(meta.len());
        Ok((self.upload, self.file))
    }
}

pub(super) fn folder(house: &House) -> PathBuf {
    house.settings.work_dir.join("uploads")
}

pub(super) async fn create(path: &Path) -> Result<(), UploadError> {
    fs::write(path, b"")
        .await
        .map_err(|source| io("create the staged file", source))
}

/// A missing file has no bytes yet: the crash came before its first one.
pub(super) async fn length(path: &Path) -> Result<i64, UploadError> {
    match fs::metadata(path).await {
        Ok(meta) => Ok(signed(meta.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(source) => Err(io("measure the staged file", source)),
    }
}

pub(super) async fn remove(path: &Path) -> Result<(), UploadError> {
    match fs::remove_file(path).await {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(io("remove the staged file", source)),
    }
}

/// The first [`HEAD_BYTES`] bytes.
pub(super) async fn head(path: &Path) -> Result<Vec<u8>, UploadError> {
    let read = async {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        File::open(path)
            .await?
            .take(HEAD_BYTES as u64)
            .read_to_end(&mut head)
            .await?;
        Ok(head)
    };
    read.await
        .map_err(|source| io("read the staged file", source))
}

/// Refuses when the file would not fit: staged once, and stored once before the staged one goes.
pub(super) async fn check_space(folder: &Path, bytes: i64) -> Result<(), UploadError> {
    fs::create_dir_all(folder)
        .await
        .map_err(|source| io("create the upload folder", source))?;
    let free = free_bytes(folder).map_err(|source| io("measure the free space", source))?;
    let needed = u64::try_from(bytes)
        .unwrap_or(0)
        .saturating_mul(2)
        .saturating_add(FREE_BYTES_MIN);
    if free < needed {
        Err(UploadError::DiskFull)
    } else {
        Ok(())
    }
}

/// Bytes this process may still write where `path` lies.
pub fn free_bytes(path: &Path) -> std::io::Result<u64> {
    let stat = statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn io(doing: &'static str, source: std::io::Error) -> UploadError {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => UploadError::DiskFull,
        _ => UploadError::Io { doing, source },
    }
}
