//! `backlot verify`: the offline checker, as the small `backlot-verify` program has it.

use anyhow::Result;
use std::ffi::OsString;
use std::io::{stderr, stdout};
use std::process::ExitCode;

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// FILE.evidence.zip [--original FILE]... [--policy FILE] [--json] [--lang zh-CN|en]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    Ok(ExitCode::from(backlot_verify::run(
        &args.arguments,
        &mut stdout(),
        &mut stderr(),
    )))
}
