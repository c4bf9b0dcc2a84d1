//! The rules of the house that a machine can check, run as an ordinary test.
//!
//! Floors (ARCHITECTURE.md): base 0, story and park 1, ports 2, adapters 3, app 4; arrows point
//! down, story crates never see each other, only `backlot` and tests know adapters.

use anyhow::{Context, Result};
use cargo_metadata::{
    DependencyKind, Metadata, MetadataCommand, Node, NodeDep, Package, PackageId,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Third-party crates the product may be built from (not those of tests alone).
const CRATES_MAX: usize = 300;
const PLATFORM: &str = "x86_64-unknown-linux-gnu";
const FILE_LINES_MAX: usize = 600;
const BINARY_BYTES_MAX: u64 = 300_000;
const LICENCES: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
const BANNED_CRATES: [&str; 4] = ["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys"];

/// All findings, sorted; empty = tidy.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--locked", "--filter-platform", PLATFORM].map(str::to_owned))
        .exec()
        .context("failed to read cargo metadata")?;
    let mut findings = floors(&metadata);
    findings.extend(dependencies(&metadata));
    for file in tracked_files(root)? {
        findings.extend(file_findings(root, &file)?);
    }
    findings.extend(error_pages(root)?);
    findings.extend(locale_keys(root)?);
    findings.sort();
    Ok(findings)
}

/// Floor of a workspace crate by its folder, `None` = no rule (tests, testkit, xtask).
fn floor(relative: &str) -> Option<u8> {
    if relative.starts_with("crates/base/") {
        Some(0)
    } else if relative.starts_with("crates/story/") || relative.starts_with("crates/park/") {
        Some(1)
    } else if relative == "crates/ports" || relative == "crates/verify" {
        Some(2)
    } else if relative.starts_with("crates/adapters/") {
        Some(3)
    } else if relative.starts_with("crates/app/") {
        Some(4)
    } else {
        None
    }
}

fn folder<'a>(metadata: &Metadata, package: &'a Package) -> &'a str {
    package
        .manifest_path
        .parent()
        .and_then(|dir| dir.strip_prefix(&metadata.workspace_root).ok())
        .map_or("", |dir| dir.as_str())
}

fn floors(metadata: &Metadata) -> Vec<String> {
    let members = metadata.workspace_packages();
    let mut findings = Vec::new();
    for package in &members {
        let Some(own) = floor(folder(metadata, package)) else {
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind == DependencyKind::Normal)
        {
            let Some(target) = members.iter().find(|m| m.name.as_str() == dependency.name) else {
                continue;
            };
            let Some(below) = floor(folder(metadata, target)) else {
                findings.push(format!(
                    "{} depends on {}, which is for tests",
                    package.name, target.name
                ));
                continue;
            };
            let adapter_seen = below == 3 && package.name.as_str() != "backlot";
            if below > own || (below == own && own == 1) || adapter_seen {
                findings.push(format!(
                    "{} (floor {own}) must not depend on {} (floor {below})",
                    package.name, target.name
                ));
            }
        }
    }
    findings
}

fn dependencies(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    let built = built_from(metadata);
    if built.len() > CRATES_MAX {
        let count = built.len();
        findings.push(format!("{count} third-party crates, at most {CRATES_MAX}"));
    }
    let resolved: BTreeSet<&PackageId> = nodes(metadata).map(|node| &node.id).collect();
    for package in metadata
        .packages
        .iter()
        .filter(|p| resolved.contains(&p.id))
    {
        if BANNED_CRATES.contains(&package.name.as_str()) {
            findings.push(format!("{}: a second TLS stack", package.name));
        }
        let licence = package.license.as_deref().unwrap_or("none stated");
        if package.source.is_some() && !licence_allowed(licence) {
            findings.push(format!(
                "{} {}: licence {licence}",
                package.name, package.version
            ));
        }
    }
    findings
}

fn nodes(metadata: &Metadata) -> impl Iterator<Item = &Node> {
    metadata.resolve.iter().flat_map(|resolve| &resolve.nodes)
}

/// Third-party crates that workspace members reach without their tests' dependencies.
fn built_from(metadata: &Metadata) -> BTreeSet<&PackageId> {
    let members: BTreeSet<&PackageId> = metadata.workspace_members.iter().collect();
    let mut reached = members.clone();
    let mut open: Vec<&PackageId> = members.iter().copied().collect();
    while let Some(id) = open.pop() {
        for node in nodes(metadata).filter(|node| node.id == *id) {
            let built = |dependency: &&NodeDep| {
                dependency
                    .dep_kinds
                    .iter()
                    .any(|k| k.kind != DependencyKind::Development)
            };
            for dependency in node.deps.iter().filter(built) {
                if reached.insert(&dependency.pkg) {
                    open.push(&dependency.pkg);
                }
            }
        }
    }
    reached.difference(&members).copied().collect()
}

/// True when one alternative of an SPDX expression consists of allowed licences only.
fn licence_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    let conjunctions_hold = |part: &str| {
        part.split(" AND ").all(|l| {
            let name = l.trim().split(" WITH ").next().unwrap_or("").trim();
            LICENCES.contains(&name)
        })
    };
    plain.split(" OR ").any(conjunctions_hold)
        || plain
            .split(" AND ")
            .all(|part| part.split(" OR ").any(conjunctions_hold))
}

/// Files git tracks or would track.
fn tracked_files(root: &Path) -> Result<Vec<PathBuf>> {
    let output = std::process::Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .context("failed to run git ls-files")?;
    let listing = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(listing
        .split('\0')
        .filter(|f| !f.is_empty())
        .map(PathBuf::from)
        .collect())
}

fn file_findings(root: &Path, file: &Path) -> Result<Vec<String>> {
    let path = root.join(file);
    let Ok(bytes) = fs::read(&path) else {
        return Ok(Vec::new());
    }; // deleted, not yet committed
    let name = file.display();
    let mut findings = Vec::new();
    let Ok(text) = String::from_utf8(bytes) else {
        let size = fs::metadata(&path)?.len();
        if size > BINARY_BYTES_MAX {
            findings.push(format!(
                "{name}: {size} bytes of binary, at most {BINARY_BYTES_MAX}"
            ));
        }
        return Ok(findings);
    };
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or("");
    let generated = file.to_string_lossy().contains(".gen.");
    if matches!(extension, "rs" | "ts" | "tsx") && !generated {
        let in_tests = file.components().any(|c| c.as_os_str() == "tests");
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX && !in_tests {
            findings.push(format!("{name}: {lines} lines, at most {FILE_LINES_MAX}"));
        }
        let marks = [
            concat!("dbg", "!("),
            concat!("todo", "!("),
            concat!("unimplemented", "!("),
            concat!("#[ign", "ore"),
        ];
        findings.extend(
            marks
                .iter()
                .filter(|m| text.contains(**m))
                .map(|m| format!("{name}: {m}")),
        );
    }
    if extension == "rs" && !text.starts_with("//!") {
        findings.push(format!("{name}: no //! head"));
    }
    for home in [concat!("/ho", "me/"), concat!("/ro", "ot/")] {
        if text.contains(home) && extension != "md" {
            findings.push(format!("{name}: a machine path ({home}…)"));
        }
    }
    Ok(findings)
}

/// Every code a problem answer carries has a page, every page a code.
fn error_pages(root: &Path) -> Result<Vec<String>> {
    let mut used = BTreeSet::new();
    for file in tracked_files(root)?
        .iter()
        .filter(|f| f.starts_with("crates/app") && f.extension().is_some_and(|e| e == "rs"))
        .filter(|f| !f.components().any(|c| c.as_os_str() == "tests"))
    {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        used.extend(codes_in(&text));
    }
    let pages: BTreeSet<String> = fs::read_dir(root.join("docs/errors"))
        .context("failed to list docs/errors")?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .filter(|stem| !codes_in(&format!("\"{stem}\"")).is_empty())
        .collect();
    let missing = used
        .difference(&pages)
        .map(|code| format!("docs/errors/{code}.md is missing"));
    let unused = pages
        .difference(&used)
        .map(|code| format!("docs/errors/{code}.md: no code uses it"));
    Ok(missing.chain(unused).collect())
}

/// `"E0123"` literals.
fn codes_in(text: &str) -> Vec<String> {
    text.match_indices("\"E")
        .filter_map(|(at, _)| text.get(at + 1..at + 7))
        .filter(|code| code.ends_with('"') && code[1..5].bytes().all(|b| b.is_ascii_digit()))
        .map(|code| code[..5].to_owned())
        .collect()
}

/// Both languages have the same files and messages.
fn locale_keys(root: &Path) -> Result<Vec<String>> {
    let keys = |language: &str| -> Result<BTreeSet<String>> {
        let mut keys = BTreeSet::new();
        for entry in
            fs::read_dir(root.join("locales").join(language)).context("failed to list locales")?
        {
            let path = entry?.path();
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path)?;
            for line in text.lines().filter(|l| !l.starts_with([' ', '#', '}'])) {
                if let Some((key, _)) = line.split_once('=') {
                    keys.insert(format!("{file}: {}", key.trim()));
                }
            }
        }
        Ok(keys)
    };
    let (zh, en) = (keys("zh-CN")?, keys("en")?);
    let only_zh = zh
        .difference(&en)
        .map(|key| format!("locales/en lacks {key}"));
    let only_en = en
        .difference(&zh)
        .map(|key| format!("locales/zh-CN lacks {key}"));
    Ok(only_zh.chain(only_en).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let findings = check(&root).unwrap();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    #[test]
    fn licence_expressions() {
        for (expression, allowed) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("MIT AND GPL-3.0", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("none stated", false),
        ] {
            assert_eq!(licence_allowed(expression), allowed, "{expression}");
        }
    }

    #[test]
    fn error_codes_are_found() {
        assert_eq!(codes_in(r#"code("E0102"), "E01", "Ex102""#), ["E0102"]);
    }
}
