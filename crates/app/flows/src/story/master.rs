//! Master: every film of the run is decoded once to be sure of it, digested, given poster, proxy,
//! subtitles in both languages, an HLS package and a fingerprint.

use super::{Outcome, Step};
use crate::fingerprints;
use crate::worker::{JobContext, JobError, blocking};
use backlot_facts::{NewFact, Sha256Hex};
use backlot_master::hls::{self, Package, Rendition, Variant};
use backlot_master::subtitles::{Captions, Section, captions};
use backlot_master::webvtt::{self, Track};
use backlot_master::{DigestTee, Digests, LanguageTag, Probe};
use backlot_monitor::Fingerprint;
use backlot_ports::media::{HlsOutput, Media, MediaControl};
use backlot_ports::records::{Master, SourceFile, StoryRun, SubtitleTrack, Take};
use backlot_ports::store;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A film to master.
struct Film {
    /// `preview` or `video`.
    origin: &'static str,
    name: String,
    blob: Sha256Hex,
}

/// Files made from one film, still in the scratch folder.
struct Made {
    probe: Probe,
    proxy_probe: Probe,
    digests: Digests,
    poster: PathBuf,
    proxy: PathBuf,
    captions: Captions,
    package_dir: PathBuf,
    package_files: Vec<String>,
    fingerprint: Fingerprint,
}

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let films = films(step).await?;
    let mut commit = step.commit();
    let mut figures = Vec::new();
    let share = 1.0 / films.len() as f64;
    for (index, film) in films.iter().enumerate() {
        let window = (index as f64 * share, (index + 1) as f64 * share);
        let master = make_master(step, film, window).await?;
        figures.push(figures_of(&master));
        let digests = json!({
            "master_id": master.id, "origin": master.origin, "name": master.name,
            "sha256": master.sha256, "sm3": master.sm3, "blake3": master.blake3, "bytes": master.bytes,
        });
        commit = commit
            .fact(NewFact::new(
                format!("master/{}", master.id),
                "master-ingested",
                digests,
            ))
            .put(&master)?;
    }
    let names: Vec<&str> = films.iter().map(|film| film.name.as_str()).collect();
    let headline = format!(
        "{} with proxy, zh-Hans and en subtitles, HLS",
        names.join(" and ")
    );
    Ok(Outcome {
        figures: json!({ "headline": headline, "masters": figures }),
        commit,
    })
}

async fn films(step: &Step<'_>) -> Result<Vec<Film>, JobError> {
    let take_id = step.id("take").to_string();
    let take = store::get::<Take>(step.context.house.store.as_ref(), &take_id)
        .await?
        .ok_or_else(|| JobError::Refused(format!("the take `{take_id}` does not exist")))?;
    let preview = take
        .preview_blob
        .ok_or_else(|| JobError::Refused("the take has no rendered preview".to_owned()))?;
    let mut films = vec![Film {
        origin: "preview",
        name: "preview.mp4".to_owned(),
        blob: preview,
    }];
    if let Some(SourceFile { blob, file_name }) = step.run.video_source.clone() {
        films.push(Film {
            origin: "video",
            name: file_name,
            blob,
        });
    }
    Ok(films)
}

async fn make_master(step: &Step<'_>, film: &Film, window: (f64, f64)) -> Result<Master, JobError> {
    let context = step.context;
    let dir = context.scratch.join(film.origin);
    let source = context
        .house
        .blobs
        .local_path(&film.blob, &context.scratch)
        .await?;
    let worker = Worker::new(context, dir, window);
    let sections = sections(&step.run, film.origin);
    let (title_zh, title_en) = (step.run.title_zh.clone(), step.run.title_en.clone());
    context.log(&format!("mastering {}", film.name)).await;
    let made = blocking(move || worker.make(&source, &title_zh, &title_en, &sections)).await?;
    store_made(step, film, made).await
}

/// What runs on a blocking thread: the media engine and nothing of the store.
struct Worker {
    media: Arc<dyn Media>,
    cancel: Arc<AtomicBool>,
    dir: PathBuf,
    reports: Vec<Box<dyn Fn(f32) + Send + Sync>>,
}

const STAGES: [(&str, f64); 5] = [
    ("decoding the whole film", 0.2),
    ("making the proxy", 0.6),
    ("packaging for HLS", 0.8),
    ("writing subtitles", 0.85),
    ("taking fingerprints", 1.0),
];

impl Worker {
    fn new(context: &JobContext, dir: PathBuf, (from, to): (f64, f64)) -> Self {
        let mut at = 0.0;
        let reports = STAGES.iter().map(|(name, end)| {
            let report = context.reporter(from + at * (to - from), from + end * (to - from), name);
            at = *end;
            Box::new(report) as Box<dyn Fn(f32) + Send + Sync>
        });
        Self {
            media: Arc::clone(&context.house.media),
            cancel: Arc::clone(&context.cancel),
            dir,
            reports: reports.collect(),
        }
    }

    fn control(&self, stage: usize) -> MediaControl<'_> {
        MediaControl {
            cancel: &self.cancel,
            on_progress: self.reports[stage].as_ref(),
        }
    }

    fn make(
        &self,
        source: &Path,
        title_zh: &str,
        title_en: &str,
        sections: &[(&'static str, &'static str)],
    ) -> Result<Made, JobError> {
        std::fs::create_dir_all(&self.dir).map_err(|error| JobError::failed(&error))?;
        let probe = self.media.validate(source, self.control(0))?;
        probe.is_playable_master().map_err(|refusals| {
            let reasons: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            JobError::Refused(format!(
                "the film cannot be a master: {}",
                reasons.join("; ")
            ))
        })?;
        let digests = digest_file(source).map_err(|error| JobError::failed(&error))?;
        let (poster, proxy) = (self.dir.join("poster.jpg"), self.dir.join("proxy.mp4"));
        self.media
            .poster(source, probe.duration_us as f64 / 3e6, &poster)?;
        self.media.proxy(source, &proxy, self.control(1))?;
        let proxy_probe = self.media.probe(&proxy)?;
        let captions = captions(
            title_zh,
            title_en,
            &timed(sections, proxy_probe.duration_us),
        );
        let package_dir = self.dir.join("hls");
        let output = self.media.hls(&proxy, &package_dir, self.control(2))?;
        (self.reports[3])(0.0);
        let package_files = write_playlists(&package_dir, output, &captions)?;
        let fingerprint = fingerprints::take(self.media.as_ref(), &proxy, self.control(4))?;
        Ok(Made {
            probe,
            proxy_probe,
            digests,
            poster,
            proxy,
            captions,
            package_dir,
            package_files,
            fingerprint,
        })
    }
}

/// What is said over the film, in thirds.
fn sections(run: &StoryRun, origin: &str) -> Vec<(&'static str, &'static str)> {
    if origin == "video" {
        return vec![
            (
                "母版已完整解码并校验",
                "This master was decoded in full and checked",
            ),
            (
                "三种摘要将登记到版权账本",
                "Its three digests go to the copyright ledger",
            ),
            (
                "可按地区、媒体、语言和期限授权",
                "It can be licensed by territory, media, language and window",
            ),
        ];
    }
    let performed = if run.take_source.is_some() {
        (
            "真实表演，来自录制的镜次",
            "A real performance, from a recorded take",
        )
    } else {
        ("表演由程序生成", "The performance is generated")
    };
    vec![
        performed,
        (
            "虚拟角色由动作数据驱动",
            "A virtual character is driven by the motion",
        ),
        (
            "从一次表演到一份付费许可",
            "From a performance to a paid licence",
        ),
    ]
}

fn timed(sections: &[(&'static str, &'static str)], duration_us: i64) -> Vec<Section> {
    let count = sections.len() as i64;
    let each = sections.iter().zip(0..).map(|((zh, en), index)| Section {
        start_us: duration_us * index / count,
        end_us: duration_us * (index + 1) / count,
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
    });
    each.collect()
}

fn digest_file(path: &Path) -> std::io::Result<Digests> {
    let mut file = File::open(path)?;
    let mut tee = DigestTee::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(tee.finish());
        }
        tee.update_parallel(&chunk[..read]);
    }
}

/// Subtitle segments and playlists beside the engine's segments; all file names, sorted.
fn write_playlists(
    dir: &Path,
    output: HlsOutput,
    captions: &Captions,
) -> Result<Vec<String>, JobError> {
    let mut files = output.files;
    let mut write = |name: String, text: String| {
        std::fs::write(dir.join(&name), text).map_err(|error| JobError::failed(&error))?;
        files.push(name);
        Ok::<(), JobError>(())
    };
    let mut subtitles = Vec::new();
    for (tag, track) in [("zh-Hans", &captions.zh), ("en", &captions.en)] {
        for (index, text) in webvtt::segment(track, &output.segment_grid_us)
            .into_iter()
            .enumerate()
        {
            write(format!("subs-{tag}-{index:05}.vtt"), text)?;
        }
        let playlist = hls::subtitle_playlist(&output.segment_grid_us, |i| {
            format!("subs-{tag}-{i:05}.vtt")
        });
        write(format!("subs-{tag}.m3u8"), playlist)?;
        subtitles.push(Rendition::new(
            format!("subs-{tag}.m3u8"),
            language(tag)?,
            tag == "zh-Hans",
        ));
    }
    let mut audio = Vec::new();
    if let Some(playlist) = output.audio_playlist {
        audio.push(Rendition::new(playlist, language("und")?, true));
    }
    let package = Package {
        variant: Variant {
            uri: output.video_playlist,
            peak_bits_per_sec: output.peak_bits_per_sec,
            mean_bits_per_sec: output.mean_bits_per_sec,
            codecs: std::iter::once(output.video_codec)
                .chain(output.audio_codec)
                .collect(),
            width: output.width,
            height: output.height,
            frame_rate: output.frame_rate,
        },
        audio,
        subtitles,
    };
    write(
        "main.m3u8".to_owned(),
        hls::multivariant(&package).map_err(|e| JobError::failed(&e))?,
    )?;
    files.sort();
    Ok(files)
}

fn language(tag: &str) -> Result<LanguageTag, JobError> {
    LanguageTag::parse(tag).map_err(|error| JobError::failed(&error))
}

async fn store_made(step: &Step<'_>, film: &Film, made: Made) -> Result<Master, JobError> {
    let blobs = step.context.house.blobs.as_ref();
    let mut package = BTreeMap::new();
    for name in made.package_files {
        let blob = blobs.put_file(&made.package_dir.join(&name), None).await?;
        package.insert(name, blob);
    }
    let mut subtitles = Vec::new();
    for (language, track) in [("zh-Hans", &made.captions.zh), ("en", &made.captions.en)] {
        subtitles.push(subtitle(blobs, language, track).await?);
    }
    let video = made.proxy_probe.main_video();
    let rate = video.map(|v| v.cfr_rate());
    let (width, height) = made.probe.main_video().map_or((0, 0), |v| v.display_size());
    let source_rate = made.probe.main_video().map(|v| v.cfr_rate());
    let probe = serde_json::to_value(&made.probe).map_err(|error| JobError::failed(&error))?;
    Ok(Master {
        id: step.id(&format!("master-{}", film.origin)).to_string(),
        work_id: step.run.work_id.clone(),
        run_id: step.run.id.clone(),
        name: film.name.clone(),
        origin: film.origin.to_owned(),
        blob: film.blob.clone(),
        bytes: made.digests.bytes as i64,
        sha256: made.digests.sha256.to_string(),
        sm3: made.digests.sm3,
        blake3: made.digests.blake3,
        duration_us: made.probe.duration_us,
        width: i64::from(width),
        height: i64::from(height),
        frame_rate_num: source_rate.map_or(0, |r| i64::from(r.num)),
        frame_rate_den: source_rate.map_or(1, |r| i64::from(r.den)),
        probe,
        poster_blob: blobs.put_file(&made.poster, None).await?,
        proxy_blob: blobs.put_file(&made.proxy, None).await?,
        proxy_frames: video.and_then(|v| v.frames).map_or(0, |f| f as i64),
        proxy_rate_num: rate.map_or(0, |r| i64::from(r.num)),
        proxy_rate_den: rate.map_or(1, |r| i64::from(r.den)),
        subtitles,
        hls: package,
        fingerprint_blob: Some(
            blobs
                .put_bytes(Bytes::from(made.fingerprint.encode()))
                .await?,
        ),
        created: step.started,
    })
}

async fn subtitle(
    blobs: &dyn backlot_ports::blobs::Blobs,
    language: &str,
    track: &Track,
) -> Result<SubtitleTrack, JobError> {
    let blob = blobs.put_bytes(Bytes::from(track.to_webvtt())).await?;
    Ok(SubtitleTrack {
        language: language.to_owned(),
        blob,
        cues: track.cues.len() as i64,
    })
}

fn figures_of(master: &Master) -> Value {
    json!({
        "id": master.id,
        "name": master.name,
        "origin": master.origin,
        "duration_secs": master.duration_us as f64 / 1e6,
        "width": master.width,
        "height": master.height,
        "frame_rate": format!("{}/{}", master.frame_rate_num, master.frame_rate_den),
        "bytes": master.bytes,
        "sha256": master.sha256,
        "sm3": master.sm3,
        "blake3": master.blake3,
        "proxy_frames": master.proxy_frames,
        "subtitles": master.subtitles.iter().map(|t| json!({ "language": t.language, "cues": t.cues })).collect::<Vec<_>>(),
        "hls_files": master.hls.len(),
    })
}
