//! Room on the disk that holds the data folder.

use rustix::fs::statvfs;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes this process may still write.
    pub free_bytes: u64,
    pub total_bytes: u64,
}

pub fn space(path: &Path) -> std::io::Result<Space> {
    let stat = statvfs(path)?;
    Ok(Space {
        free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
        total_bytes: stat.f_blocks.saturating_mul(stat.f_frsize),
    })
}
