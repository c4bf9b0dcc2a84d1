//! Files a story starts from, when they lie on this machine and not in an upload.

use crate::House;
use crate::evidence::bare_name;
use crate::uploads::sniff::{HEAD_BYTES, Kind, sniff};
use backlot_ports::blobs::BlobError;
use backlot_ports::records::{Organisation, SourceFile};
use backlot_ports::store::{self, Query, StoreError};
use std::io::Read;
use std::path::Path;

#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("the file cannot be read")]
    Read(#[source] std::io::Error),
    #[error("the file is empty; give a BVH or C3D take, or a film")]
    Empty,
    #[error("the file is neither BVH (it starts with HIERARCHY) nor C3D (its second byte is 50h)")]
    NotATake,
    #[error("the file is not a film: {0}")]
    NotAFilm(String),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

/// Takes a local file in, after a look at its first bytes; a film is also probed.
pub async fn bring_in(house: &House, path: &Path, kind: Kind) -> Result<SourceFile, SourceError> {
    let head = read_head(path).map_err(SourceError::Read)?;
    if head.is_empty() {
        return Err(SourceError::Empty);
    }
    match kind {
        Kind::Take if sniff(&head) != Some(Kind::Take) => return Err(SourceError::NotATake),
        Kind::Take => {}
        Kind::Video => {
            let (media, path) = (house.media.clone(), path.to_path_buf());
            let probed = tokio::task::spawn_blocking(move || media.probe(&path)).await;
            if let Ok(Err(error)) = probed {
                return Err(SourceError::NotAFilm(error.to_string()));
            }
        }
    }
    let blob = house.blobs.put_file(path, None).await?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(SourceFile {
        blob,
        file_name: bare_name(&name),
    })
}

fn read_head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    std::fs::File::open(path)?
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}

/// The organisation that was there first: whose works the demo makes.
pub async fn home_organisation(house: &House) -> Result<String, StoreError> {
    let page =
        store::list::<Organisation>(house.store.as_ref(), &Query::by("created").limit(1)).await?;
    Ok(page
        .rows
        .first()
        .map(|organisation| organisation.id.clone())
        .unwrap_or_default())
}
