//! Bytes on their way in, in pieces, hashed as they pass.

use crate::fault::Doing;
use backlot_facts::Sha256Hex;
use backlot_ports::blobs::BlobError;
use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// Bytes of one piece.
const PIECE_BYTES: usize = 1 << 20;

/// Where the bytes come from.
#[derive(Clone)]
pub enum Source {
    Bytes(Bytes),
    File(PathBuf),
}

impl Source {
    pub async fn open(&self) -> Result<Pieces, BlobError> {
        Ok(match self {
            Self::Bytes(bytes) => Pieces {
                rest: bytes.clone(),
                file: None,
                hash: Sha256::new(),
            },
            Self::File(path) => {
                let file = File::open(path).await.doing("open the file to store")?;
                Pieces {
                    rest: Bytes::new(),
                    file: Some(file),
                    hash: Sha256::new(),
                }
            }
        })
    }

    /// Reads everything once, for its digest.
    pub async fn digest(&self) -> Result<Sha256Hex, BlobError> {
        let mut pieces = self.open().await?;
        while pieces.next().await?.is_some() {}
        Ok(pieces.digest())
    }
}

pub struct Pieces {
    rest: Bytes,
    file: Option<File>,
    hash: Sha256,
}

impl Pieces {
    pub async fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        let piece = match &mut self.file {
            None => self.rest.split_to(self.rest.len().min(PIECE_BYTES)),
            Some(file) => {
                let mut piece = BytesMut::with_capacity(PIECE_BYTES);
                // Fills the piece: small reads would make small writes.
                while piece.len() < PIECE_BYTES {
                    let room = (PIECE_BYTES - piece.len()) as u64;
                    let read = (&mut *file).take(room).read_buf(&mut piece).await;
                    if read.doing("read the file to store")? == 0 {
                        break;
                    }
                }
                piece.freeze()
            }
        };
        self.hash.update(&piece);
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }

    /// Of everything that passed.
    pub fn digest(self) -> Sha256Hex {
        Sha256Hex::from_bytes(&self.hash.finalize().into())
    }
}

pub fn check(expected: Option<&Sha256Hex>, found: &Sha256Hex) -> Result<(), BlobError> {
    match expected {
        Some(expected) if expected != found => Err(BlobError::Digest {
            expected: expected.clone(),
            found: found.clone(),
        }),
        _ => Ok(()),
    }
}
