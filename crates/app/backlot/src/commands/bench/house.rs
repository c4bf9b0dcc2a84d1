//! `backlot bench house`: requests per second and p95 of the licences list with 100,000 rows,
//! journal appends per second, idle memory of `serve`, cold start to the first page.

use super::client::Client;
use crate::config::Config;
use crate::house::{Opened, Role};
use anyhow::{Context, Result, bail};
use backlot_facts::{Id, NewFact};
use backlot_flows::{House, accounts};
use backlot_ports::records::Licence;
use backlot_ports::store::Commit;
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Args {
    /// Licences in the list.
    #[arg(long, default_value_t = 100_000)]
    rows: i64,
    /// Seconds of list requests.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections at once.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    #[arg(long)]
    json: bool,
}

const APPENDS: i64 = 500;
const ROWS_PER_COMMIT: i64 = 1000;
const START_SECS_MAX: u64 = 60;

pub async fn run(config: &Config, args: Args) -> Result<ExitCode> {
    let folder = tempfile::tempdir().context("failed to create a folder for the bench")?;
    let opened = Opened::open(folder.path(), config, Role::Server).await?;
    let first = accounts::first_run(&opened.house)
        .await?
        .context("a fresh folder has no first account")?;
    let appends_per_sec = appends(&opened.house).await?;
    fill(&opened.house, args.rows).await?;
    opened.close().await?;

    let mut server = Server::start(folder.path())?;
    let cold_start_ms = server.first_page().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle_memory_mb = server.memory_mb()?;
    let mut client = Client::connect(server.address, "").await?;
    let login = json!({ "email": first.email, "password": first.password }).to_string();
    if client.post("/api/session", &login).await?.status != 200 {
        bail!("the bench could not sign in");
    }
    let samples = load(server.address, &client.cookie, &args).await?;
    let latencies_ms = sorted(samples.iter().map(|(_, ms)| *ms));
    let by_page: serde_json::Map<String, serde_json::Value> = PAGES
        .iter()
        .enumerate()
        .map(|(page, path)| {
            let own = samples.iter().filter(|(of, _)| *of == page);
            let own = sorted(own.map(|(_, ms)| *ms));
            ((*path).to_owned(), json!(round(quantile(&own, 0.95))))
        })
        .collect();
    let requests_per_sec = latencies_ms.len() as f64 / args.seconds as f64;
    let result = json!({
        "rows": args.rows,
        "requests": latencies_ms.len(),
        "requests_per_sec": round(requests_per_sec),
        "p50_ms": round(quantile(&latencies_ms, 0.50)),
        "p95_ms": round(quantile(&latencies_ms, 0.95)),
        "p99_ms": round(quantile(&latencies_ms, 0.99)),
        "p95_ms_by_page": by_page,
        "journal_appends_per_sec": round(appends_per_sec),
        "idle_memory_mb": round(idle_memory_mb),
        "cold_start_ms": round(cold_start_ms),
    });
    if args.json {
        println!("{result}");
    } else if let Some(figures) = result.as_object() {
        for (name, value) in figures {
            println!("{name:<26} {value}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One fact per commit, each durable before the next: what a person's click costs.
async fn appends(house: &House) -> Result<f64> {
    let started = Instant::now();
    for number in 0..APPENDS {
        let fact = NewFact::new(
            "bench/appends",
            "bench-appended",
            json!({ "number": number }),
        );
        house
            .store
            .commit(Commit::new("system", house.now()).fact(fact))
            .await?;
    }
    Ok(APPENDS as f64 / started.elapsed().as_secs_f64())
}

async fn fill(house: &House, rows: i64) -> Result<()> {
    let work = house.new_id();
    for from in (0..rows).step_by(usize::try_from(ROWS_PER_COMMIT)?) {
        let mut commit = Commit::new("system", house.now());
        for number in from..rows.min(from + ROWS_PER_COMMIT) {
            commit = commit.put(&licence(&work, number, house))?;
        }
        house.store.commit(commit).await?;
    }
    Ok(())
}

fn licence(work: &Id, number: i64, house: &House) -> Licence {
    Licence {
        id: Id::derived(work, &format!("licence-{number}")).to_string(),
        work_id: work.to_string(),
        title_zh: format!("合成片名{:05}", number * 7919 % 100_000),
        title_en: format!("Synthetic title {:05}", number * 7919 % 100_000),
        licensee: format!("Licensee {:04}", number * 104_729 % 5000),
        territories: "World ex CN".to_owned(),
        media: vec!["svod".to_owned()],
        languages: vec!["en:audio".to_owned()],
        starts_on: format!("20{:02}-{:02}-01", 26 + number % 10, 1 + number % 12),
        ends_on: None,
        exclusive: number % 3 == 0,
        state: if number % 2 == 0 { "granted" } else { "paid" }.to_owned(),
        price_minor: number * 31 % 1_000_000,
        currency: "CNY".to_owned(),
        paid_minor: 0,
        payments: Vec::new(),
        created: backlot_facts::UtcMicros(house.now().0 + number),
    }
}

/// Which page, and how many milliseconds it took.
async fn load(address: SocketAddr, cookie: &str, args: &Args) -> Result<Vec<(usize, f64)>> {
    let until = Instant::now() + Duration::from_secs(args.seconds);
    let mut tasks = Vec::new();
    for connection in 0..args.connections {
        let mut client = Client::connect(address, cookie).await?;
        tasks.push(tokio::spawn(async move {
            let mut latencies_ms = Vec::new();
            let mut turn = connection;
            while Instant::now() < until {
                let sent = Instant::now();
                let page = turn % PAGES.len();
                let answer = client.get(PAGES[page]).await?;
                if answer.status != 200 || answer.body.len() < 100 {
                    bail!("the list answered {}", answer.status);
                }
                latencies_ms.push((page, sent.elapsed().as_secs_f64() * 1e3));
                turn += 1;
            }
            Ok(latencies_ms)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(all)
}

/// What people do with the list: open it, sort it, filter it, search it.
const PAGES: [&str; 5] = [
    "/api/licences?limit=50",
    "/api/licences?limit=50&sort=licensee&dir=asc",
    "/api/licences?limit=50&sort=price_minor&dir=desc",
    "/api/licences?limit=50&state=paid&sort=starts_on&dir=asc",
    "/api/licences?limit=50&q=Licensee%2004",
];

struct Server {
    child: Child,
    address: SocketAddr,
    started: Instant,
}

impl Server {
    fn start(data: &Path) -> Result<Self> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new(std::env::current_exe()?)
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .context("failed to start `serve`")?;
        Ok(Self {
            child,
            address,
            started: Instant::now(),
        })
    }

    /// Milliseconds from the start of the process to the first page.
    async fn first_page(&mut self) -> Result<f64> {
        while self.started.elapsed().as_secs() < START_SECS_MAX {
            if let Ok(mut client) = Client::connect(self.address, "").await
                && let Ok(answer) = client.get("/").await
                && answer.status == 200
            {
                return Ok(self.started.elapsed().as_secs_f64() * 1e3);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("`serve` showed no page within {START_SECS_MAX} s")
    }

    /// Resident memory by /proc, megabytes.
    fn memory_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find(|l| l.starts_with("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes: f64 = line
            .split_whitespace()
            .nth(1)
            .context("no number")?
            .parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn sorted(samples: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = samples.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let index = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
