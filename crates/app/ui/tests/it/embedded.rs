//! What is embedded: complete, compressed, small enough, with no way out of its folder.

use backlot_ui::{ErrorPage, asset, assets, error_page, index_html, is_placeholder};

/// The first page without lazy chunks, brotli, bytes.
const SHELL_BYTES_MAX: usize = 150_000;

fn skipped() -> bool {
    if is_placeholder() {
        println!("skipped: built with BACKLOT_SKIP_WEB=1");
    }
    is_placeholder()
}

/// Asset paths that a page names, `/assets/…`.
fn named_in(html: &str) -> Vec<&str> {
    html.split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect()
}

#[test]
fn every_file_that_the_page_names_is_embedded() {
    if skipped() {
        return;
    }
    let html = std::str::from_utf8(index_html().bytes).unwrap();
    let named = named_in(html);
    assert!(
        named.len() >= 4,
        "style sheet, two scripts and an icon: {named:?}"
    );
    for path in named {
        let found = asset(path).unwrap_or_else(|| panic!("{path} is not embedded"));
        assert!(found.immutable && !found.bytes.is_empty());
    }
    assert!(!html.contains("{{"), "a placeholder is left in index.html");
    assert!(
        !html.contains("http://") && !html.contains("https://"),
        "the page needs no network"
    );
}

#[test]
fn the_shell_stays_below_its_limit() {
    if skipped() {
        return;
    }
    let html = std::str::from_utf8(index_html().bytes).unwrap();
    let shell: usize = named_in(html)
        .into_iter()
        .filter_map(asset)
        .map(|found| found.br.map_or(found.bytes.len(), <[u8]>::len))
        .sum();
    assert!(
        shell <= SHELL_BYTES_MAX,
        "the shell has {shell} bytes, at most {SHELL_BYTES_MAX}"
    );
}

#[test]
fn scripts_and_styles_are_compressed_at_build_time() {
    for found in assets().iter().filter(|one| one.bytes.len() > 2000) {
        let text = found.path.ends_with(".js") || found.path.ends_with(".css");
        if !text {
            continue;
        }
        let br = found
            .br
            .unwrap_or_else(|| panic!("{} has no brotli form", found.path));
        let gzip = found
            .gzip
            .unwrap_or_else(|| panic!("{} has no gzip form", found.path));
        assert!(br.len() < found.bytes.len() && gzip.starts_with(&[0x1f, 0x8b]));
    }
}

#[test]
fn paths_cannot_leave_the_table() {
    for path in [
        "",
        "/",
        "assets",
        "assets/",
        "../Cargo.toml",
        "/assets/../index.html",
        "index.htm",
    ] {
        assert_eq!(asset(path), None, "{path}");
    }
    assert_eq!(asset("/index.html"), asset("index.html"));
    assert!(!index_html().immutable);
}

#[test]
fn error_pages_escape_what_they_are_told() {
    let page = error_page(&ErrorPage {
        status: 404,
        code: "E0404",
        detail_zh: "没有 <script>",
        detail_en: "no \"such\" & page",
        trace_id: "a1",
    });
    assert!(page.contains("没有 &lt;script&gt;") && page.contains("&quot;such&quot; &amp; page"));
    assert!(!page.contains("<script>"));
}
