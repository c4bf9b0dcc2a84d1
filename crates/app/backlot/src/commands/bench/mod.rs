//! `backlot bench`: the stated figures, measured on this machine. Never part of the tests.

mod client;
mod house;

use crate::config::Config;
use anyhow::Result;
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Lists over 100,000 licences, journal appends, memory and cold start.
    House(house::Args),
}

pub async fn run(_data: &Path, config: &Config, args: Args) -> Result<ExitCode> {
    match args.what {
        What::House(args) => house::run(config, args).await,
    }
}
