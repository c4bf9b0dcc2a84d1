//! Evidence: submits a claim to the authorities and keeps the package; verifies and hands it out.

use crate::House;
use crate::worker::{JobError, blocking};
use backlot_facts::{Id, NewFact};
use backlot_master::DigestTee;
use backlot_ports::authorities::{AuthorityError, LedgerStatus};
use backlot_ports::blobs::BlobError;
use backlot_ports::records::{Evidence, SignedBy};
use backlot_ports::store::{self, Compare, Query, StoreError};
use backlot_register::{Claim, ClaimFile, EvidenceCode, Verdict, build_package, verify};
use bytes::Bytes;
use serde_json::json;
use std::io::Read;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    #[error("the evidence `{0}` does not exist")]
    NoSuchEvidence(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error(transparent)]
    Authorities(#[from] AuthorityError),
    #[error("the work on the ledger stopped unexpectedly")]
    Stopped,
}

/// Registers a claim and packs its evidence. The same claim again gives the same entry.
pub(crate) async fn register(
    house: &House,
    id: Id,
    work_id: &str,
    claim: Claim,
) -> Result<Evidence, JobError> {
    let authorities = Arc::clone(&house.authorities);
    let now = house.now();
    let registered = claim.registered_at;
    let (package, index, tree_size, leaf_hash) = {
        let claim = claim.clone();
        blocking(move || {
            let leaf = claim
                .to_bytes()
                .map_err(|error| JobError::refused(&error))?;
            let receipt = authorities
                .submit(&leaf, now)
                .map_err(|error| JobError::failed(&error))?;
            let parts = authorities
                .evidence(receipt.index)
                .map_err(|error| JobError::failed(&error))?;
            let package = build_package(&parts).map_err(|error| JobError::failed(&error))?;
            Ok((package, receipt.index, receipt.tree_size, receipt.leaf_hash))
        })
        .await?
    };
    let verdict = verify(&package, &[], None);
    if let Some(failure) = verdict.failures.first() {
        return Err(JobError::Failed(format!(
            "the package just written does not verify: {}: {}",
            failure.entry, failure.detail
        )));
    }
    let code = verdict
        .code
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let act = serde_json::to_value(claim.act).map_err(|error| JobError::failed(&error))?;
    Ok(Evidence {
        id: id.to_string(),
        code,
        work_id: work_id.to_owned(),
        act: act.as_str().unwrap_or_default().to_owned(),
        title_zh: claim.title.zh.clone(),
        title_en: claim.title.en.clone(),
        leaf_index: i64::try_from(index).unwrap_or(i64::MAX),
        tree_size: i64::try_from(tree_size).unwrap_or(i64::MAX),
        leaf_hash: hex::encode(leaf_hash),
        signed_by: signed_by(&verdict),
        claim: serde_json::to_value(&claim).map_err(|error| JobError::failed(&error))?,
        package_bytes: i64::try_from(package.len()).unwrap_or(i64::MAX),
        package_blob: house.blobs.put_bytes(Bytes::from(package)).await?,
        registered,
    })
}

pub(crate) fn registered_fact(evidence: &Evidence) -> NewFact {
    NewFact::new(
        format!("evidence/{}", evidence.id),
        "evidence-registered",
        json!({
            "evidence_id": evidence.id,
            "code": evidence.code,
            "act": evidence.act,
            "work_id": evidence.work_id,
            "leaf_index": evidence.leaf_index,
            "leaf_hash": evidence.leaf_hash,
            "package": evidence.package_blob,
        }),
    )
}

fn signed_by(verdict: &Verdict) -> Vec<SignedBy> {
    let signed = verdict.cosigners.iter().filter_map(|cosigner| {
        Some(SignedBy {
            id: cosigner.id.clone(),
            name_zh: cosigner.name_zh.clone(),
            name_en: cosigner.name_en.clone(),
            signed: cosigner.signed_at?,
        })
    });
    signed.collect()
}

/// A stored file as a claim names it: three digests in one pass, a bare name.
pub(crate) async fn claim_file(
    house: &House,
    scratch: &std::path::Path,
    blob: &backlot_facts::Sha256Hex,
    kind: &str,
    name: &str,
) -> Result<ClaimFile, JobError> {
    let path = house.blobs.local_path(blob, scratch).await?;
    let digests = blocking(move || {
        let mut file = std::fs::File::open(&path).map_err(|error| JobError::failed(&error))?;
        let mut tee = DigestTee::new();
        let mut chunk = vec![0; 1 << 20];
        loop {
            let read = file
                .read(&mut chunk)
                .map_err(|error| JobError::failed(&error))?;
            if read == 0 {
                return Ok(tee.finish());
            }
            tee.update_parallel(&chunk[..read]);
        }
    })
    .await?;
    Ok(ClaimFile {
        blake3: parse_hex(&digests.blake3)?,
        bytes: digests.bytes,
        kind: kind.to_owned(),
        name: bare_name(name),
        sha256: digests.sha256,
        sm3: parse_hex(&digests.sm3)?,
    })
}

pub(crate) fn parse_hex(digest: &str) -> Result<backlot_facts::Sha256Hex, JobError> {
    backlot_facts::Sha256Hex::parse(digest).map_err(|error| JobError::failed(&error))
}

/// What remains of a name without folders and control characters; never empty.
pub(crate) fn bare_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.trim().is_empty() || clean == "." || clean == ".." {
        "file".to_owned()
    } else {
        clean
    }
}

pub async fn load(house: &House, id: &str) -> Result<Evidence, EvidenceError> {
    store::get::<Evidence>(house.store.as_ref(), id)
        .await?
        .ok_or_else(|| EvidenceError::NoSuchEvidence(id.to_owned()))
}

/// Finds evidence by its public code, as people type it.
pub async fn by_code(house: &House, code: &str) -> Result<Evidence, EvidenceError> {
    let missing = || EvidenceError::NoSuchEvidence(code.chars().take(40).collect());
    let code = EvidenceCode::parse_lenient(code).map_err(|_| missing())?;
    let query = Query::by("registered")
        .filter("code", Compare::Equal, code.to_string())
        .limit(1);
    let mut page = store::list::<Evidence>(house.store.as_ref(), &query).await?;
    page.rows.pop().ok_or_else(missing)
}

/// The package file.
pub async fn package(house: &House, id: &str) -> Result<Bytes, EvidenceError> {
    let evidence = load(house, id).await?;
    Ok(house.blobs.read(&evidence.package_blob).await?)
}

/// Checks the stored package again, as `backlot verify` would.
pub async fn verify_stored(house: &House, id: &str) -> Result<Verdict, EvidenceError> {
    let package = package(house, id).await?;
    let check = tokio::task::spawn_blocking(move || verify(&package, &[], None));
    check.await.map_err(|_| EvidenceError::Stopped)
}

/// The ledger and its authorities.
pub async fn ledger(house: &House) -> Result<LedgerStatus, EvidenceError> {
    let authorities = Arc::clone(&house.authorities);
    let status = tokio::task::spawn_blocking(move || authorities.status());
    Ok(status.await.map_err(|_| EvidenceError::Stopped)??)
}
