//! Ports: what the flows need from the outside, as traits and plain data. No port names a product.
//!
//! | port | what it is | default adapter |
//! |---|---|---|
//! | [`store::Store`] | facts, rows, jobs, all in one transaction | `store-sql` on SQLite |
//! | [`blobs::Blobs`] | files named by their SHA-256 | `blobs-opendal` on a folder |
//! | [`media::Media`] | probing, transcoding, frames | `media-ffmpeg` |
//! | [`authorities::Authorities`] | joint signing of the copyright log | `authority-direct` |
//!
//! Row shapes that flows write and web reads stand in [`records`].

pub mod authorities;
pub mod blobs;
pub mod jobs;
pub mod media;
pub mod records;
pub mod store;
