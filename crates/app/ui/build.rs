//! Bundles `web/` and embeds it: packages into a cache below the target folder, the native esbuild
//! binary, hashed names, brotli and gzip once at build time.
//!
//! `BACKLOT_WEB_DIST=DIR` embeds a folder built elsewhere (`index.html`, `assets/`, with `.br` and
//! `.gz` beside each file if wanted). `BACKLOT_SKIP_WEB=1` embeds one page that says so, for checks
//! and editors. Invariant: never embeds nothing silently, and never writes into the source tree.

#[path = "build/bundle.rs"]
mod bundle;
#[path = "build/packages.rs"]
mod packages;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

type Done<T> = Result<T, Box<dyn Error>>;

fn main() {
    if let Err(error) = embed() {
        println!("cargo::error={}", error.to_string().replace('\n', " "));
    }
}

fn embed() -> Done<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("../../..")
        .canonicalize()?;
    let web = root.join("web");
    for variable in ["BACKLOT_WEB_DIST", "BACKLOT_SKIP_WEB"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    for part in [
        "src",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "index.html",
        "icon.svg",
    ] {
        println!("cargo::rerun-if-changed={}", web.join(part).display());
    }
    println!(
        "cargo::rerun-if-changed={}",
        web.join("compress.mjs").display()
    );
    println!("cargo::rerun-if-changed={}", root.join("locales").display());
    println!("cargo::rerun-if-changed=build");

    let dist = out.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    let skip = env::var("BACKLOT_SKIP_WEB").is_ok_and(|value| !value.is_empty() && value != "0");
    if let Some(given) = env::var_os("BACKLOT_WEB_DIST").filter(|given| !given.is_empty()) {
        let given = PathBuf::from(given);
        if !given.join("index.html").is_file() {
            return Err(format!("BACKLOT_WEB_DIST={} has no index.html", given.display()).into());
        }
        println!("cargo::rerun-if-changed={}", given.display());
        copy_tree(&given, &dist)?;
    } else if skip {
        fs::write(dist.join("index.html"), PLACEHOLDER)?;
    } else {
        let modules = packages::installed(&web, &out)?;
        bundle::build(&web, &modules, &dist)?;
    }
    fs::write(out.join("assets.rs"), table(&dist, skip)?)?;
    Ok(())
}

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Backlot</title><h1>Backlot</h1>\
<p lang=\"zh-CN\">此程序是用 BACKLOT_SKIP_WEB=1 构建的，不含网页界面。</p>\
<p>This program was built with BACKLOT_SKIP_WEB=1 and has no web app inside. \
Build again without it.</p></html>\n";

/// The Rust source of the embedded files, sorted by path for a binary search.
fn table(dist: &Path, placeholder: bool) -> Done<String> {
    let mut files = Vec::new();
    walk(dist, dist, &mut files)?;
    files.sort();
    let mut source =
        format!("const PLACEHOLDER: bool = {placeholder};\nstatic ASSETS: &[Asset] = &[\n");
    for path in files
        .iter()
        .filter(|path| !path.ends_with(".br") && !path.ends_with(".gz"))
    {
        let packed = |ending: &str| {
            let name = format!("{path}.{ending}");
            if files.binary_search(&name).is_ok() {
                format!("Some({})", include(&dist.join(name)))
            } else {
                "None".to_owned()
            }
        };
        writeln!(
            source,
            "    Asset {{ path: {path:?}, bytes: {}, content_type: {:?}, br: {}, gzip: {}, \
             immutable: {} }},",
            include(&dist.join(path)),
            content_type(path),
            packed("br"),
            packed("gz"),
            path.starts_with("assets/"),
        )?;
    }
    source.push_str("];\n");
    Ok(source)
}

fn include(file: &Path) -> String {
    format!("include_bytes!({:?})", file.display().to_string())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    walk(from, from, &mut files)?;
    for file in files {
        let target = to.join(&file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from.join(&file), target)?;
    }
    Ok(())
}
