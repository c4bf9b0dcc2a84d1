//! Figures of the local ledger: registrations per second alone and together, package size, time to
//! verify and to open. `cargo run --example ledger_figures -- [FOLDER [ENTRIES]]` keeps the last
//! package in FOLDER.

use backlot_authority_direct::AuthorityDirect;
use backlot_facts::UtcMicros;
use backlot_ports::authorities::Authorities;
use backlot_register::{Act, Claim, Party, Title, build_package, verify};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn leaf(number: u64) -> Result<Vec<u8>, AnyError> {
    let title = Title {
        zh: format!("作品{number}"),
        en: format!("Work {number}"),
    };
    let author = Party {
        name: "W".to_owned(),
        organisation: "Backlot".to_owned(),
    };
    let at = UtcMicros::from_secs(1_795_228_020);
    Ok(Claim::new(Act::WorkRegistered, title, author, at).to_bytes()?)
}

fn open(dir: &Path) -> Result<AuthorityDirect, AnyError> {
    let mut random = std::fs::File::open("/dev/urandom")?;
    let mut failed = None;
    let now = UtcMicros::from_secs(1_795_228_020);
    let ledger = AuthorityDirect::open(dir, now, &mut |seed| {
        failed = random.read_exact(seed).err();
    })?;
    failed.map_or(Ok(ledger), |error| Err(error.into()))
}

fn main() -> Result<(), AnyError> {
    let mut args = std::env::args().skip(1);
    let folder = args
        .next()
        .map_or_else(|| std::env::temp_dir().join("ledger"), PathBuf::from);
    let entries: u64 = args.next().map_or(Ok(2_000), |count| count.parse())?;
    let dir = folder.join("ledger");
    let ledger = open(&dir)?;
    let first = ledger.status()?.size;
    let at = UtcMicros::from_secs(1_795_228_021);

    let mut alone_ms = Vec::new();
    for number in first..first + 200 {
        let started = Instant::now();
        ledger.submit(&leaf(number)?, at)?;
        alone_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    alone_ms.sort_by(f64::total_cmp);
    println!(
        "alone: p50 {:.1} ms, p99 {:.1} ms",
        alone_ms[100], alone_ms[197]
    );

    together(&ledger, first + 200, entries)?;
    packages(&ledger, first + 7, &folder)?;

    drop(ledger);
    let started = Instant::now();
    let size = open(&dir)?.status()?.size;
    println!(
        "open: {size} entries in {:.0} ms",
        started.elapsed().as_secs_f64() * 1e3
    );
    Ok(())
}

fn together(ledger: &AuthorityDirect, first: u64, entries: u64) -> Result<(), AnyError> {
    let at = UtcMicros::from_secs(1_795_228_021);
    let started = Instant::now();
    let threads = 32;
    std::thread::scope(|scope| {
        let work = |thread: u64| {
            move || -> Result<(), AnyError> {
                for number in (thread..entries).step_by(threads as usize) {
                    ledger.submit(&leaf(first + number)?, at)?;
                }
                Ok(())
            }
        };
        let started: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(work(thread)))
            .collect();
        started.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a thread ended unexpectedly".into()))
        })
    })?;
    let rate = entries as f64 / started.elapsed().as_secs_f64();
    println!("together ({threads} submitters): {rate:.0} registrations/s");
    Ok(())
}

fn packages(ledger: &AuthorityDirect, index: u64, folder: &Path) -> Result<(), AnyError> {
    let parts = ledger.evidence(index)?;
    let package = build_package(&parts)?;
    let core = parts.proof.to_string().len();
    println!(
        "package: {} bytes, proof with signatures: {core} bytes",
        package.len()
    );
    let policy = parts.policy.to_string();
    let started = Instant::now();
    for _ in 0..100 {
        if !verify(&package, &[], Some(&policy)).is_proven() {
            return Err("the package does not verify".into());
        }
    }
    println!("verify: {:.2} ms", started.elapsed().as_secs_f64() * 10.0);
    Ok(std::fs::write(folder.join("work.evidence.zip"), package)?)
}
