//! The TypeScript sources type-check with the compiler that the lock file pins.

use crate::{files_below, repository};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages that the build script installed, if it did.
fn node_modules() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let path = fs::read_to_string(target.join("backlot-web/node_modules.path")).ok()?;
    let path = PathBuf::from(path.trim());
    path.is_dir().then_some(path)
}

/// A copy of the sources with the packages linked beside them, so that the tree stays clean.
fn copy_of_sources(modules: &Path) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("types/web");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    let web = repository().join("web");
    for path in files_below(&web.join("src"), &[".ts", ".tsx"]) {
        let target = copy.join(path.strip_prefix(&web).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, target).unwrap();
    }
    fs::copy(web.join("tsconfig.json"), copy.join("tsconfig.json")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(modules, copy.join("node_modules")).unwrap();
    copy
}

#[test]
fn typescript_finds_no_error() {
    let Some(modules) = node_modules() else {
        println!("skipped: no node_modules, the web app was not built here");
        return;
    };
    let copy = copy_of_sources(&modules);
    let output = Command::new("node")
        .arg(modules.join("typescript/bin/tsc"))
        .current_dir(&copy)
        .args(["-p", "."])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
