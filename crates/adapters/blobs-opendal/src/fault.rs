//! Errors of opendal and of files, in the words of the port. ENOSPC becomes [`BlobError::Full`].

use backlot_facts::Sha256Hex;
use backlot_ports::blobs::BlobError;
use std::error::Error;
use std::io;

/// Names the step an error belongs to.
pub trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, BlobError>;
}

impl<T, E: Error + Send + Sync + 'static> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str) -> Result<T, BlobError> {
        self.map_err(|error| {
            if is_full(&error) {
                BlobError::Full(error.to_string())
            } else {
                BlobError::Backend {
                    doing,
                    source: Box::new(error),
                }
            }
        })
    }
}

/// Looks for "no space left" or "quota exceeded" down the chain of causes.
fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let kind = error.kind();
            if matches!(
                kind,
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            ) {
                return true;
            }
        }
        cause = error.source();
    }
    false
}

/// "Not found" is [`BlobError::Missing`].
pub fn present<T>(
    read: opendal::Result<T>,
    digest: &Sha256Hex,
    doing: &'static str,
) -> Result<T, BlobError> {
    match read {
        Err(error) if error.kind() == opendal::ErrorKind::NotFound => {
            Err(BlobError::Missing(digest.clone()))
        }
        read => read.doing(doing),
    }
}

pub fn refused(doing: &'static str, why: impl Into<String>) -> BlobError {
    BlobError::Backend {
        doing,
        source: why.into().into(),
    }
}
