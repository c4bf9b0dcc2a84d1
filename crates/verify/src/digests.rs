//! SHA-256, SM3 and BLAKE3 of a file in one pass, a MiB at a time.

use backlot_facts::Sha256Hex;
use backlot_register::OriginalDigests;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use std::io::{self, Read};

const CHUNK_BYTES: usize = 1 << 20;

/// Reads to the end; `name` is how a verdict will call the file.
pub fn digest_reader(name: &str, reader: &mut dyn Read) -> io::Result<OriginalDigests> {
    let (mut sha256, mut sm3, mut blake3) = (Sha256::new(), Sm3::new(), blake3::Hasher::new());
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        let read = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        sha256.update(&chunk[..read]);
        sm3.update(&chunk[..read]);
        blake3.update(&chunk[..read]);
        bytes += read as u64;
    }
    Ok(OriginalDigests {
        name: name.to_owned(),
        bytes,
        sha256: Sha256Hex::from_bytes(&sha256.finalize().into()),
        sm3: Sha256Hex::from_bytes(&sm3.finalize().into()),
        blake3: Sha256Hex::from_bytes(blake3.finalize().as_bytes()),
    })
}
