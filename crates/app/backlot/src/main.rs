//! The one binary: every role behind one command line. Only this crate knows which adapters exist.

mod commands;
mod config;
mod house;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Backlot: a performance becomes a paid licence.
#[derive(Parser)]
#[command(name = "backlot", version, about, arg_required_else_help = true)]
struct Cli {
    /// Folder for everything Backlot keeps (tables, files, keys, settings).
    #[arg(long, env = "BACKLOT_DATA", default_value = ".backlot", global = true)]
    data: PathBuf,
    /// Settings file; `backlot.toml` in the data folder when not given.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Print the settings in force and stop.
    #[arg(long)]
    dump_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Carry a performance to a paid licence, then serve the web app with it.
    Demo(commands::demo::Args),
    /// Serve the web app and run jobs.
    Serve(commands::serve::Args),
    /// Run jobs only.
    Worker,
    /// Check an evidence package offline.
    Verify(commands::verify::Args),
    /// Bring the tables to this version.
    Migrate,
    /// Look at versions, disk, tools, tables and the journal.
    Doctor(commands::doctor::Args),
    /// Measure this machine against the stated figures.
    Bench(commands::bench::Args),
    /// People and passwords.
    Admin(commands::admin::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    if let Some(Command::Verify(args)) = &cli.command {
        return commands::verify::run(args); // offline: no settings, no store
    }
    let config = config::Config::load(&cli.data, cli.config.as_deref(), std::env::vars())?;
    if cli.dump_config {
        print!("{}", config.dump()?);
        return Ok(ExitCode::SUCCESS);
    }
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_new(&config.log.level)?)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Some(Command::Demo(args)) => commands::demo::run(&cli.data, &config, args).await,
            Some(Command::Serve(args)) => commands::serve::run(&cli.data, &config, args).await,
            Some(Command::Worker) => commands::worker::run(&cli.data, &config).await,
            Some(Command::Migrate) => commands::migrate::run(&cli.data, &config).await,
            Some(Command::Doctor(args)) => commands::doctor::run(&cli.data, &config, args).await,
            Some(Command::Bench(args)) => commands::bench::run(&cli.data, &config, args).await,
            Some(Command::Admin(args)) => commands::admin::run(&cli.data, &config, args).await,
            Some(Command::Verify(_)) | None => Ok(ExitCode::SUCCESS),
        }
    })
}
