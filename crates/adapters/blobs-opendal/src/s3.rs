//! The bucket: what speaks the S3 protocol (Amazon, MinIO, Ceph, and clouds with an S3 door).
//!
//! HTTPS is rustls with ring and the system's roots. No credentials are looked for outside
//! [`S3Config`].

use crate::fault::{Doing, present, refused};
use crate::stream::{Source, check};
use crate::{key, size};
use backlot_facts::Sha256Hex;
use backlot_ports::blobs::BlobError;
use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::{HttpTransporter, OperationContext, Operator};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes of one part of an upload; S3 allows 10,000 parts, so files up to 160 GB.
const PART_BYTES: usize = 16 << 20;
const UPLOADS_AT_ONCE: usize = 4;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const PIECE_TIMEOUT: Duration = Duration::from_secs(60);
const RETRIES: usize = 4;

#[derive(Clone)]
pub struct S3Config {
    /// `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`.
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    pub access_key: String,
    pub secret_key: String,
    /// Prefix of every key, `/` for none.
    pub root: String,
    /// `https://<bucket>.<endpoint>` instead of `https://<endpoint>/<bucket>`; Aliyun OSS and
    /// Tencent COS want it.
    pub virtual_host: bool,
}

impl S3Config {
    pub(crate) fn describe(&self) -> String {
        let root = self.root.trim_matches('/');
        format!(
            "s3 {}/{}/{root}",
            self.endpoint.trim_end_matches('/'),
            self.bucket
        )
    }
}

impl std::fmt::Debug for S3Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("S3Config").field(&self.describe()).finish()
    }
}

pub fn open(config: &S3Config) -> Result<Operator, BlobError> {
    let doing = "open the bucket";
    let address = config.endpoint.strip_prefix("https://");
    let address = address
        .or_else(|| config.endpoint.strip_prefix("http://"))
        .unwrap_or_default();
    if address.is_empty() || address.contains('@') {
        return Err(refused(
            doing,
            "the endpoint must be http://host or https://host, no password",
        ));
    }
    if config.bucket.is_empty() {
        return Err(refused(doing, "the bucket has no name"));
    }
    // A second installation reports the first; both are ring.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = opendal::services::S3::default()
        .endpoint(&config.endpoint)
        .bucket(&config.bucket)
        .region(&config.region)
        .access_key_id(&config.access_key)
        .secret_access_key(&config.secret_key)
        .root(&config.root)
        .disable_config_load()
        .disable_ec2_metadata();
    if config.virtual_host {
        builder = builder.enable_virtual_host_style();
    }
    let transport = opendal_http_transport_reqwest::ReqwestTransport::default();
    let context = OperationContext::new().with_http_transport(HttpTransporter::new(transport));
    let timeout = TimeoutLayer::new()
        .with_timeout(REQUEST_TIMEOUT)
        .with_io_timeout(PIECE_TIMEOUT);
    let operator = Operator::new(builder).doing(doing)?;
    Ok(operator
        .with_context(context)
        .layer(timeout)
        .layer(RetryLayer::new().with_max_times(RETRIES).with_jitter()))
}

pub async fn put(
    operator: &Operator,
    source: Source,
    expected: Option<&Sha256Hex>,
) -> Result<Sha256Hex, BlobError> {
    // The name must be known before the upload: a bucket cannot rename.
    let digest = source.digest().await?;
    check(expected, &digest)?;
    if size(operator, &digest).await?.is_some() {
        return Ok(digest);
    }
    let doing = "upload a file";
    let key = key(&digest);
    let writer = operator
        .writer_with(&key)
        .chunk(PART_BYTES)
        .concurrent(UPLOADS_AT_ONCE);
    let mut writer = writer.await.doing(doing)?;
    let uploaded = upload(&mut writer, &source, &digest).await;
    match uploaded {
        Ok(()) => writer.close().await.doing(doing).map(|_| digest),
        Err(error) => {
            // Parts already sent are of no use; the error to tell is the one that stopped it.
            let _ = writer.abort().await;
            Err(error)
        }
    }
}

async fn upload(
    writer: &mut opendal::Writer,
    source: &Source,
    digest: &Sha256Hex,
) -> Result<(), BlobError> {
    let mut pieces = source.open().await?;
    while let Some(piece) = pieces.next().await? {
        writer.write(piece).await.doing("upload a file")?;
    }
    // The file may have changed since it was hashed.
    check(Some(digest), &pieces.digest())
}

/// A verified copy in `scratch`, used again while it stays there unchanged.
pub async fn download(
    operator: &Operator,
    digest: &Sha256Hex,
    scratch: &Path,
) -> Result<PathBuf, BlobError> {
    let doing = "download a file";
    tokio::fs::create_dir_all(scratch).await.doing(doing)?;
    let path = scratch.join(digest.as_str());
    if hash_of(&path).await.as_ref() == Some(digest) {
        return Ok(path);
    }
    let Some(size) = size(operator, digest).await? else {
        return Err(BlobError::Missing(digest.clone()));
    };
    let part = Part(scratch.join(format!(
        "{}.{}.part",
        digest.as_str(),
        hex::encode(rand::random::<[u8; 8]>())
    )));
    let mut file = tokio::fs::File::create(&part.0).await.doing(doing)?;
    let reader = present(operator.reader(&key(digest)).await, digest, doing)?;
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < size {
        let end = size.min(at + PART_BYTES as u64);
        let bytes = present(reader.read(at..end).await, digest, doing)?.to_bytes();
        hash.update(&bytes);
        file.write_all(&bytes).await.doing(doing)?;
        at = end;
    }
    file.flush().await.doing(doing)?;
    check(
        Some(digest),
        &Sha256Hex::from_bytes(&hash.finalize().into()),
    )?;
    tokio::fs::rename(&part.0, &path).await.doing(doing)?;
    Ok(path)
}

struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// `None` when there is no such file or it cannot be read.
async fn hash_of(path: &Path) -> Option<Sha256Hex> {
    let mut file = tokio::fs::File::open(path).await.ok()?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece).await.ok()? {
            0 => return Some(Sha256Hex::from_bytes(&hash.finalize().into())),
            read => hash.update(&piece[..read]),
        }
    }
}
