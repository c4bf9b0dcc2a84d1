//! Case: a found copy becomes a case whose evidence is registered like a work is.

use super::register::{author, master_file, masters};
use super::{Outcome, Step};
use crate::evidence::{claim_file, register, registered_fact};
use crate::worker::JobError;
use backlot_facts::NewFact;
use backlot_ports::records::{Case, Evidence, Match};
use backlot_ports::store;
use backlot_register::{Act, Claim, EvidenceCode, Title};
use serde_json::{Value, json};

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let house = &step.context.house;
    let match_id = step.id("match-copy").to_string();
    let mut found = store::get::<Match>(house.store.as_ref(), &match_id)
        .await?
        .ok_or_else(|| JobError::Refused(format!("the match `{match_id}` does not exist")))?;
    if found.verdict != "match" {
        // Too little was alike to accuse anybody; the figures of the search say so.
        return Ok(Outcome {
            figures: step.figures("monitor").clone(),
            commit: step.commit(),
        });
    }
    let claim = claim(step, &found).await?;
    let evidence = register(house, step.id("evidence-case"), &step.run.work_id, claim).await?;
    let case = Case {
        id: step.id("case").to_string(),
        match_id: found.id.clone(),
        work_id: step.run.work_id.clone(),
        title_zh: step.run.title_zh.clone(),
        title_en: step.run.title_en.clone(),
        state: "open".to_owned(),
        evidence_id: Some(evidence.id.clone()),
        created: step.started,
    };
    found.case_id = Some(case.id.clone());
    let mut figures = step.figures("monitor").clone();
    if let Value::Object(members) = &mut figures {
        members.insert("case_id".to_owned(), json!(case.id));
        members.insert("case_evidence".to_owned(), json!(evidence.code));
        members.insert(
            "case_package".to_owned(),
            json!("infringement.evidence.zip"),
        );
    }
    let opened = json!({ "case_id": case.id, "match_id": found.id, "evidence_id": evidence.id });
    let commit = step
        .commit()
        .fact(registered_fact(&evidence))
        .fact(NewFact::new(
            format!("case/{}", case.id),
            "case-opened",
            opened,
        ))
        .put(&evidence)?
        .put(&case)?
        .put(&found)?;
    Ok(Outcome { figures, commit })
}

async fn claim(step: &Step<'_>, found: &Match) -> Result<Claim, JobError> {
    let house = &step.context.house;
    let title = Title {
        zh: step.run.title_zh.clone(),
        en: step.run.title_en.clone(),
    };
    let mut claim = Claim::new(
        Act::InfringementFound,
        title,
        author(step).await?,
        step.started,
    );
    let scratch = &step.context.scratch;
    claim.files.push(
        claim_file(
            house,
            scratch,
            &found.suspect_blob,
            "copy",
            &found.suspect_name,
        )
        .await?,
    );
    for master in masters(step)
        .await?
        .iter()
        .filter(|m| Some(&m.id) == found.master_id.as_ref())
    {
        claim.files.push(master_file(master)?);
    }
    for (number, segment) in found.segments.iter().take(10).enumerate() {
        let text = format!(
            "copy {:.2} s to {:.2} s = master {:.2} s to {:.2} s, mean distance {:.1} of 256 bits",
            segment.copy_start_us as f64 / 1e6,
            segment.copy_end_us as f64 / 1e6,
            segment.library_start_us as f64 / 1e6,
            segment.library_end_us as f64 / 1e6,
            segment.mean_distance_bits,
        );
        claim
            .details
            .insert(format!("segment_{}", number + 1), text);
    }
    let work_evidence =
        store::get::<Evidence>(house.store.as_ref(), step.id("evidence-work").as_str()).await?;
    if let Some(code) = work_evidence.and_then(|e| EvidenceCode::parse_lenient(&e.code).ok()) {
        claim.prior.push(code);
    }
    Ok(claim)
}
