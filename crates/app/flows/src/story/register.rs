//! Register: one claim over every file of the run, signed by the authorities together.

use super::{Outcome, Step};
use crate::evidence::{claim_file, register, registered_fact};
use crate::worker::JobError;
use backlot_ports::records::{Master, Organisation, Take, Work};
use backlot_ports::store::{self, Compare, Query, StoreError};
use backlot_register::{Act, CaptureRecord, Claim, ClaimFile, FrameRate, Party, Title};
use serde_json::json;

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    step.context.progress(0.1, "writing the claim");
    let claim = claim(step).await?;
    step.context.progress(0.5, "waiting for the authorities");
    let files = claim.files.len();
    let evidence = register(
        &step.context.house,
        step.id("evidence-work"),
        &step.run.work_id,
        claim,
    )
    .await?;
    let figures = json!({
        "headline": format!("{} of the ledger, signed by {} authorities", evidence.code, evidence.signed_by.len()),
        "evidence_id": evidence.id,
        "code": evidence.code,
        "files": files,
        "leaf_index": evidence.leaf_index,
        "tree_size": evidence.tree_size,
        "leaf_hash": evidence.leaf_hash,
        "authorities": evidence.signed_by.iter().map(|s| &s.id).collect::<Vec<_>>(),
        "package_bytes": evidence.package_bytes,
        "package": "work.evidence.zip",
    });
    let commit = step
        .commit()
        .fact(registered_fact(&evidence))
        .put(&evidence)?;
    Ok(Outcome { figures, commit })
}

async fn claim(step: &Step<'_>) -> Result<Claim, JobError> {
    let house = &step.context.house;
    let title = Title {
        zh: step.run.title_zh.clone(),
        en: step.run.title_en.clone(),
    };
    let mut claim = Claim::new(
        Act::WorkRegistered,
        title,
        author(step).await?,
        step.started,
    );
    let take = step.take().await?;
    claim.capture = FrameRate::from_hz(take.frame_rate_hz).map(|frame_rate| CaptureRecord {
        frame_rate,
        frames: take.frames.unsigned_abs(),
        source_format: take.source_format.clone(),
        tool: concat!("backlot ", env!("CARGO_PKG_VERSION")).to_owned(),
    });
    for master in masters(step).await? {
        claim.files.push(master_file(&master)?);
    }
    let scratch = &step.context.scratch;
    if let Some(blob) = &take.source_blob {
        claim
            .files
            .push(claim_file(house, scratch, blob, "take", &take.name).await?);
    }
    for (blob, kind, name) in [
        (&take.clip_glb_blob, "clip", "clip.glb"),
        (&take.clip_bvh_blob, "clip", "clip.bvh"),
    ] {
        if let Some(blob) = blob {
            claim
                .files
                .push(claim_file(house, scratch, blob, kind, name).await?);
        }
    }
    Ok(claim)
}

/// Digests were taken when the master was made.
pub(super) fn master_file(master: &Master) -> Result<ClaimFile, JobError> {
    use crate::evidence::{bare_name, parse_hex};
    Ok(ClaimFile {
        blake3: parse_hex(&master.blake3)?,
        bytes: master.bytes.unsigned_abs(),
        kind: "master".to_owned(),
        name: bare_name(&master.name),
        sha256: parse_hex(&master.sha256)?,
        sm3: parse_hex(&master.sm3)?,
    })
}

pub(super) async fn author(step: &Step<'_>) -> Result<Party, JobError> {
    let store = step.context.house.store.as_ref();
    let work = store::get::<Work>(store, &step.run.work_id).await?;
    let organisation = match &work {
        Some(work) => store::get::<Organisation>(store, &work.organisation_id).await?,
        None => None,
    };
    let name = organisation.map_or_else(|| "Backlot".to_owned(), |o| o.name);
    Ok(Party {
        name: name.clone(),
        organisation: name,
    })
}

/// Masters of this run, preview first.
pub(super) async fn masters(step: &Step<'_>) -> Result<Vec<Master>, StoreError> {
    let query = Query::by("created").filter("work_id", Compare::Equal, step.run.work_id.as_str());
    let mut masters = store::list::<Master>(step.context.house.store.as_ref(), &query)
        .await?
        .rows;
    masters.sort_by(|a, b| (&a.origin, &a.id).cmp(&(&b.origin, &b.id)));
    Ok(masters)
}

impl Step<'_> {
    /// The run's take.
    pub(super) async fn take(&self) -> Result<Take, JobError> {
        let id = self.id("take").to_string();
        store::get::<Take>(self.context.house.store.as_ref(), &id)
            .await?
            .ok_or_else(|| JobError::Refused(format!("the take `{id}` does not exist")))
    }
}
