//! Uploads: files that come in pieces, survive a crash, and are stored only when they are whole,
//! have the promised digest and are of a kind the story can use.
//!
//! Words: a *part* is the staged file `work_dir/uploads/<id>.part`. Its real length is the only
//! truth about what was received; the row merely repeats it.
//!
//! Invariant: nothing of an upload is reachable before `Upload::blob` is set, and names given by
//! people never become paths.

pub mod sniff;
mod stage;

pub use sniff::{Kind, sniff};
pub use stage::Append;

use crate::House;
use crate::accounts::{Action, Forbidden, SignedIn};
use backlot_facts::{Id, NewFact, Sha256Hex};
use backlot_ports::blobs::BlobError;
use backlot_ports::records::Upload;
use backlot_ports::store::{Commit, Compare, Query, StoreError, get, list};
use serde_json::json;
use std::path::PathBuf;

/// An unfinished upload is dropped after this long.
pub const ABANDONED_SECS: i64 = 7 * 86_400;
/// Disk space that stays free whatever is uploaded.
pub const FREE_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// Unfinished uploads one person may have.
pub const OPEN_MAX: usize = 50;
const NAME_CHARS_MAX: usize = 255;

#[derive(Debug, Clone)]
pub struct NewUpload {
    pub file_name: String,
    pub bytes_total: i64,
    pub expected: Option<Sha256Hex>,
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("no such upload")]
    NotFound,
    #[error("a file must have at least one byte")]
    Empty,
    #[error("{bytes_total} bytes are more than the {limit} this house accepts")]
    TooLarge { bytes_total: i64, limit: i64 },
    #[error("a file name must have 1 to {NAME_CHARS_MAX} characters and no control characters")]
    Name,
    #[error("too many unfinished uploads; finish one or wait")]
    TooMany,
    #[error("the next byte is {received}, not {given}")]
    Offset { received: i64, given: i64 },
    #[error("more bytes came than the {bytes_total} announced")]
    Overflow { bytes_total: i64 },
    #[error("another transfer of this upload is running")]
    InUse,
    #[error("the upload is already complete")]
    Complete,
    #[error("the bytes have digest {found}, announced was {expected}")]
    Digest {
        expected: Sha256Hex,
        found: Sha256Hex,
    },
    #[error(
        "the content is neither a take (BVH, C3D) nor a video (MP4, MOV, MKV, WebM, AVI, TS, MXF)"
    )]
    WrongType,
    #[error("the disk has no space left for this file")]
    DiskFull,
    #[error("failed to {doing}")]
    Io {
        doing: &'static str,
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(BlobError),
}

impl From<BlobError> for UploadError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Digest { expected, found } => Self::Digest { expected, found },
            BlobError::Full(_) => Self::DiskFull,
            other => Self::Blob(other),
        }
    }
}

/// Announces a file. Nothing is reserved but the name; the space is checked.
pub async fn create(house: &House, who: &SignedIn, new: NewUpload) -> Result<Upload, UploadError> {
    who.allow(Action::Upload)?;
    let limit = house.settings.upload_bytes_max;
    if new.bytes_total <= 0 {
        return Err(UploadError::Empty);
    }
    if new.bytes_total > limit {
        return Err(UploadError::TooLarge {
            bytes_total: new.bytes_total,
            limit,
        });
    }
    let file_name = showable_name(&new.file_name).ok_or(UploadError::Name)?;
    if open_uploads(house, &who.person.id).await? >= OPEN_MAX {
        return Err(UploadError::TooMany);
    }
    stage::check_space(&stage::folder(house), new.bytes_total).await?;
    let upload = Upload {
        id: house.new_id().to_string(),
        person_id: who.person.id.clone(),
        file_name,
        bytes_total: new.bytes_total,
        bytes_received: 0,
        expected: new.expected,
        blob: None,
        kind: None,
        created: house.now(),
    };
    stage::create(&part_path(house, &upload.id)?).await?;
    house
        .store
        .commit(Commit::new(who.actor(), house.now()).put(&upload)?)
        .await?;
    Ok(upload)
}

/// One's own upload, with what is really on disk.
pub async fn find(house: &House, who: &SignedIn, id: &str) -> Result<Upload, UploadError> {
    who.allow(Action::Upload)?;
    let found = get::<Upload>(house.store.as_ref(), id).await?;
    let mut upload = found
        .filter(|upload| upload.person_id == who.person.id)
        .ok_or(UploadError::NotFound)?;
    if upload.blob.is_none() {
        upload.bytes_received = stage::length(&part_path(house, &upload.id)?).await?;
    }
    Ok(upload)
}

/// A finished upload of this person, for starting a story with it.
pub async fn finished(house: &House, who: &SignedIn, id: &str) -> Result<Upload, UploadError> {
    let upload = find(house, who, id).await?;
    if upload.blob.is_some() {
        Ok(upload)
    } else {
        Err(UploadError::NotFound)
    }
}

/// Opens the part for one transfer that starts at `offset`; no second one can run beside it.
pub async fn begin(
    house: &House,
    who: &SignedIn,
    id: &str,
    offset: i64,
) -> Result<Append, UploadError> {
    let upload = find(house, who, id).await?;
    if upload.blob.is_some() {
        return Err(UploadError::Complete);
    }
    let path = part_path(house, &upload.id)?;
    stage::check_space(
        &stage::folder(house),
        upload.bytes_total - upload.bytes_received,
    )
    .await?;
    let append = Append::open(&path, upload).await?;
    if append.received() == offset {
        Ok(append)
    } else {
        Err(UploadError::Offset {
            received: append.received(),
            given: offset,
        })
    }
}

/// Ends a transfer: the bytes are on disk; a whole file is checked and becomes visible, a wrong
/// one is dropped with its row.
pub async fn end(house: &House, who: &SignedIn, append: Append) -> Result<Upload, UploadError> {
    let (mut upload, lock) = append.sync().await?;
    if upload.bytes_received < upload.bytes_total {
        house
            .store
            .commit(Commit::new(who.actor(), house.now()).put(&upload)?)
            .await?;
        return Ok(upload);
    }
    let path = part_path(house, &upload.id)?;
    let outcome = accept(house, &path, &upload).await;
    let (blob, kind) = match outcome {
        Ok(accepted) => accepted,
        Err(error @ (UploadError::WrongType | UploadError::Digest { .. })) => {
            drop_upload(house, &who.actor(), &upload.id).await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    upload.blob = Some(blob.clone());
    upload.kind = Some(kind.name().to_owned());
    let fact = NewFact::new(
        format!("upload/{}", upload.id),
        "file-uploaded",
        json!({ "sha256": blob, "bytes": upload.bytes_total, "kind": kind.name() }),
    );
    let commit = Commit::new(who.actor(), house.now())
        .fact(fact)
        .put(&upload)?;
    house.store.commit(commit).await?;
    stage::remove(&path).await?;
    drop(lock);
    Ok(upload)
}

/// Drops an upload whose transfer was not what was announced.
pub async fn discard(house: &House, who: &SignedIn, append: Append) -> Result<(), UploadError> {
    let id = append.upload_id().to_owned();
    drop_upload(house, &who.actor(), &id).await
}

async fn accept(
    house: &House,
    path: &std::path::Path,
    upload: &Upload,
) -> Result<(Sha256Hex, Kind), UploadError> {
    let head = stage::head(path).await?;
    let kind = sniff(&head).ok_or(UploadError::WrongType)?;
    let blob = house.blobs.put_file(path, upload.expected.as_ref()).await?;
    Ok((blob, kind))
}

/// Drops uploads that were never finished. Returns how many; the worker calls it once an hour.
pub async fn clean(house: &House) -> Result<usize, UploadError> {
    let before = house.now().plus_secs(-ABANDONED_SECS);
    let query = Query::by("created")
        .filter("created", Compare::Less, before.0)
        .limit(Query::LIMIT_MAX);
    let mut dropped = 0;
    let mut after = None;
    loop {
        let page = list::<Upload>(house.store.as_ref(), &query.clone().after(after)).await?;
        for upload in page.rows.iter().filter(|upload| upload.blob.is_none()) {
            drop_upload(house, "system", &upload.id).await?;
            dropped += 1;
        }
        after = page.next;
        if after.is_none() {
            return Ok(dropped);
        }
    }
}

async fn drop_upload(house: &House, actor: &str, id: &str) -> Result<(), UploadError> {
    let commit = Commit::new(actor, house.now()).delete::<Upload>(id);
    house.store.commit(commit).await?;
    stage::remove(&part_path(house, id)?).await
}

async fn open_uploads(house: &House, person_id: &str) -> Result<usize, StoreError> {
    let query = Query::by("created")
        .descending()
        .filter("person_id", Compare::Equal, person_id)
        .filter(
            "created",
            Compare::Greater,
            house.now().plus_secs(-ABANDONED_SECS).0,
        )
        .limit(Query::LIMIT_MAX);
    let rows = list::<Upload>(house.store.as_ref(), &query).await?.rows;
    Ok(rows.iter().filter(|upload| upload.blob.is_none()).count())
}

/// Only ids the house made become paths.
fn part_path(house: &House, id: &str) -> Result<PathBuf, UploadError> {
    let id = Id::parse(id).map_err(|_| UploadError::NotFound)?;
    Ok(stage::folder(house).join(format!("{id}.part")))
}

/// The last component, for showing. Browsers send bare names; others may send paths.
fn showable_name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let good = !last.is_empty()
        && last.chars().count() <= NAME_CHARS_MAX
        && !last.chars().any(char::is_control)
        && last != "."
        && last != "..";
    good.then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::showable_name;

    #[test]
    fn names_lose_their_folders() {
        for (given, shown) in [
            ("take.bvh", Some("take.bvh")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\takes\\动作.c3d", Some("动作.c3d")),
            ("..", None),
            ("a/..", None),
            ("", None),
            ("x\0y", None),
            ("line\nbreak", None),
        ] {
            assert_eq!(showable_name(given).as_deref(), shown, "{given:?}");
        }
        assert_eq!(showable_name(&"n".repeat(256)), None);
    }
}
