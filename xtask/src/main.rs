//! House chores: `cargo run -p xtask -- tidy` prints what the tidy test checks.

mod tidy;

use anyhow::{Result, bail};
use std::path::Path;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => {
            let findings = tidy::check(&root)?;
            for finding in &findings {
                println!("{finding}");
            }
            if findings.is_empty() {
                println!("tidy: nothing to report");
                return Ok(());
            }
            bail!("{} findings", findings.len())
        }
        _ => bail!("usage: cargo run -p xtask -- tidy"),
    }
}
