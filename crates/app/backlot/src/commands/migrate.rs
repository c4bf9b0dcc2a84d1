//! `backlot migrate`: brings the tables to this version. `serve` does it too.

use crate::config::Config;
use crate::house;
use anyhow::Result;
use std::path::Path;
use std::process::ExitCode;

pub async fn run(data: &Path, config: &Config) -> Result<ExitCode> {
    let store = house::open_store(data, config).await?;
    let health = store.health().await?;
    println!(
        "{} {}: schema version {}",
        health.engine, health.engine_version, health.schema_version
    );
    Ok(ExitCode::SUCCESS)
}
