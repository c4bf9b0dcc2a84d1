//! From films to fingerprints and queries: the media engine's grey samples, fed to `monitor`.

use crate::House;
use crate::worker::JobError;
use backlot_master::Rational;
use backlot_monitor::{
    Fingerprint, FingerprintBuilder, Query, QueryBuilder, SAMPLE_FPS, SAMPLE_SIDE,
};
use backlot_ports::media::{Media, MediaControl, MediaError};
use backlot_ports::records::Master;
use backlot_ports::store;
use std::path::Path;

/// Masters compared with a suspect copy at most; a larger library needs an index.
const LIBRARY_MAX: usize = 5_000;

fn each_sample(
    media: &dyn Media,
    film: &Path,
    control: MediaControl<'_>,
    push: &mut dyn FnMut(&[u8]),
) -> Result<(), MediaError> {
    let mut on_frame = |_: u32, pixels: &[u8]| {
        push(pixels);
        true
    };
    let rate = Rational {
        num: SAMPLE_FPS,
        den: 1,
    };
    media.gray_frames(film, SAMPLE_SIDE, SAMPLE_SIDE, rate, &mut on_frame, control)?;
    Ok(())
}

/// Fingerprint of a library title.
pub(crate) fn take(
    media: &dyn Media,
    film: &Path,
    control: MediaControl<'_>,
) -> Result<Fingerprint, MediaError> {
    let mut builder = FingerprintBuilder::new();
    each_sample(media, film, control, &mut |pixels| builder.push(pixels))?;
    Ok(builder.finish())
}

/// What a suspect copy asks the library.
pub(crate) fn question(
    media: &dyn Media,
    film: &Path,
    control: MediaControl<'_>,
) -> Result<Query, MediaError> {
    let mut builder = QueryBuilder::new();
    each_sample(media, film, control, &mut |pixels| builder.push(pixels))?;
    Ok(builder.finish())
}

/// Every master's fingerprint with its id, newest first.
pub(crate) async fn library(house: &House) -> Result<Vec<(String, Fingerprint)>, JobError> {
    let mut fingerprints = Vec::new();
    let mut after = None;
    loop {
        let query = store::Query::by("created")
            .descending()
            .limit(store::Query::LIMIT_MAX)
            .after(after);
        let page = store::list::<Master>(house.store.as_ref(), &query).await?;
        for master in page.rows {
            let Some(blob) = master.fingerprint_blob else {
                continue;
            };
            let bytes = house.blobs.read(&blob).await?;
            let fingerprint = Fingerprint::decode(&bytes).map_err(|error| {
                JobError::Failed(format!(
                    "the fingerprint of master {} is unreadable: {error}",
                    master.id
                ))
            })?;
            fingerprints.push((master.id, fingerprint));
            if fingerprints.len() == LIBRARY_MAX {
                tracing::warn!(LIBRARY_MAX, "only the newest masters are compared");
                return Ok(fingerprints);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(fingerprints);
        }
    }
}
