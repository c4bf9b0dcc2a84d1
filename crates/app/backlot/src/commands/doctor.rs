//! `backlot doctor`: is this installation able to work? One line per check, with the remedy.

use crate::config::{Config, FilesKind};
use crate::house;
use anyhow::Result;
use backlot_ports::media::Media;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Args {
    /// Also re-hash every row of the journal.
    #[arg(long)]
    journal: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    found: String,
    /// What to do when it is not ok.
    remedy: String,
}

const DISK_BYTES_MIN: u64 = 2 << 30;

pub async fn run(data: &Path, config: &Config, args: Args) -> Result<ExitCode> {
    std::fs::create_dir_all(data)?;
    let data = data.canonicalize()?;
    let mut checks = vec![
        version(),
        disk(&data)?,
        media(config),
        fonts(),
        files(&data, config),
    ];
    checks.extend(store(&data, config, args.journal).await);
    let ok = checks.iter().all(|check| check.ok);
    if args.json {
        println!("{}", serde_json::json!({ "ok": ok, "checks": checks }));
    } else {
        for check in &checks {
            println!(
                "{} {:<10} {}",
                if check.ok { "ok  " } else { "FAIL" },
                check.name,
                check.found
            );
            if !check.ok {
                println!("     {:<10} {}", "", check.remedy);
            }
        }
    }
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn version() -> Check {
    Check {
        name: "version",
        ok: true,
        found: env!("CARGO_PKG_VERSION").to_owned(),
        remedy: String::new(),
    }
}

fn disk(data: &Path) -> Result<Check> {
    let space = backlot_flows::disk::space(data)?;
    Ok(Check {
        name: "disk",
        ok: space.free_bytes >= DISK_BYTES_MIN,
        found: format!(
            "{:.1} GB free of {:.1} GB at {}",
            gigabytes(space.free_bytes),
            gigabytes(space.total_bytes),
            data.display()
        ),
        remedy: "free at least 2 GB or choose another folder with --data".to_owned(),
    })
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

fn media(config: &Config) -> Check {
    match house::open_media(config).version() {
        Ok(found) => Check {
            name: "media",
            ok: true,
            found,
            remedy: String::new(),
        },
        Err(error) => Check {
            name: "media",
            ok: false,
            found: error.to_string(),
            remedy: "sudo apt-get install -y --no-install-recommends ffmpeg".to_owned(),
        },
    }
}

fn fonts() -> Check {
    let found = ["/usr/share/fonts", "/usr/local/share/fonts"]
        .iter()
        .find_map(|dir| cjk_font(Path::new(dir), 0));
    Check {
        name: "fonts",
        ok: found.is_some(),
        found: found.unwrap_or_else(|| "no Noto CJK font".to_owned()),
        remedy: "sudo apt-get install -y --no-install-recommends fonts-noto-cjk".to_owned(),
    }
}

fn cjk_font(dir: &Path, depth: u32) -> Option<String> {
    for entry in std::fs::read_dir(dir).ok()?.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("NotoSansCJK") {
            return Some(name);
        }
        if depth < 4
            && path.is_dir()
            && let Some(found) = cjk_font(&path, depth + 1)
        {
            return Some(found);
        }
    }
    None
}

fn files(data: &Path, config: &Config) -> Check {
    let found = match config.files.kind {
        FilesKind::Folder => format!("folder {}", data.join("files").display()),
        FilesKind::S3 => format!(
            "s3 bucket {} at {}",
            config.files.bucket, config.files.endpoint
        ),
    };
    Check {
        name: "files",
        ok: true,
        found,
        remedy: String::new(),
    }
}

async fn store(data: &Path, config: &Config, journal: bool) -> Vec<Check> {
    let store = match house::open_store(data, config).await {
        Ok(store) => store,
        Err(error) => {
            return vec![Check {
                name: "store",
                ok: false,
                found: format!("{error:#}"),
                remedy: "check store.url of the settings and that the database is running"
                    .to_owned(),
            }];
        }
    };
    let mut checks = Vec::new();
    match store.health().await {
        Ok(health) => checks.push(Check {
            name: "store",
            ok: true,
            found: format!(
                "{} {}, schema {}, {} journal rows, {} bytes",
                health.engine,
                health.engine_version,
                health.schema_version,
                health.journal_rows,
                health.bytes
            ),
            remedy: String::new(),
        }),
        Err(error) => checks.push(failed_store(&error)),
    }
    if journal {
        checks.push(match store.check_journal().await {
            Ok(result) => Check {
                name: "journal",
                ok: result.broken.is_none(),
                found: match &result.broken {
                    None => format!("{} rows hold, head {}", result.rows, result.head_hash),
                    Some((row, why)) => format!("row {row}: {why}"),
                },
                remedy: "somebody changed the journal: restore the last good backup and compare from that row".to_owned(),
            },
            Err(error) => failed_store(&error),
        });
    }
    checks
}

fn failed_store(error: &dyn std::error::Error) -> Check {
    Check {
        name: "store",
        ok: false,
        found: error.to_string(),
        remedy: "see the message; `serve` would fail the same way".to_owned(),
    }
}
