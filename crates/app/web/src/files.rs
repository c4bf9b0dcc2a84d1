//! `/files/{sha256}/{name}` and `/hls/{master_id}/{file}`: stored files, in pieces, with ranges.
//!
//! Invariant: the bytes are chosen by digest alone; the name in the address decides only the
//! content type, from an allow-list, and the name of a download. Nothing of a stranger is served
//! as a type that runs.

use crate::extract::Who;
use crate::problem::{Answer, Raised};
use crate::{WebState, codes};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::get;
use backlot_facts::Sha256Hex;
use backlot_flows::files;
use backlot_ports::blobs::Blobs;
use futures::Stream;
use std::ops::Range;
use std::sync::Arc;

/// Bytes read and sent at a time.
const PIECE_BYTES: u64 = 512 * 1024;
/// What a digest names never changes.
const IMMUTABLE: &str = "private, max-age=31536000, immutable";

pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/files/{digest}/{name}", get(file))
        .route("/hls/{master}/{*file}", get(hls))
}

async fn file(
    State(state): State<WebState>,
    Who(who): Who,
    Path((digest, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer<Response<Body>> {
    let digest = Sha256Hex::parse(&digest).map_err(|_| Raised::new(codes::NOT_FOUND))?;
    let size = files::open(&state.house, &who, &state.reach, &digest).await?;
    answer(&state.house.blobs, &digest, size, &name, &headers)
}

async fn hls(
    State(state): State<WebState>,
    Who(who): Who,
    Path((master, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer<Response<Body>> {
    let (digest, size) = files::open_hls(&state.house, &who, &master, &file).await?;
    answer(&state.house.blobs, &digest, size, &file, &headers)
}

/// Types that browsers may show in place; everything else is a download of unknown bytes.
fn content_type(name: &str) -> Option<&'static str> {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    Some(match extension?.as_str() {
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/matroska",
        "m4s" => "video/iso.segment",
        "ts" => "video/mp2t",
        "m3u8" => "application/vnd.apple.mpegurl",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "vtt" => "text/vtt; charset=utf-8",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "glb" | "vrm" => "model/gltf-binary",
        "json" => "application/json",
        "bvh" | "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

fn answer(
    blobs: &Arc<dyn Blobs>,
    digest: &Sha256Hex,
    size: u64,
    name: &str,
    headers: &HeaderMap,
) -> Answer<Response<Body>> {
    let tag = format!("\"{digest}\"");
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let mut response = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::CACHE_CONTROL, IMMUTABLE)
        .header(header::ACCEPT_RANGES, "bytes");
    if text(header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &tag)) {
        return built(response.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    response = match content_type(name) {
        Some(kind) => response.header(header::CONTENT_TYPE, kind),
        None => response
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_DISPOSITION, attachment(name)),
    };
    let asked = text(header::RANGE)
        .filter(|_| text(header::IF_RANGE).is_none_or(|expected| expected == tag));
    let range = match asked.map_or(Asked::Whole, |asked| parse_range(asked, size)) {
        Asked::Whole => {
            response = response.status(StatusCode::OK);
            0..size
        }
        Asked::Part(range) => {
            let shown = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            response = response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(header::CONTENT_RANGE, shown);
            range
        }
        Asked::Outside => return Err(outside(size)),
    };
    response = response.header(header::CONTENT_LENGTH, range.end - range.start);
    built(
        response,
        Body::from_stream(pieces(Arc::clone(blobs), digest.clone(), range)),
    )
}

fn outside(size: u64) -> Raised {
    Raised::new(codes::RANGE).detail(
        format!("文件共有 {size} 字节。"),
        format!("The file has {size} bytes."),
    )
}

fn built(response: axum::http::response::Builder, body: Body) -> Answer<Response<Body>> {
    response.body(body).map_err(|error| Raised::inside(&error))
}

/// Whether an `If-None-Match` list names the tag; `W/` compares equal (RFC 9110, 13.1.2).
fn names(tags: &str, tag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    /// Half-open, inside the file, not empty.
    Part(Range<u64>),
    Outside,
}

/// One byte range (RFC 9110, 14.1.2). Several ranges, other units and nonsense get the whole file.
fn parse_range(asked: &str, size: u64) -> Asked {
    let Some((first, last)) = asked
        .strip_prefix("bytes=")
        .filter(|rest| !rest.contains(','))
        .and_then(|rest| rest.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last && first < size => {
            Asked::Part(first..last.saturating_add(1).min(size))
        }
        (Ok(first), Ok(last)) if first <= last => Asked::Outside,
        (Ok(first), Err(_)) if last.is_empty() && first < size => Asked::Part(first..size),
        (Ok(_), Err(_)) if last.is_empty() => Asked::Outside,
        (Err(_), Ok(tail)) if first.is_empty() && tail > 0 && size > 0 => {
            Asked::Part(size.saturating_sub(tail)..size)
        }
        (Err(_), Ok(_)) if first.is_empty() => Asked::Outside,
        _ => Asked::Whole,
    }
}

/// `attachment` with the name in the form of RFC 8187.
fn attachment(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes().take(400) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

/// The range in pieces of [`PIECE_BYTES`], each read when the one before has left.
fn pieces(
    blobs: Arc<dyn Blobs>,
    digest: Sha256Hex,
    range: Range<u64>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let state = (blobs, digest, range);
    futures::stream::try_unfold(state, |(blobs, digest, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let end = range.end.min(range.start + PIECE_BYTES);
        let read = blobs.read_range(&digest, range.start..end).await;
        let piece = read.map_err(|error| {
            tracing::error!("failed to send a stored file: {error}");
            std::io::Error::other(error)
        })?;
        Ok(Some((piece, (blobs, digest, end..range.end))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (asked, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-5", Asked::Part(2..6)),
            ("bytes=5-", Asked::Part(5..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=9-18446744073709551615", Asked::Part(9..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=10-11", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=5-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=x-y", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(parse_range(asked, 10), expected, "{asked}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Asked::Outside);
        assert_eq!(parse_range("bytes=-5", 0), Asked::Outside);
    }

    #[test]
    fn nothing_that_runs_is_served_in_place() {
        for name in [
            "a.html",
            "a.svg",
            "a.js",
            "a.xml",
            "a.pdf",
            "a",
            "a.mp4.html",
        ] {
            assert_eq!(content_type(name), None, "{name}");
        }
        assert_eq!(content_type("A.MP4"), Some("video/mp4"));
    }

    #[test]
    fn names_cannot_break_the_header() {
        assert_eq!(
            attachment("a\r\nb\"; x"),
            "attachment; filename*=UTF-8''a%0D%0Ab%22%3B%20x"
        );
    }
}
