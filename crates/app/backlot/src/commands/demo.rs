//! `backlot demo`: one performance, all the way to a paid licence, through the same jobs the server
//! runs. Progress goes to standard error, the JSON object to standard output.

use super::serve;
use crate::config::Config;
use crate::house::{Opened, Role};
use anyhow::{Context, Result, bail};
use backlot_flows::story::{self, StartStory};
use backlot_flows::uploads::sniff::Kind;
use backlot_flows::{House, accounts, worker};
use backlot_ports::records::{Evidence, Master, SourceFile, StoryRun, StoryStep, Take};
use backlot_ports::store::{self, Compare, Query, Record};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::sync::watch;

#[derive(clap::Args)]
pub struct Args {
    /// A recorded performance, BVH or C3D; a generated one when not given.
    #[arg(long)]
    take: Option<PathBuf>,
    /// A film to master, register and watch beside the rendered preview.
    #[arg(long)]
    video: Option<PathBuf>,
    /// Copy the results (clip, preview, masters, evidence) into this folder; `demo` in the data
    /// folder when not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Stop after the story instead of serving the web app.
    #[arg(long)]
    no_serve: bool,
    /// Print one JSON object last, with one member per step.
    #[arg(long)]
    json: bool,
    /// Do not tell the story again when it has been told here before.
    #[arg(long, hide = true)]
    once: bool,
    /// Title of the work in Chinese.
    #[arg(long)]
    title_zh: Option<String>,
    /// Title of the work in English.
    #[arg(long)]
    title_en: Option<String>,
}

/// Somebody is watching: a failure is told at once rather than tried again for hours.
const ATTEMPTS_MAX: i64 = 2;

pub async fn run(data: &Path, config: &Config, args: Args) -> Result<ExitCode> {
    let mut config = config.clone();
    config.jobs.attempts = config.jobs.attempts.min(ATTEMPTS_MAX);
    let opened = Opened::open(data, &config, Role::Server).await?;
    let house = &opened.house;
    let first = accounts::first_run(house)
        .await
        .context("failed to create the first account")?;
    let told = if args.once {
        last_done(house).await?
    } else {
        None
    };
    let (run, seconds) = match told {
        Some(run) => {
            eprintln!("the story has been told here already; `backlot demo` tells another one");
            (run, None)
        }
        None => {
            let started = Instant::now();
            let run = tell(house, &args).await?;
            (run, Some(started.elapsed().as_secs_f64()))
        }
    };
    let ok = run.state == "done";
    let dir = args.out.clone().unwrap_or_else(|| data.join("demo"));
    let out = if ok && seconds.is_some() {
        let files = export(house, &run, &dir).await?;
        let package = dir.join("work.evidence.zip");
        eprintln!("results are in {}", dir.display());
        eprintln!(
            "check the evidence with: backlot verify {}",
            package.display()
        );
        Some(files)
    } else {
        None
    };
    if args.json {
        println!("{}", summary(&run, seconds, out));
    }
    if !ok {
        bail!(
            "the story stopped: {}",
            run.error.as_deref().unwrap_or("cancelled")
        );
    }
    if args.no_serve {
        if let Some(first) = first {
            // It is made once and never stored in clear: unsaid, nobody could ever sign in.
            eprintln!(
                "sign in as {} with the password {}",
                first.email, first.password
            );
        }
        return Ok(ExitCode::SUCCESS);
    }
    serve::until_stopped(opened, &config, first).await
}

async fn last_done(house: &House) -> Result<Option<StoryRun>> {
    let query = Query::by("created")
        .descending()
        .filter("state", Compare::Equal, "done")
        .limit(1);
    Ok(store::list::<StoryRun>(house.store.as_ref(), &query)
        .await?
        .rows
        .pop())
}

/// Starts a run, works it off in this process and prints a line per step.
async fn tell(house: &House, args: &Args) -> Result<StoryRun> {
    let take = match &args.take {
        Some(path) => Some(bring_in(house, path, Kind::Take).await?),
        None => None,
    };
    let video = match &args.video {
        Some(path) => Some(bring_in(house, path, Kind::Video).await?),
        None => None,
    };
    let request = StartStory {
        title_zh: args.title_zh.clone(),
        title_en: args.title_en.clone(),
        take,
        video,
        organisation_id: story::home_organisation(house).await?,
        actor: "system".to_owned(),
    };
    let run = story::start(house, request)
        .await
        .context("failed to start the story")?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(house.clone(), worker::EVERY_KIND, stopped));
    let outcome = follow(house, &run.id).await;
    stop.send(true).ok();
    worker.await.context("the worker stopped unexpectedly")?;
    outcome
}

async fn bring_in(house: &House, path: &Path, kind: Kind) -> Result<SourceFile> {
    story::bring_in(house, path, kind)
        .await
        .with_context(|| format!("cannot use `{}`", path.display()))
}

/// Polls the run and prints each step once, when it ends.
async fn follow(house: &House, run_id: &str) -> Result<StoryRun> {
    let mut printed = 0;
    loop {
        let run = store::get::<StoryRun>(house.store.as_ref(), run_id)
            .await?
            .context("the story run is gone")?;
        while let Some(step) = run.steps.get(printed).filter(|s| s.state == "done") {
            eprintln!("{}", line(printed, step));
            printed += 1;
        }
        if run.state != "running" {
            return Ok(run);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// `[2/6] animate   4.1 s  frames 360, triangles 31204`
fn line(index: usize, step: &StoryStep) -> String {
    let seconds = match (step.started, step.finished) {
        (Some(from), Some(to)) => (to.0 - from.0) as f64 / 1e6,
        _ => 0.0,
    };
    let headline = step.figures["headline"].as_str().unwrap_or_default();
    format!(
        "[{}/6] {:<9}{seconds:>6.1} s  {headline}",
        index + 1,
        step.name
    )
}

fn summary(run: &StoryRun, seconds: Option<f64>, out: Option<Vec<String>>) -> Value {
    let mut object = Map::new();
    for step in &run.steps {
        object.insert(step.name.clone(), step.figures.clone());
    }
    object.insert("ok".to_owned(), json!(run.state == "done"));
    object.insert("run_id".to_owned(), json!(run.id));
    object.insert("work_id".to_owned(), json!(run.work_id));
    object.insert("error".to_owned(), json!(run.error));
    object.insert("seconds".to_owned(), json!(seconds));
    object.insert("files".to_owned(), json!(out));
    Value::Object(object)
}

/// Copies what the story made into a folder; names are ours, never taken from input.
async fn export(house: &House, run: &StoryRun, dir: &Path) -> Result<Vec<String>> {
    let mut files: Vec<(String, backlot_facts::Sha256Hex)> = Vec::new();
    for take in of_run::<Take>(house, run).await? {
        let named = [
            ("clip.glb", take.clip_glb_blob),
            ("clip.bvh", take.clip_bvh_blob),
            ("character.vrm", take.character_blob),
            ("preview.mp4", take.preview_blob),
            ("poster.jpg", take.poster_blob),
        ];
        files.extend(
            named
                .into_iter()
                .filter_map(|(name, blob)| Some((name.to_owned(), blob?))),
        );
    }
    for master in of_run::<Master>(house, run).await? {
        let folder = format!("master-{}", master.origin);
        files.push((format!("{folder}/proxy.mp4"), master.proxy_blob));
        files.push((format!("{folder}/poster.jpg"), master.poster_blob));
        for track in master.subtitles {
            files.push((format!("{folder}/{}.vtt", track.language), track.blob));
        }
        files.extend(
            master
                .hls
                .into_iter()
                .map(|(name, blob)| (format!("{folder}/hls/{name}"), blob)),
        );
    }
    for evidence in of_run::<Evidence>(house, run).await? {
        let name = if evidence.act == "work-registered" {
            "work"
        } else {
            "infringement"
        };
        files.push((format!("{name}.evidence.zip"), evidence.package_blob));
    }
    for (name, blob) in &files {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder)
            .with_context(|| format!("failed to create `{}`", folder.display()))?;
        let bytes = house.blobs.read(blob).await?;
        std::fs::write(&path, bytes)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

async fn of_run<R: Record>(house: &House, run: &StoryRun) -> Result<Vec<R>> {
    let query = Query::by("id")
        .filter("work_id", Compare::Equal, run.work_id.as_str())
        .limit(Query::LIMIT_MAX);
    Ok(store::list::<R>(house.store.as_ref(), &query).await?.rows)
}
