//! Files written so that a crash leaves the old or the new content, and errors that name the path.

use backlot_ports::authorities::AuthorityError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Files of this adapter that are read whole are small.
const WHOLE_BYTES_MAX: u64 = 1 << 20;

pub fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AuthorityError {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            AuthorityError::Full { path: path.into() }
        }
        _ => AuthorityError::Io {
            doing,
            path: path.into(),
            source,
        },
    }
}

/// The whole file, or `None` when there is none.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, AuthorityError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("open", path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(WHOLE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .map_err(failed("read", path))?;
    Ok(Some(bytes))
}

/// Writes beside, fsyncs, renames, fsyncs the folder. `mode` is octal, 0o600 for secrets.
pub fn write_durable(path: &Path, bytes: &[u8], mode: u32) -> Result<(), AuthorityError> {
    write_beside(path, bytes, mode, true)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Writes beside and renames, without waiting for the disk.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), AuthorityError> {
    write_beside(path, bytes, 0o644, false)
}

fn write_beside(path: &Path, bytes: &[u8], mode: u32, sync: bool) -> Result<(), AuthorityError> {
    let beside = path.with_extension("new");
    // A stale file of a crashed attempt would keep its old mode.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(failed("remove", &beside)(error));
        }
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&beside)
        .map_err(failed("create", &beside))?;
    file.write_all(bytes).map_err(failed("write", &beside))?;
    if sync {
        file.sync_all().map_err(failed("sync", &beside))?;
    }
    fs::rename(&beside, path).map_err(failed("rename", path))
}

pub fn sync_folder(folder: &Path) -> Result<(), AuthorityError> {
    let file = File::open(folder).map_err(failed("open", folder))?;
    file.sync_all().map_err(failed("sync", folder))
}

pub fn create_folder(folder: &Path) -> Result<(), AuthorityError> {
    fs::create_dir_all(folder).map_err(failed("create", folder))
}
