//! Three digests of the same bytes in one pass.
//!
//! SHA-256 (FIPS 180-4) names the file, SM3 (GB/T 32905-2016) is what Chinese notaries ask for,
//! BLAKE3 lets a large file be re-checked quickly.

use backlot_facts::Sha256Hex;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// Below this many bytes the cost of starting threads outweighs what they save.
const PARALLEL_MIN_BYTES: usize = 256 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    pub sha256: Sha256Hex,
    /// 64 lowercase hex digits.
    pub sm3: String,
    /// 64 lowercase hex digits.
    pub blake3: String,
    pub bytes: u64,
}

/// Feed it every byte once, in order, then [`DigestTee::finish`].
#[derive(Clone, Default)]
pub struct DigestTee {
    sha256: sha2::Sha256,
    sm3: sm3::Sm3,
    blake3: blake3::Hasher,
    bytes: u64,
}

impl DigestTee {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn update(&mut self, chunk: &[u8]) {
        self.sha256.update(chunk);
        self.sm3.update(chunk);
        self.blake3.update(chunk);
        self.bytes += chunk.len() as u64;
    }

    /// The same result as [`DigestTee::update`], one thread per digest; pays from about 1 MiB.
    pub fn update_parallel(&mut self, chunk: &[u8]) {
        if chunk.len() < PARALLEL_MIN_BYTES {
            return self.update(chunk);
        }
        let Self {
            sha256,
            sm3,
            blake3,
            bytes,
        } = self;
        std::thread::scope(|scope| {
            scope.spawn(|| sm3.update(chunk));
            scope.spawn(|| sha256.update(chunk));
            blake3.update(chunk);
        });
        *bytes += chunk.len() as u64;
    }

    pub fn finish(self) -> Digests {
        Digests {
            sha256: Sha256Hex::from_bytes(&self.sha256.finalize().into()),
            sm3: hex::encode(self.sm3.finalize()),
            blake3: self.blake3.finalize().to_hex().to_string(),
            bytes: self.bytes,
        }
    }
}

/// All three digests of bytes already in memory.
pub fn digests(bytes: &[u8]) -> Digests {
    let mut tee = DigestTee::new();
    tee.update(bytes);
    tee.finish()
}
