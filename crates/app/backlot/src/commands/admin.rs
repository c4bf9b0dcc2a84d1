//! `backlot admin`: what must work when nobody can sign in.

use crate::config::Config;
use crate::house::{Opened, Role};
use anyhow::{Context, Result};
use backlot_flows::accounts;
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Give a person a new password, printed once, and end their sessions.
    ResetPassword { email: String },
}

pub async fn run(data: &Path, config: &Config, args: Args) -> Result<ExitCode> {
    let opened = Opened::open(data, config, Role::Worker).await?;
    match args.command {
        Command::ResetPassword { email } => {
            let fresh = accounts::reset_password(&opened.house, &email)
                .await
                .with_context(|| format!("failed to reset the password of `{email}`"))?;
            println!(
                "new password of {}: {}  (shown this once)",
                fresh.email, fresh.password
            );
        }
    }
    opened.close().await?;
    Ok(ExitCode::SUCCESS)
}
