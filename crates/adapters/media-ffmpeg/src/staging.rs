//! Write beside the target, rename at the end, leave nothing on failure.

use backlot_ports::media::MediaError;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A file or folder that exists only until it is committed or dropped.
pub struct Staged {
    path: PathBuf,
    target: PathBuf,
    is_dir: bool,
    is_committed: bool,
}

impl Staged {
    /// A file name beside `target` with the same extension, not yet created.
    pub fn file(target: &Path) -> Self {
        Self {
            path: beside(target),
            target: target.to_owned(),
            is_dir: false,
            is_committed: false,
        }
    }

    /// An empty folder beside `target`.
    pub fn dir(target: &Path) -> Result<Self, MediaError> {
        let path = beside(target);
        std::fs::create_dir(&path).map_err(|e| io_error("create the folder", &path, e))?;
        Ok(Self {
            path,
            target: target.to_owned(),
            is_dir: true,
            is_committed: false,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs a file to disk, then moves it (or the folder) to the target's name.
    pub fn commit(mut self) -> Result<(), MediaError> {
        if self.is_dir {
            // An empty folder may stand at the target; anything else there is an error of rename.
            let _ = std::fs::remove_dir(&self.target);
        } else {
            let file = std::fs::File::open(&self.path);
            let synced = file.and_then(|file| file.sync_all());
            synced.map_err(|e| io_error("write", &self.path, e))?;
        }
        std::fs::rename(&self.path, &self.target)
            .map_err(|e| io_error("move into place", &self.target, e))?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_committed {
            return;
        }
        // Nothing can be done about a failure here; the name says what it was.
        let _ = if self.is_dir {
            std::fs::remove_dir_all(&self.path)
        } else {
            std::fs::remove_file(&self.path)
        };
    }
}

fn beside(target: &Path) -> PathBuf {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Long names stay under the 255 bytes a file system allows.
    let name: String = name
        .chars()
        .rev()
        .take(40)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let name = name.replace('%', "_");
    target.with_file_name(format!(".part-{}-{count}-{name}", std::process::id()))
}

pub fn io_error(doing: &'static str, path: &Path, source: std::io::Error) -> MediaError {
    if source.kind() == std::io::ErrorKind::StorageFull {
        return MediaError::NoSpace { doing };
    }
    MediaError::Io {
        doing,
        path: path.display().to_string(),
        source,
    }
}
