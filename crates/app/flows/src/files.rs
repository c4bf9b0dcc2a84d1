//! Which stored files a person may fetch: those that a record he may read lists, and no others.
//!
//! Digests are not indexed in the store, so [`Reach`] remembers what it saw in the rows, newest
//! rows first. Records only ever gain files, so what was reachable stays so; a digest that is
//! nowhere costs one look through all rows per change of the journal, not per request.

use crate::House;
use crate::accounts::{Action, SignedIn};
use crate::reading::{Listed, ReadError};
use backlot_facts::Sha256Hex;
use backlot_ports::records::{Evidence, Master, Match, Take};
use backlot_ports::store::{Query, StoreError, list};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Digests remembered; when more come, the memory starts anew.
pub const REMEMBERED_MAX: usize = 200_000;

/// A record that lists stored files.
trait Lists: Listed {
    fn blobs(&self) -> Vec<&Sha256Hex>;
}

impl Lists for Take {
    fn blobs(&self) -> Vec<&Sha256Hex> {
        let given = [
            &self.source_blob,
            &self.markers_blob,
            &self.character_blob,
            &self.clip_glb_blob,
            &self.clip_bvh_blob,
            &self.preview_blob,
            &self.poster_blob,
        ];
        given
            .into_iter()
            .flatten()
            .chain([&self.motion_blob])
            .collect()
    }
}

impl Lists for Master {
    fn blobs(&self) -> Vec<&Sha256Hex> {
        let own = [&self.blob, &self.poster_blob, &self.proxy_blob];
        let subtitles = self.subtitles.iter().map(|track| &track.blob);
        own.into_iter()
            .chain(subtitles)
            .chain(self.hls.values())
            .chain(&self.fingerprint_blob)
            .collect()
    }
}

impl Lists for Evidence {
    fn blobs(&self) -> Vec<&Sha256Hex> {
        vec![&self.package_blob]
    }
}

impl Lists for Match {
    fn blobs(&self) -> Vec<&Sha256Hex> {
        [&self.suspect_blob]
            .into_iter()
            .chain(&self.suspect_proxy_blob)
            .collect()
    }
}

#[derive(Debug, Default)]
struct Memory {
    /// What a role must be allowed to read for each digest.
    needs: BTreeMap<Sha256Hex, Action>,
    /// Journal number at which all rows were looked through.
    complete_at: Option<i64>,
}

/// Remembers which digests the rows list.
#[derive(Debug, Default)]
pub struct Reach(Mutex<Memory>);

/// The size of a stored file that this person may fetch.
pub async fn open(
    house: &House,
    who: &SignedIn,
    reach: &Reach,
    digest: &Sha256Hex,
) -> Result<u64, ReadError> {
    who.allow(Action::ReadTakes)?;
    let needs = reach
        .needs(house, digest)
        .await?
        .ok_or(ReadError::NotFound)?;
    who.allow(needs)?;
    size(house, digest).await?.ok_or(ReadError::NotFound)
}

/// The digest and size of one member of a master's HLS package.
pub async fn open_hls(
    house: &House,
    who: &SignedIn,
    master_id: &str,
    file: &str,
) -> Result<(Sha256Hex, u64), ReadError> {
    let master = crate::reading::one::<Master>(house, who, master_id).await?;
    let digest = master.hls.get(file).cloned().ok_or(ReadError::NotFound)?;
    let size = size(house, &digest).await?.ok_or(ReadError::NotFound)?;
    Ok((digest, size))
}

async fn size(house: &House, digest: &Sha256Hex) -> Result<Option<u64>, ReadError> {
    house.blobs.size(digest).await.map_err(ReadError::Blob)
}

impl Reach {
    async fn needs(&self, house: &House, digest: &Sha256Hex) -> Result<Option<Action>, StoreError> {
        if let Some(known) = self.memory(|memory| memory.needs.get(digest).copied()) {
            return Ok(Some(known));
        }
        let newest = house.store.audit(i64::MAX, None, None, 1).await?;
        let now = newest.first().map_or(0, |fact| fact.seq);
        if self.memory(|memory| memory.complete_at == Some(now)) {
            return Ok(None);
        }
        let found = self.look::<Take>(house, digest).await?
            || self.look::<Master>(house, digest).await?
            || self.look::<Match>(house, digest).await?
            || self.look::<Evidence>(house, digest).await?;
        if found {
            return Ok(self.memory(|memory| memory.needs.get(digest).copied()));
        }
        self.memory(|memory| memory.complete_at = Some(now));
        Ok(None)
    }

    /// Newest rows first, until the digest is met.
    async fn look<R: Lists>(&self, house: &House, digest: &Sha256Hex) -> Result<bool, StoreError> {
        let query = Query::by(R::NEWEST).descending().limit(100);
        let mut after = None;
        loop {
            let page = list::<R>(house.store.as_ref(), &query.clone().after(after)).await?;
            let met = self.memory(|memory| {
                for blob in page.rows.iter().flat_map(Lists::blobs) {
                    if memory.needs.len() >= REMEMBERED_MAX {
                        memory.needs.clear();
                        memory.complete_at = None;
                    }
                    memory.needs.entry(blob.clone()).or_insert(R::READ);
                }
                memory.needs.contains_key(digest)
            });
            after = page.next;
            if met || after.is_none() {
                return Ok(met);
            }
        }
    }

    fn memory<T>(&self, ask: impl FnOnce(&mut Memory) -> T) -> T {
        ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
