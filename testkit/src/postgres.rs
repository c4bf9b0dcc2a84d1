//! A private PostgreSQL in a temporary folder, one database per test.
//!
//! The server is watched by a shell that reads a pipe from the test process: when that process
//! ends, in whatever way, the pipe closes, the server stops and the folder goes. It listens on a
//! unix socket in that folder only. As root it runs as the user `postgres`, since the server
//! refuses root.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const WATCH: &str = r#"
bin="$1"; dir="$2"; sync="$3"
"$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale --no-sync \
    >"$dir/initdb.log" 2>&1 || exit 1
"$bin/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" \
    -c fsync="$sync" -c max_connections=200 -c shared_buffers=128MB >"$dir/server.log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server"; wait "$server"; rm -rf "$dir"
"#;

pub struct Cluster {
    bin: PathBuf,
    dir: PathBuf,
    /// Its standard input is the pipe whose end stops the server.
    watch: Child,
    databases: AtomicU32,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}

impl Cluster {
    /// `None`, and one printed line, when no server is installed. `sync` = flush to the disk.
    pub async fn start(sync: bool) -> Option<Self> {
        let Some(bin) = server_programs() else {
            println!("skipped: no PostgreSQL server under /usr/lib/postgresql");
            return None;
        };
        let dir = tempfile::Builder::new()
            .prefix("backlot-pg-")
            .tempdir()
            .ok()?
            .keep();
        let watch = spawn(&bin, &dir, sync).expect("a shell starts");
        let cluster = Self {
            bin,
            dir,
            watch,
            databases: AtomicU32::new(0),
        };
        for _ in 0..300 {
            if cluster.run("pg_isready", &["-q"]) {
                return Some(cluster);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(cluster.dir.join("server.log")).unwrap_or_default();
        let init = std::fs::read_to_string(cluster.dir.join("initdb.log")).unwrap_or_default();
        panic!("PostgreSQL did not start:\n{init}\n{log}");
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let status = Command::new(self.bin.join(program))
            .arg("-h")
            .arg(&self.dir)
            .args(["-U", "postgres"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    }

    /// Creates a database and gives its URL.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(
            self.run("createdb", &["-T", "template0", &name]),
            "createdb failed"
        );
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            self.dir.display()
        )
    }
}

/// A URL of a new database on the server all tests of this process share; `None` = not installed.
pub async fn shared_database() -> Option<String> {
    static SHARED: OnceLock<tokio::sync::OnceCell<Option<Cluster>>> = OnceLock::new();
    let cell = SHARED.get_or_init(tokio::sync::OnceCell::new);
    let cluster = cell.get_or_init(|| Cluster::start(false)).await.as_ref()?;
    Some(tokio::task::block_in_place(|| cluster.database()))
}

/// The newest `/usr/lib/postgresql/<version>/bin` with a server in it.
fn server_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            let complete = bin.join("initdb").is_file() && bin.join("postgres").is_file();
            complete.then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

fn spawn(bin: &Path, dir: &Path, sync: bool) -> std::io::Result<Child> {
    let root = Command::new("id").arg("-u").output()?.stdout == b"0\n";
    let mut command = if root {
        let owned = Command::new("chown")
            .args(["postgres:postgres"])
            .arg(dir)
            .status()?;
        assert!(owned.success(), "the user `postgres` is missing");
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "sh",
        ]);
        command
    } else {
        Command::new("sh")
    };
    let script = dir.join("watch.sh");
    std::fs::File::create(&script)?.write_all(WATCH.as_bytes())?;
    command
        .arg(&script)
        .args([bin, dir])
        .arg(if sync { "on" } else { "off" })
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
