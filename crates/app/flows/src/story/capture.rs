//! Capture: reads the run's take, or performs one from the run's seed.

use super::{Outcome, Step};
use crate::worker::{JobError, blocking};
use backlot_capture::procedural::{PerformanceSettings, perform};
use backlot_capture::take::SourceFormat;
use backlot_facts::NewFact;
use backlot_geom::{MarkerTrajectories, Motion};
use backlot_ports::records::Take;
use bytes::Bytes;
use serde_json::{Value, json};

/// What reading or performing gave.
struct Captured {
    source_format: String,
    motion: Motion,
    markers: Option<MarkerTrajectories>,
    warnings: Vec<String>,
    details: Value,
}

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let context = step.context;
    let captured = match &step.run.take_source {
        Some(source) => {
            context.progress(0.1, "reading the take");
            let bytes = context.house.blobs.read(&source.blob).await?;
            let name = source.file_name.clone();
            blocking(move || read(&name, &bytes)).await?
        }
        None => {
            context.progress(0.1, "performing");
            let (seed, seconds) = (step.seed(), context.house.settings.preview_secs_max);
            blocking(move || Ok(performed(seed, seconds))).await?
        }
    };
    for warning in &captured.warnings {
        context.log(warning).await;
    }
    context.check_cancelled()?;
    let take = store_take(step, &captured).await?;
    let source = step
        .run
        .take_source
        .as_ref()
        .map_or("generated", |s| s.file_name.as_str());
    let headline = format!(
        "{source}: {} frames at {:.2} Hz, {} joints, {} markers",
        take.frames, take.frame_rate_hz, take.joints, take.markers
    );
    let figures = json!({
        "headline": headline,
        "take_id": take.id,
        "source": source,
        "source_format": take.source_format,
        "frames": take.frames,
        "frame_rate_hz": take.frame_rate_hz,
        "duration_secs": take.duration_us as f64 / 1e6,
        "joints": take.joints,
        "markers": take.markers,
        "warnings": take.warnings,
        "details": captured.details,
    });
    let recorded = json!({
        "take_id": take.id, "work_id": take.work_id, "name": take.name, "frames": take.frames,
        "source_format": take.source_format, "source": take.source_blob, "motion": take.motion_blob,
    });
    let commit = step
        .commit()
        .fact(NewFact::new(
            format!("take/{}", take.id),
            "take-recorded",
            recorded,
        ))
        .put(&take)?;
    Ok(Outcome { figures, commit })
}

fn read(name: &str, bytes: &[u8]) -> Result<Captured, JobError> {
    let take =
        backlot_capture::read_take(name, bytes).map_err(|error| JobError::refused(&error))?;
    let details = json!({
        "analog_channels": take.analog_channels.len(),
        "events": take.events.len(),
        "solve": take.report,
    });
    Ok(Captured {
        source_format: match take.source_format {
            SourceFormat::Bvh => "bvh",
            SourceFormat::C3d => "c3d",
        }
        .to_owned(),
        motion: take.motion,
        markers: take.markers,
        warnings: take.warnings,
        details,
    })
}

fn performed(seed: u64, seconds: f64) -> Captured {
    let settings = PerformanceSettings {
        seed,
        seconds,
        ..PerformanceSettings::default()
    };
    Captured {
        source_format: "procedural".to_owned(),
        motion: perform(&settings),
        markers: None,
        warnings: Vec::new(),
        details: json!({ "seed": seed.to_string() }),
    }
}

async fn store_take(step: &Step<'_>, captured: &Captured) -> Result<Take, JobError> {
    let blobs = step.context.house.blobs.as_ref();
    let motion_json =
        serde_json::to_vec(&captured.motion).map_err(|error| JobError::failed(&error))?;
    let motion = &captured.motion;
    let name = step.run.take_source.as_ref().map_or_else(
        || "generated performance".to_owned(),
        |source| crate::evidence::bare_name(&source.file_name),
    );
    Ok(Take {
        id: step.id("take").to_string(),
        work_id: step.run.work_id.clone(),
        run_id: step.run.id.clone(),
        name,
        source_format: captured.source_format.clone(),
        source_blob: step
            .run
            .take_source
            .as_ref()
            .map(|source| source.blob.clone()),
        frames: motion.frames() as i64,
        frame_rate_hz: motion.frame_rate_hz,
        duration_us: (motion.duration_secs() * 1e6).round() as i64,
        joints: motion.skeleton.joints.len() as i64,
        markers: captured
            .markers
            .as_ref()
            .map_or(0, |m| m.labels.len() as i64),
        warnings: captured.warnings.clone(),
        motion_blob: blobs.put_bytes(Bytes::from(motion_json)).await?,
        markers_blob: match &captured.markers {
            Some(markers) => {
                let json = serde_json::to_vec(markers).map_err(|error| JobError::failed(&error))?;
                Some(blobs.put_bytes(Bytes::from(json)).await?)
            }
            None => None,
        },
        character_blob: None,
        clip_glb_blob: None,
        clip_bvh_blob: None,
        preview_blob: None,
        poster_blob: None,
        created: step.started,
    })
}

impl Step<'_> {
    /// The run's own number: what is generated differs from run to run and never within one.
    pub(super) fn seed(&self) -> u64 {
        let digest = backlot_facts::sha256_hex(self.run.id.as_bytes());
        u64::from_str_radix(&digest.as_str()[..16], 16).unwrap_or(1)
    }
}
