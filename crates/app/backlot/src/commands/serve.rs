//! `backlot serve`: the web app and the jobs, in one process.

use crate::config::Config;
use crate::house::{Opened, Role};
use anyhow::{Context, Result};
use backlot_flows::accounts::{self, FirstSignIn};
use backlot_flows::worker;
use backlot_web::WebState;
use std::path::Path;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[derive(clap::Args)]
pub struct Args {
    /// Address and port, instead of `web.listen` of the settings.
    #[arg(long)]
    listen: Option<String>,
}

pub async fn run(data: &Path, config: &Config, args: Args) -> Result<ExitCode> {
    let mut config = config.clone();
    if let Some(listen) = args.listen {
        config.web.listen = listen;
    }
    let opened = Opened::open(data, &config, Role::Server).await?;
    let first = accounts::first_run(&opened.house)
        .await
        .context("failed to create the first account")?;
    until_stopped(opened, &config, first).await
}

/// Serves until interrupted or terminated; jobs in hand are given back to the queue.
pub async fn until_stopped(
    opened: Opened,
    config: &Config,
    first: Option<FirstSignIn>,
) -> Result<ExitCode> {
    let listen = &config.web.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}; if Backlot runs already, open it there, else choose another port with BACKLOT_WEB_LISTEN")
    })?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = (0..config.jobs.workers)
        .map(|_| {
            tokio::spawn(worker::run(
                opened.house.clone(),
                worker::EVERY_KIND,
                stopped.clone(),
            ))
        })
        .collect();
    println!("Backlot: http://{address}");
    match first {
        Some(first) => println!(
            "sign in as {} with the password {}  (shown this once)",
            first.email, first.password
        ),
        None => {
            println!("sign in as before; `backlot admin reset-password EMAIL` makes a new password")
        }
    }
    let state = WebState::new(opened.house.clone(), env!("CARGO_PKG_VERSION"));
    backlot_web::serve(listener, state, stop_signal())
        .await
        .context("the web server stopped")?;
    stop.send(true).ok();
    for worker in workers {
        worker.abort();
    }
    opened.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn stop_signal() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut stream) => drop(stream.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
