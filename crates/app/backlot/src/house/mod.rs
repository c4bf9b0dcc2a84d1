//! Fills [`House`] with adapters: the only place that knows them all.

mod elsewhere;

use crate::config::{Config, FilesKind};
use anyhow::{Context, Result, bail};
use backlot_authority_direct::AuthorityDirect;
use backlot_blobs_opendal::{BlobsOpendal, S3Config};
use backlot_facts::{Clock, UtcMicros};
use backlot_flows::{House, Random, Settings};
use backlot_media_ffmpeg::{FfmpegMedia, FfmpegSettings};
use backlot_ports::authorities::Authorities;
use backlot_ports::blobs::Blobs;
use backlot_ports::store::Store;
use backlot_store_sql::{SqlOptions, SqlStore};
use elsewhere::AuthoritiesElsewhere;
use rand::TryRng;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Who opens the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `serve` and `demo`: one at a time per folder; holds the authorities.
    Server,
    /// `worker` and `admin`: beside a server; the authorities stay with the server.
    Worker,
}

/// A house and what must live as long as it does.
pub struct Opened {
    pub house: House,
    _lock: File,
}

impl Opened {
    pub async fn open(data: &Path, config: &Config, role: Role) -> Result<Self> {
        std::fs::create_dir_all(data)
            .with_context(|| format!("failed to create the data folder `{}`", data.display()))?;
        let data = data
            .canonicalize()
            .with_context(|| format!("failed to find `{}`", data.display()))?;
        let (lock, worker_name) = lock_slot(&data, role)?;
        let store = open_store(&data, config).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        store
            .release_leases(&worker_name, clock.now())
            .await
            .context("failed to take back the jobs of an earlier process")?;
        let authorities = open_authorities(&data, role, clock.now())?;
        let house = House {
            store,
            blobs: open_blobs(&data, config).await?,
            media: Arc::new(open_media(config)),
            authorities,
            clock,
            random: Arc::new(OsRandom),
            settings: Arc::new(Settings {
                work_dir: data.join("work"),
                upload_bytes_max: config.web.upload_bytes_max,
                preview_secs_max: config.media.preview_secs_max,
                worker_name,
                job_attempts_max: config.jobs.attempts,
                public_url: public_url(config),
            }),
        };
        Ok(Self { house, _lock: lock })
    }

    /// Gives unfinished jobs back to the queue.
    pub async fn close(self) -> Result<()> {
        let name = &self.house.settings.worker_name;
        self.house
            .store
            .release_leases(name, self.house.now())
            .await
            .context("failed to give jobs back")?;
        Ok(())
    }
}

pub async fn open_store(data: &Path, config: &Config) -> Result<Arc<dyn Store>> {
    let url = if config.store.url.is_empty() {
        format!("sqlite://{}", data.join("backlot.db").display())
    } else {
        config.store.url.clone()
    };
    let shown = crate::config::hide_password(&url);
    let store = SqlStore::open(&url, SqlOptions::default())
        .await
        .with_context(|| format!("failed to open the store {shown}"))?;
    store
        .migrate()
        .await
        .with_context(|| format!("failed to bring {shown} to this version"))?;
    Ok(Arc::new(store))
}

pub async fn open_blobs(data: &Path, config: &Config) -> Result<Arc<dyn Blobs>> {
    let files = &config.files;
    let blobs = match files.kind {
        FilesKind::Folder => BlobsOpendal::folder(&data.join("files")).await,
        FilesKind::S3 => BlobsOpendal::s3(&S3Config {
            endpoint: files.endpoint.clone(),
            bucket: files.bucket.clone(),
            region: files.region.clone(),
            access_key: files.access_key.clone(),
            secret_key: files.secret_key.clone(),
            root: files.root.clone(),
            virtual_host: files.virtual_host,
        }),
    };
    Ok(Arc::new(blobs.context("failed to open the file store")?))
}

pub fn open_media(config: &Config) -> FfmpegMedia {
    FfmpegMedia::new(FfmpegSettings {
        ffmpeg: config.media.ffmpeg.clone(),
        ffprobe: config.media.ffprobe.clone(),
        ..FfmpegSettings::default()
    })
}

fn open_authorities(data: &Path, role: Role, now: UtcMicros) -> Result<Arc<dyn Authorities>> {
    let dir = data.join("ledger");
    if role == Role::Worker {
        return Ok(Arc::new(AuthoritiesElsewhere(dir)));
    }
    let ledger = AuthorityDirect::open(&dir, now, &mut |bytes| OsRandom.fill(bytes));
    Ok(Arc::new(
        ledger.context("failed to open the copyright ledger")?,
    ))
}

pub fn public_url(config: &Config) -> String {
    if config.web.public_url.is_empty() {
        format!("http://{}", config.web.listen)
    } else {
        config.web.public_url.trim_end_matches('/').to_owned()
    }
}

/// One lock file per slot: while this process lives nobody else uses its worker name, and whoever
/// takes the slot next knows that its leases are dead.
fn lock_slot(data: &Path, role: Role) -> Result<(File, String)> {
    let slots: Vec<PathBuf> = match role {
        Role::Server => vec![data.join("server.lock")],
        Role::Worker => (0..64)
            .map(|slot| data.join(format!("worker-{slot}.lock")))
            .collect(),
    };
    for path in slots {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("failed to open `{}`", path.display()))?;
        if file.try_lock().is_ok() {
            let slot = path
                .file_stem()
                .and_then(|s| s.to_str())
                .unwrap_or("server");
            let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
            let folder = backlot_facts::sha256_hex(data.as_os_str().as_encoded_bytes());
            return Ok((
                file,
                format!("{}-{}-{slot}", host.trim(), &folder.as_str()[..8]),
            ));
        }
    }
    bail!(
        "another Backlot already works in `{}`; stop it or choose another folder with --data",
        data.display()
    )
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMicros {
        let micros = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_micros());
        UtcMicros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

struct OsRandom;

impl Random for OsRandom {
    /// Panics when the operating system has no randomness to give: nothing safe can go on then.
    fn fill(&self, bytes: &mut [u8]) {
        rand::rngs::SysRng
            .try_fill_bytes(bytes)
            .expect("the operating system gives random bytes");
    }
}
