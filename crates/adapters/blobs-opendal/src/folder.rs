//! The folder: temporary name, flush, digest, rename, flush the folders.
//!
//! Invariant: `rename` within one file system is atomic (POSIX), so a name under `sha256/` always
//! stands for a complete file, also after a power cut.

use crate::fault::Doing;
use crate::stream::{Source, check};
use crate::{key, size};
use backlot_facts::Sha256Hex;
use backlot_ports::blobs::BlobError;
use opendal::Operator;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A temporary file untouched for this long has no writer.
const LEFTOVER_AGE: Duration = Duration::from_secs(3600);
const TEMPORARY: &str = "tmp";

pub async fn open(dir: &Path) -> Result<(Operator, PathBuf), BlobError> {
    let doing = "open the folder of files";
    tokio::fs::create_dir_all(dir.join(TEMPORARY))
        .await
        .doing(doing)?;
    let dir = tokio::fs::canonicalize(dir).await.doing(doing)?;
    remove_leftovers(&dir.join(TEMPORARY)).await.doing(doing)?;
    let builder = opendal::services::Fs::default().root(&dir.to_string_lossy());
    Ok((Operator::new(builder).doing(doing)?, dir))
}

async fn remove_leftovers(temporary: &Path) -> std::io::Result<()> {
    let mut entries = tokio::fs::read_dir(temporary).await?;
    while let Some(entry) = entries.next_entry().await? {
        // Another process may finish or remove its file at any moment: a vanished one is fine.
        let Ok(about) = entry.metadata().await else {
            continue;
        };
        let age = about
            .modified()
            .ok()
            .and_then(|at| at.elapsed().ok())
            .unwrap_or_default();
        if about.is_file() && age > LEFTOVER_AGE {
            let removed = tokio::fs::remove_file(entry.path()).await;
            removed.or_else(|e| if gone(&e) { Ok(()) } else { Err(e) })?;
        }
    }
    Ok(())
}

fn gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// Removes the temporary file on every way out, also when the caller gives up waiting.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

pub async fn put(
    operator: &Operator,
    dir: &Path,
    source: Source,
    expected: Option<&Sha256Hex>,
) -> Result<Sha256Hex, BlobError> {
    let mut pieces = source.open().await?;
    let name = format!("{TEMPORARY}/{}", hex::encode(rand::random::<[u8; 16]>()));
    let temporary = Temporary(dir.join(&name));
    let doing = "write a file";
    let mut writer = operator.writer(&name).await.doing(doing)?;
    let mut written = 0;
    while let Some(piece) = pieces.next().await? {
        written += piece.len() as u64;
        writer.write(piece).await.doing(doing)?;
    }
    // `close` flushes the bytes to the disk; what is not kept goes with `temporary`.
    writer.close().await.doing(doing)?;
    let digest = pieces.digest();
    check(expected, &digest)?;
    if size(operator, &digest).await? == Some(written) {
        return Ok(digest);
    }
    let (from, to) = (temporary.0.clone(), dir.join(key(&digest)));
    let root = dir.to_owned();
    let moved = tokio::task::spawn_blocking(move || make_visible(&from, &to, &root)).await;
    moved.doing(doing)?.doing(doing)?;
    Ok(digest)
}

/// Renames and flushes every folder from the file's up to the root, so that the name survives a
/// power cut as well.
fn make_visible(from: &Path, to: &Path, root: &Path) -> std::io::Result<()> {
    let mut permissions = std::fs::metadata(from)?.permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(from, permissions)?;
    let folder = to.parent().unwrap_or(root);
    std::fs::create_dir_all(folder)?;
    std::fs::rename(from, to)?;
    for folder in folder
        .ancestors()
        .take_while(|folder| folder.starts_with(root))
    {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
