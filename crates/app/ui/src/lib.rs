//! The web app, built by `build.rs` and embedded: what the server hands to browsers.
//!
//! Words: an *asset* is one embedded file; those below `assets/` carry a hash of their content in
//! their name and never change (`immutable`). `br` and `gzip` are the same bytes compressed at
//! build time, so a request costs no compression.
//!
//! Tests that need packages of the build (axe-core) find them through the text file
//! `TARGET/backlot-web/node_modules.path`, which holds the path of the `node_modules` folder;
//! `TARGET` is the parent of `CARGO_TARGET_TMPDIR`.

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Without a leading slash, `assets/main-ABCD1234.js`.
    pub path: &'static str,
    pub bytes: &'static [u8],
    pub content_type: &'static str,
    pub br: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
    /// May be cached for ever: the name changes with the content.
    pub immutable: bool,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path`, with or without its leading slash; never a folder, never `..`.
pub fn asset(path: &str) -> Option<&'static Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let at = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(at)
}

/// Every embedded file, sorted by path.
pub fn assets() -> &'static [Asset] {
    ASSETS
}

/// The page of every route of the app.
pub fn index_html() -> &'static Asset {
    asset("index.html").expect("the build script always embeds index.html")
}

/// Whether this program was built without its web app (`BACKLOT_SKIP_WEB=1`).
pub const fn is_placeholder() -> bool {
    PLACEHOLDER
}

/// What a page without JavaScript says when something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage<'a> {
    pub status: u16,
    /// `E0101`; empty when there is none.
    pub code: &'a str,
    pub detail_zh: &'a str,
    pub detail_en: &'a str,
    pub trace_id: &'a str,
}

/// A whole HTML page in both languages, without scripts, styles or links to elsewhere.
pub fn error_page(page: &ErrorPage<'_>) -> String {
    let [code, zh, en, trace] =
        [page.code, page.detail_zh, page.detail_en, page.trace_id].map(escape_html);
    let status = page.status;
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"dark light\">\n\
         <title>{status} · Backlot</title>\n</head>\n<body>\n<main>\n<h1>{status}</h1>\n\
         <p>{zh}</p>\n<p lang=\"en\">{en}</p>\n<p><code>{code} {trace}</code></p>\n\
         <p><a href=\"/\">Backlot</a></p>\n</main>\n</body>\n</html>\n"
    )
}

fn escape_html(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, char| {
            match char {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
            out
        })
}
