//! Monitor: an altered copy and an unrelated film are made, and both are looked up in the library.

use super::register::masters;
use super::{Outcome, Step};
use crate::fingerprints;
use crate::worker::{JobError, blocking};
use backlot_facts::NewFact;
use backlot_monitor::{Hit, Query, Segment, Verdict, search};
use backlot_ports::media::{AlterSettings, MediaControl};
use backlot_ports::records::{Master, Match, MatchSegment};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

const UNRELATED_SECS: f64 = 10.0;
const EXCERPT_SECS: f64 = 60.0;

/// A suspect film on disk and what it asks the library.
struct Suspect {
    role: &'static str,
    name: String,
    film: PathBuf,
    query: Query,
}

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let context = step.context;
    // The most telling film of the run: the given one, else our own preview.
    let masters = masters(step).await?;
    let master = masters
        .iter()
        .max_by_key(|master| master.origin == "video")
        .ok_or_else(|| JobError::Refused("the run has no master".to_owned()))?;
    let suspects = make_suspects(step, master).await?;
    context.progress(0.9, "searching the library");
    let library = fingerprints::library(&context.house).await?;
    let titles = library.len();
    let mut commit = step.commit();
    let mut figures = json!({ "library_titles": titles });
    let library = Arc::new(library);
    for suspect in suspects {
        let Suspect {
            role,
            name,
            film,
            query,
        } = suspect;
        let searched = Arc::clone(&library);
        let hit = blocking(move || Ok(search(&searched, &query).into_iter().next())).await?;
        let record = record(step, role, name, &film, hit).await?;
        figures[role] = figures_of(&record);
        let compared = json!({
            "match_id": record.id, "suspect": record.suspect_name, "verdict": record.verdict,
            "master_id": record.master_id, "blob": record.suspect_blob,
        });
        commit = commit
            .fact(NewFact::new(
                format!("match/{}", record.id),
                "copy-compared",
                compared,
            ))
            .put(&record)?;
    }
    figures["headline"] = json!(headline(&figures));
    Ok(Outcome { figures, commit })
}

fn headline(figures: &Value) -> String {
    let segment = &figures["copy"]["segments"][0];
    let secs = |member: &str| segment[member].as_f64().unwrap_or(0.0) / 1e6;
    format!(
        "altered copy: {}, seconds {:.1} to {:.1}; unrelated film: {}",
        figures["copy"]["verdict"].as_str().unwrap_or_default(),
        secs("library_start_us"),
        secs("library_end_us"),
        figures["unrelated"]["verdict"].as_str().unwrap_or_default(),
    )
}

async fn make_suspects(step: &Step<'_>, master: &Master) -> Result<Vec<Suspect>, JobError> {
    let context = step.context;
    let source = context
        .house
        .blobs
        .local_path(&master.blob, &context.scratch)
        .await?;
    let media = Arc::clone(&context.house.media);
    let cancel = Arc::clone(&context.cancel);
    let making = context.reporter(0.0, 0.4, "making an altered copy");
    let inventing = context.reporter(0.4, 0.7, "making an unrelated film");
    let asking = context.reporter(0.7, 0.9, "fingerprinting both");
    let excerpt = excerpt(master.duration_us);
    let (dir, seed) = (context.scratch.clone(), step.seed());
    blocking(move || {
        let (copy, unrelated) = (dir.join("copy.mp4"), dir.join("unrelated.mp4"));
        let watch = |report| MediaControl {
            cancel: &cancel,
            on_progress: report,
        };
        media.altered_copy(&source, &copy, &excerpt, watch(&making))?;
        media.unrelated_clip(&unrelated, UNRELATED_SECS, seed, watch(&inventing))?;
        let mut suspects = Vec::new();
        for (role, name, film) in [
            ("copy", "altered copy.mp4", copy),
            ("unrelated", "unrelated film.mp4", unrelated),
        ] {
            let query = fingerprints::question(media.as_ref(), &film, watch(&asking))?;
            suspects.push(Suspect {
                role,
                name: name.to_owned(),
                film,
                query,
            });
        }
        Ok(suspects)
    })
    .await
}

/// Re-encoded at a low bitrate, 5 % cropped, 360 lines; of a long film only a minute from its first
/// quarter on, as people steal it.
fn excerpt(duration_us: i64) -> AlterSettings {
    let secs = duration_us as f64 / 1e6;
    let is_long = secs > EXCERPT_SECS * 1.5;
    AlterSettings {
        start_secs: if is_long { secs / 4.0 } else { 0.0 },
        duration_secs: is_long.then_some(EXCERPT_SECS),
        ..AlterSettings::default()
    }
}

async fn record(
    step: &Step<'_>,
    role: &str,
    suspect_name: String,
    film: &std::path::Path,
    hit: Option<Hit<String>>,
) -> Result<Match, JobError> {
    let blob = step.context.house.blobs.put_file(film, None).await?;
    let (verdict, segments) = match hit.as_ref().map(|hit| &hit.verdict) {
        Some(Verdict::Match { segments }) => ("match", segments.clone()),
        Some(Verdict::Weak { segment }) => ("weak", vec![segment.clone()]),
        Some(Verdict::InsufficientContent) => ("insufficient-content", Vec::new()),
        Some(Verdict::NoMatch) | None => ("no-match", Vec::new()),
    };
    let score = hit
        .as_ref()
        .map_or(0.0, |hit| f64::from(hit.verdict.score()));
    Ok(Match {
        id: step.id(&format!("match-{role}")).to_string(),
        work_id: step.run.work_id.clone(),
        run_id: step.run.id.clone(),
        master_id: hit.filter(|_| verdict != "no-match").map(|hit| hit.id),
        suspect_name,
        suspect_proxy_blob: Some(blob.clone()),
        suspect_blob: blob,
        verdict: verdict.to_owned(),
        score,
        segments: segments.iter().map(segment).collect(),
        case_id: None,
        created: step.started,
    })
}

fn segment(found: &Segment) -> MatchSegment {
    let edits = [
        (found.edits.is_mirrored, "mirror"),
        (found.edits.is_letterboxed, "letterbox"),
        (found.edits.is_cropped, "crop"),
        (found.edits.is_reversed, "reversed"),
    ];
    MatchSegment {
        library_start_us: found.library_start_us,
        library_end_us: found.library_end_us,
        copy_start_us: found.copy_start_us,
        copy_end_us: found.copy_end_us,
        mean_distance_bits: f64::from(found.mean_distance),
        edits: edits
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, name)| (*name).to_owned())
            .collect(),
    }
}

fn figures_of(record: &Match) -> Value {
    json!({
        "match_id": record.id,
        "suspect": record.suspect_name,
        "verdict": record.verdict,
        "master_id": record.master_id,
        "score": record.score,
        "segments": record.segments,
    })
}
