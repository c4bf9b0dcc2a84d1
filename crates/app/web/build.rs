//! Embeds `docs/errors/*.md`, so that a new page needs no line of code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder");
    let folder = Path::new(&root).join("../../../docs/errors");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("docs/errors is part of the repository")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    let mut code = String::from("/// Code and Markdown of every error page.\n");
    code.push_str("static ERROR_PAGES: &[(&str, &str)] = &[\n");
    for path in &pages {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).expect("an error page is UTF-8 text");
        writeln!(code, "    ({name:?}, {text:?}),").expect("strings take all text");
    }
    code.push_str("];\n");
    let out = env::var("OUT_DIR").expect("cargo sets the output folder");
    fs::write(Path::new(&out).join("error_pages.rs"), code).expect("the output folder is writable");
}
