//! The npm packages, installed once per lock file into `TARGET/backlot-web/<hash>/node_modules`.
//!
//! Invariant: a folder under its final name is complete; an install is made beside it and renamed.

use super::Done;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Where the packages are; installs them if this lock file was never seen.
/// Also writes that path to `TARGET/backlot-web/node_modules.path` for tests.
pub fn installed(web: &Path, out: &Path) -> Done<PathBuf> {
    let cache = cache_folder(out)?;
    let lock = fs::read(web.join("package-lock.json"))?;
    let manifest = fs::read(web.join("package.json"))?;
    let folder = cache.join(format!("{:016x}", fnv1a(&[&lock, &manifest])));
    let modules = folder.join("node_modules");
    if !modules.join("react").is_dir() {
        install(web, &cache, &folder)?;
    }
    fs::write(
        cache.join("node_modules.path"),
        format!("{}\n", modules.display()),
    )?;
    Ok(modules)
}

/// `OUT_DIR` is `TARGET[/TRIPLE]/PROFILE/build/NAME-HASH/out`.
fn cache_folder(out: &Path) -> Done<PathBuf> {
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("OUT_DIR is not below a target folder")?;
    let cache = target.join("backlot-web");
    fs::create_dir_all(&cache)?;
    Ok(cache)
}

fn install(web: &Path, cache: &Path, folder: &Path) -> Done<()> {
    let beside = cache.join(format!("installing-{}", std::process::id()));
    fs::create_dir_all(&beside)?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(web.join(file), beside.join(file))?;
    }
    let run = Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(&beside)
        .output();
    let output = match run {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(
                "npm is not installed, it fetches the packages of the web app; \
                        run: apt-get install -y nodejs npm \
                        (or build with BACKLOT_SKIP_WEB=1 for a program without its web app)"
                    .into(),
            );
        }
        Err(error) => return Err(format!("failed to start npm: {error}").into()),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("npm ci failed in {}: {}", beside.display(), said.trim()).into());
    }
    if let Err(error) = fs::rename(&beside, folder) {
        // Another build was faster: its folder is as good as this one.
        fs::remove_dir_all(&beside)?;
        if !folder.join("node_modules").is_dir() {
            return Err(format!("failed to keep the packages: {error}").into());
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits: names a cache folder, guards nothing.
fn fnv1a(parts: &[&[u8]]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.iter())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
