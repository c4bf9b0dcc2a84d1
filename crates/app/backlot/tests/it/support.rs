//! Starting the binary, talking to it, and reading what it left behind.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const BINARY: &str = env!("CARGO_BIN_EXE_backlot");
/// Far above what any machine needs; a hang must end a test, a slow machine must not.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// True when the test may run without `program`; in CI everything must be there.
pub fn skip_without(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        assert!(
            std::env::var("BACKLOT_REQUIRE_ALL")
                .unwrap_or_default()
                .is_empty(),
            "{program} is missing and this run requires everything"
        );
        println!("skipped: {program} is not installed");
    }
    !found
}

/// The development data beside the checkout, or `None` with a printed line.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(relative);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: shared/data/{relative} is not beside the checkout");
    None
}

pub fn backlot(data: &Path, args: &[&str]) -> Output {
    Command::new(BINARY)
        .arg("--data")
        .arg(data)
        .args(args)
        .output()
        .unwrap()
}

/// The last line of standard output as JSON.
pub fn last_json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .last()
        .unwrap_or_else(|| panic!("no output; stderr: {}", stderr(output)));
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running `serve`.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// Printed on the first start only.
    pub sign_in: Option<(String, String)>,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let mut child = Command::new(BINARY)
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", &address.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        assert!(first.contains(&address.to_string()), "{first}");
        let second = lines.next().unwrap().unwrap();
        let words: Vec<&str> = second.split_whitespace().collect();
        let sign_in = (words.len() > 8 && words[3].contains('@'))
            .then(|| (words[3].to_owned(), words[7].to_owned()));
        let server = Self {
            child,
            address,
            sign_in,
        };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(started.elapsed() < PATIENCE, "the server does not listen");
            std::thread::park_timeout(Duration::from_millis(20));
        }
        server
    }

    /// SIGKILL: no handler runs.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A signed-in person, one connection per request.
pub struct Client {
    pub address: SocketAddr,
    pub cookie: String,
}

impl Client {
    pub fn sign_in(server: &Server, email: &str, password: &str) -> Self {
        let mut client = Self {
            address: server.address,
            cookie: String::new(),
        };
        let (status, head, body) = client.request(
            "POST",
            "/api/session",
            Some(&json!({ "email": email, "password": password })),
        );
        assert_eq!(status, 200, "{body}");
        let cookie = head.lines().find_map(|l| {
            l.to_ascii_lowercase()
                .starts_with("set-cookie:")
                .then(|| l[11..].trim().to_owned())
        });
        client.cookie = cookie.unwrap().split(';').next().unwrap().to_owned();
        client
    }

    pub fn get(&self, path: &str) -> Value {
        let (status, _, body) = self.request("GET", path, None);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, _, text) = self.request("POST", path, Some(body));
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String, String) {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\nx-backlot: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        (status, head.to_owned(), body.to_owned())
    }
}

/// State of a step, `waiting`, `running`, `done` or `failed`.
pub fn step_state(run: &Value, name: &str) -> String {
    let steps = run["steps"].as_array().unwrap();
    steps.iter().find(|s| s["name"] == name).unwrap()["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Polls until `found` says so.
pub fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = found() {
            return value;
        }
        assert!(started.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::park_timeout(Duration::from_millis(15));
    }
}
