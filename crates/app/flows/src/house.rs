//! What every flow is given: ports, clock, randomness and settings. Nothing ambient.

use backlot_facts::{Clock, Id, UtcMicros};
use backlot_ports::authorities::Authorities;
use backlot_ports::blobs::Blobs;
use backlot_ports::media::Media;
use backlot_ports::store::Store;
use std::path::PathBuf;
use std::sync::Arc;

/// Where random bytes come from: the operating system in the binary, a seed in tests.
pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Scratch folder for jobs; emptied of a job's files when it ends.
    pub work_dir: PathBuf,
    /// Largest accepted upload, bytes.
    pub upload_bytes_max: i64,
    /// Longest rendered preview, seconds.
    pub preview_secs_max: f64,
    /// Name under which this process leases jobs; the same after a restart.
    pub worker_name: String,
    /// Attempts of a job that fails for a reason that may pass.
    pub job_attempts_max: i64,
    /// Public address, printed into evidence codes' links.
    pub public_url: String,
}

/// The outside, as ports.
#[derive(Clone)]
pub struct House {
    pub store: Arc<dyn Store>,
    pub blobs: Arc<dyn Blobs>,
    pub media: Arc<dyn Media>,
    pub authorities: Arc<dyn Authorities>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub settings: Arc<Settings>,
}

impl House {
    pub fn now(&self) -> UtcMicros {
        self.clock.now()
    }

    pub fn new_id(&self) -> Id {
        let mut random = [0u8; 10];
        self.random.fill(&mut random);
        Id::new(self.now(), random)
    }
}
