//! esbuild over `web/src`, then `index.html` with the hashed names, then compression.
//!
//! Words: a *chunk* is a file that several entries share; *shell* is what the first page needs.

use super::Done;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn build(web: &Path, modules: &Path, dist: &Path) -> Done<()> {
    let metafile = dist.with_file_name("meta.json");
    let output = Command::new(esbuild(modules)?)
        .args([
            "src/main.tsx",
            "src/boot.ts",
            "icon.svg",
            "--bundle",
            "--splitting",
        ])
        .args([
            "--format=esm",
            "--minify",
            "--target=es2022",
            "--jsx=automatic",
        ])
        .args([
            "--loader:.ftl=text",
            "--loader:.svg=copy",
            "--legal-comments=none",
        ])
        .args(["--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]"])
        .args(["--asset-names=[name]-[hash]", "--log-level=warning"])
        .arg("--define:process.env.NODE_ENV=\"production\"")
        .arg(format!("--outdir={}", dist.join("assets").display()))
        .arg(format!("--metafile={}", metafile.display()))
        .env("NODE_PATH", modules)
        .current_dir(web)
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "esbuild failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    let meta: Value = serde_json::from_slice(&fs::read(&metafile)?)?;
    let template = fs::read_to_string(web.join("index.html"))?;
    fs::write(dist.join("index.html"), index_html(&template, &meta)?)?;
    compress(web, dist)
}

/// npm installs the one native binary of this platform.
fn esbuild(modules: &Path) -> Done<PathBuf> {
    let scope = modules.join("@esbuild");
    for entry in fs::read_dir(&scope)? {
        let folder = entry?.path();
        for name in ["bin/esbuild", "esbuild.exe"] {
            if folder.join(name).is_file() {
                return Ok(folder.join(name));
            }
        }
    }
    Err(format!("no esbuild binary below {}", scope.display()).into())
}

fn index_html(template: &str, meta: &Value) -> Done<String> {
    let outputs = meta["outputs"]
        .as_object()
        .ok_or("the metafile has no outputs")?;
    let of_entry = |entry: &str| {
        outputs
            .iter()
            .find(|(_, output)| output["entryPoint"] == entry)
            .ok_or_else(|| format!("esbuild wrote nothing for {entry}"))
    };
    let (main, main_output) = of_entry("src/main.tsx")?;
    let css = main_output["cssBundle"]
        .as_str()
        .ok_or("the bundle has no style sheet")?;
    let icon = outputs
        .keys()
        .find(|path| path.ends_with(".svg"))
        .ok_or("esbuild wrote no icon")?;
    let preloads: String = main_output["imports"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|import| import["kind"] == "import-statement")
        .filter_map(|import| import["path"].as_str())
        .map(|path| format!("<link rel=\"modulepreload\" href=\"{}\">\n", served(path)))
        .collect();
    Ok(template
        .replace("{{icon.svg}}", &served(icon))
        .replace("{{main.css}}", &served(css))
        .replace("{{boot.js}}", &served(of_entry("src/boot.ts")?.0))
        .replace("{{main.js}}", &served(main))
        .replace("</head>", &format!("{preloads}</head>")))
}

/// esbuild's paths are relative to its folder; all that is served lies flat in `/assets/`.
fn served(path: &str) -> String {
    format!("/assets/{}", path.rsplit('/').next().unwrap_or(path))
}

fn compress(web: &Path, dist: &Path) -> Done<()> {
    let output = Command::new("node")
        .arg(web.join("compress.mjs"))
        .arg(dist)
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "compress failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(())
}
