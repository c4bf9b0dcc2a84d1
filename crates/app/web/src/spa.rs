//! The web app: embedded files as the build compressed them, and `index.html` for every page that
//! the app routes itself.

use crate::problem::{Answer, Raised};
use crate::{WebState, codes};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backlot_ui::Asset;

/// What stands below these is never a page of the app.
const NOT_PAGES: [&str; 5] = ["/api/", "/files/", "/hls/", "/v/", "/assets/"];

pub fn routes() -> Router<WebState> {
    Router::new().fallback(page)
}

async fn page(request: Request) -> Answer<Response> {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Raised::new(codes::METHOD));
    }
    let asset = match backlot_ui::asset(path) {
        Some(asset) => asset,
        None if NOT_PAGES.iter().any(|folder| path.starts_with(folder)) || path == "/api" => {
            return Err(Raised::new(codes::NOT_FOUND));
        }
        None => backlot_ui::index_html(),
    };
    Ok(serve(asset, request.headers()))
}

fn serve(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let accepted = text(header::ACCEPT_ENCODING);
    let (bytes, encoding) = match (asset.br, asset.gzip) {
        (Some(br), _) if accepts(accepted, "br") => (br, Some("br")),
        (_, Some(gzip)) if accepts(accepted, "gzip") => (gzip, Some("gzip")),
        _ => (asset.bytes, None),
    };
    let caching = match asset.immutable {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CACHE_CONTROL, caching)
        .header(header::VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    match response.body(Body::from(bytes)) {
        Ok(response) => response,
        Err(error) => Raised::inside(&error).into_response(),
    }
}

/// Whether an `Accept-Encoding` list takes this coding (RFC 9110, 12.5.3).
fn accepts(list: &str, coding: &str) -> bool {
    list.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let is_named = pieces
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = pieces.find_map(|piece| piece.strip_prefix("q="));
        is_named && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn encodings() {
        for (list, coding, taken) in [
            ("gzip, deflate, br", "br", true),
            ("gzip;q=1.0, br;q=0", "br", false),
            ("brotli", "br", false),
            ("", "gzip", false),
            ("GZIP", "gzip", true),
            ("gzip;q=x", "gzip", false),
        ] {
            assert_eq!(accepts(list, coding), taken, "{list}");
        }
    }
}
