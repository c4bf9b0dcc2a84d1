//! Recorded data beside the checkout; tests that need it skip with one printed line without it.

use std::path::PathBuf;

/// All files under `folder` with the extension, sorted; empty (and said so) when absent.
pub fn files(folder: &str, extension: &str) -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/capture")
        .join(folder);
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case(extension))
            {
                let name = path
                    .file_name()
                    .expect("a file has a name")
                    .to_string_lossy()
                    .into_owned();
                found.push((name, read(&path)));
            }
        }
    }
    found.sort();
    if found.is_empty() {
        println!("skipped: no recorded data in {}", root.display());
    }
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests read recorded data; the crate itself does not"
)]
fn read(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).expect("a listed file can be read")
}
