//! Animate: a generated character takes over the motion; clip, BVH and a rendered preview.

use super::{Outcome, Step};
use crate::worker::{JobContext, JobError, blocking};
use backlot_animate::preview::{Preview, PreviewSettings};
use backlot_animate::retarget::{RetargetReport, retarget};
use backlot_animate::{Character, CharacterSettings, bvh_out, clip, generate, vrm};
use backlot_facts::{NewFact, Sha256Hex};
use backlot_geom::{MarkerTrajectories, Motion};
use backlot_master::Rational;
use backlot_ports::media::{EncodeSettings, MediaControl};
use backlot_ports::records::Take;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

const PREVIEW_RATE_HZ: u32 = 30;
const PREVIEW_CRF: u8 = 20;

/// What the character work gives, before anything is stored.
struct Animated {
    character: Character,
    motion: Motion,
    report: RetargetReport,
    vrm: Vec<u8>,
    clip_glb: Vec<u8>,
    clip_bvh: String,
}

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let context = step.context;
    let mut take = step.take().await?;
    let motion: Motion = load(context, &take.motion_blob).await?;
    let markers: Option<MarkerTrajectories> = match &take.markers_blob {
        Some(blob) => Some(load(context, blob).await?),
        None => None,
    };
    context.progress(0.05, "building the character");
    let seed = step.seed();
    let animated = blocking(move || animate(&motion, seed)).await?;
    context.check_cancelled()?;
    store_files(context, &mut take, &animated).await?;
    context.progress(0.2, "rendering the preview");
    let triangles = animated.character.triangles();
    let report = json!(animated.report);
    let (preview, poster, pictures) = render(context, animated, markers, &take.name).await?;
    let blobs = context.house.blobs.as_ref();
    take.preview_blob = Some(blobs.put_file(&preview, None).await?);
    take.poster_blob = Some(blobs.put_file(&poster, None).await?);
    let figures = json!({
        "headline": format!("{triangles} triangles, {pictures} pictures of 1280×720 rendered"),
        "triangles": triangles,
        "pictures": pictures,
        "width": 1280,
        "height": 720,
        "frame_rate_hz": PREVIEW_RATE_HZ,
        "clip_glb": take.clip_glb_blob,
        "clip_bvh": take.clip_bvh_blob,
        "preview": take.preview_blob,
        "retarget": report,
    });
    let animated_fact = json!({
        "take_id": take.id, "character": take.character_blob, "clip_glb": take.clip_glb_blob,
        "clip_bvh": take.clip_bvh_blob, "preview": take.preview_blob,
    });
    let commit = step
        .commit()
        .fact(NewFact::new(
            format!("take/{}", take.id),
            "take-animated",
            animated_fact,
        ))
        .put(&take)?;
    Ok(Outcome { figures, commit })
}

async fn load<T: DeserializeOwned>(context: &JobContext, blob: &Sha256Hex) -> Result<T, JobError> {
    let bytes = context.house.blobs.read(blob).await?;
    serde_json::from_slice(&bytes).map_err(|error| JobError::failed(&error))
}

fn animate(motion: &Motion, seed: u64) -> Result<Animated, JobError> {
    let character = generate(&CharacterSettings {
        seed,
        ..CharacterSettings::default()
    });
    let retargeted = retarget(motion, &character).map_err(|error| JobError::refused(&error))?;
    Ok(Animated {
        vrm: vrm::write_vrm(&character),
        clip_glb: clip::write_clip(&character, &retargeted.motion)
            .map_err(|error| JobError::failed(&error))?,
        clip_bvh: bvh_out::write(&retargeted.motion),
        character,
        motion: retargeted.motion,
        report: retargeted.report,
    })
}

async fn store_files(
    context: &JobContext,
    take: &mut Take,
    animated: &Animated,
) -> Result<(), JobError> {
    let blobs = context.house.blobs.as_ref();
    take.character_blob = Some(blobs.put_bytes(Bytes::from(animated.vrm.clone())).await?);
    take.clip_glb_blob = Some(
        blobs
            .put_bytes(Bytes::from(animated.clip_glb.clone()))
            .await?,
    );
    take.clip_bvh_blob = Some(
        blobs
            .put_bytes(Bytes::from(animated.clip_bvh.clone()))
            .await?,
    );
    Ok(())
}

/// Draws every picture and pipes it to the media engine. Film, poster, number of pictures.
async fn render(
    context: &JobContext,
    animated: Animated,
    markers: Option<MarkerTrajectories>,
    title: &str,
) -> Result<(PathBuf, PathBuf, usize), JobError> {
    let settings = PreviewSettings {
        frame_rate_hz: f64::from(PREVIEW_RATE_HZ),
        seconds_max: context.house.settings.preview_secs_max,
        markers,
        markers_scale: animated.report.scale,
        title: title.to_owned(),
        threads: std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(8),
        ..PreviewSettings::default()
    };
    let media = Arc::clone(&context.house.media);
    let cancel = Arc::clone(&context.cancel);
    let report = context.reporter(0.2, 1.0, "rendering the preview");
    let dir = context.scratch.clone();
    blocking(move || {
        let mut preview = Preview::new(&animated.character, &animated.motion, settings)
            .map_err(|error| JobError::failed(&error))?;
        let pictures = preview.frame_count();
        let (film, poster) = (dir.join("preview.mp4"), dir.join("poster.jpg"));
        let encode = EncodeSettings {
            width: preview.width() as u32,
            height: preview.height() as u32,
            frame_rate: Rational {
                num: PREVIEW_RATE_HZ,
                den: 1,
            },
            frames_expected: pictures as u64,
            crf: PREVIEW_CRF,
        };
        let control = MediaControl {
            cancel: &cancel,
            on_progress: &report,
        };
        let mut picture = 0;
        let mut next = |buffer: &mut Vec<u8>| {
            let more = picture < pictures;
            if more {
                preview.render(picture, buffer);
                picture += 1;
            }
            more
        };
        media.encode_rgb_frames(&encode, &film, &mut next, control)?;
        media.poster(
            &film,
            pictures as f64 / f64::from(PREVIEW_RATE_HZ) / 3.0,
            &poster,
        )?;
        Ok((film, poster, pictures))
    })
    .await
}
