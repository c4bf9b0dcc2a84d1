//! `backlot worker`: jobs only, for a second process on the same store.

use crate::config::Config;
use crate::house::{Opened, Role};
use anyhow::{Context, Result};
use backlot_flows::{story, worker};
use std::path::Path;
use std::process::ExitCode;
use tokio::sync::watch;

pub async fn run(data: &Path, config: &Config) -> Result<ExitCode> {
    let opened = Opened::open(data, config, Role::Worker).await?;
    eprintln!(
        "working as {}; interrupt to stop",
        opened.house.settings.worker_name
    );
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(worker::run(
        opened.house.clone(),
        story::JOBS_WITHOUT_LEDGER,
        stopped,
    ));
    tokio::signal::ctrl_c()
        .await
        .context("failed to wait for an interrupt")?;
    stop.send(true).ok();
    work.abort();
    opened.close().await?;
    Ok(ExitCode::SUCCESS)
}
