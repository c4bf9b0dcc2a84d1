//! A house in a temporary folder, on a given store, with a clock that only moves when told.

use backlot_authority_direct::AuthorityDirect;
use backlot_blobs_opendal::BlobsOpendal;
use backlot_facts::{Clock, UtcMicros};
use backlot_flows::{House, Random, Settings};
use backlot_media_ffmpeg::{FfmpegMedia, FfmpegSettings};
use backlot_ports::store::Store;
use backlot_store_sql::{SqlOptions, SqlStore};
use backlot_testkit::{MockClock, SeededRandom};
use std::path::Path;
use std::sync::{Arc, Mutex};

pub const START: UtcMicros = UtcMicros::from_secs(1_795_228_020);

struct Seeded(Mutex<SeededRandom>);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill(bytes);
    }
}

pub fn sqlite_url(dir: &Path) -> String {
    format!("sqlite://{}/backlot.db", dir.display())
}

/// The store's addresses to tell the story on.
pub async fn stores(dir: &Path) -> Vec<String> {
    let mut urls = vec![sqlite_url(dir)];
    urls.extend(backlot_testkit::postgres::shared_database().await);
    urls
}

pub async fn open(dir: &Path, url: &str, seed: u64) -> House {
    let store = SqlStore::open(url, SqlOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let random = Arc::new(Seeded(Mutex::new(SeededRandom::new(seed))));
    let ledger =
        AuthorityDirect::open(&dir.join("ledger"), START, &mut |bytes| random.fill(bytes)).unwrap();
    let clock = MockClock::default();
    clock.set(START);
    House {
        store: Arc::new(store),
        blobs: Arc::new(BlobsOpendal::folder(dir.join("files")).await.unwrap()),
        media: Arc::new(FfmpegMedia::new(FfmpegSettings::default())),
        authorities: Arc::new(ledger),
        clock: Arc::new(clock) as Arc<dyn Clock>,
        random,
        settings: Arc::new(Settings {
            work_dir: dir.join("work"),
            upload_bytes_max: 1 << 30,
            preview_secs_max: 6.0,
            worker_name: "story-test".to_owned(),
            job_attempts_max: 1,
            public_url: "http://127.0.0.1:8470".to_owned(),
        }),
    }
}

/// True with a printed line when there is no media engine; in CI there must be one.
pub fn without_ffmpeg() -> bool {
    let missing = std::process::Command::new("ffmpeg")
        .arg("-version")
        .output()
        .is_err();
    if missing {
        assert!(
            std::env::var("BACKLOT_REQUIRE_ALL")
                .unwrap_or_default()
                .is_empty(),
            "ffmpeg is required here"
        );
        println!("skipped: ffmpeg is not installed");
    }
    missing
}
