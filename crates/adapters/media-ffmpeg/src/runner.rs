//! One child process: started, fed, watched, stopped, and its failure put into words.
//!
//! The caller's thread does the plain blocking reading or writing of the pipes. A second thread
//! drains standard error (the last 8 KiB are kept); a third watches the clock and the cancel flag
//! and kills the child, which ends the caller's reading too. Every child is waited for.

use backlot_ports::media::{MediaControl, MediaError};
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const STDERR_TAIL_BYTES: usize = 8 << 10;
const WATCH_EVERY: Duration = Duration::from_millis(10);

/// What to run and how long it may take.
pub struct Job {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    pub doing: &'static str,
    pub limit: Duration,
    pub has_input: bool,
}

/// How a child ended without our doing.
pub struct Ended<T> {
    pub status: ExitStatus,
    pub stderr_tail: String,
    /// What the caller's part returned.
    pub value: T,
}

impl Job {
    /// Runs to the end with `talk` on the pipes. A non-zero exit is `Ok`; the caller judges it.
    pub fn run<T>(
        &self,
        control: MediaControl<'_>,
        talk: impl FnOnce(Option<ChildStdin>, ChildStdout) -> T,
    ) -> Result<Ended<T>, MediaError> {
        let mut child = self.spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            let _ = child.kill();
            let _ = child.wait();
            let stderr_tail = "the pipes were not opened".to_owned();
            return Err(MediaError::Failed {
                doing: self.doing,
                stderr_tail,
            });
        };
        let child = Mutex::new(child);
        std::thread::scope(|scope| {
            let tail = scope.spawn(move || drain_tail(stderr));
            let (done, watched) = channel::<()>();
            let watch = scope.spawn(|| self.watch(&child, control, watched));
            let value = talk(stdin, stdout);
            let status = wait(&child);
            drop(done);
            let stopped = watch.join().unwrap_or(None);
            let stderr_tail = tail.join().unwrap_or_default();
            if let Some(error) = stopped {
                return Err(error);
            }
            let path = || self.program.display().to_string();
            let status = status.map_err(|source| MediaError::Io {
                doing: "wait for",
                path: path(),
                source,
            })?;
            Ok(Ended {
                status,
                stderr_tail,
                value,
            })
        })
    }

    /// As [`Job::run`] for `-progress pipe:1`: progress is reported against `expected_us`.
    pub fn run_with_progress(
        &self,
        control: MediaControl<'_>,
        expected_us: i64,
    ) -> Result<Ended<()>, MediaError> {
        self.run(control, |_, stdout| {
            read_progress(stdout, expected_us, control)
        })
    }

    /// As [`Job::run`], keeping at most `max` bytes of standard output.
    pub fn run_for_bytes(
        &self,
        control: MediaControl<'_>,
        max: u64,
    ) -> Result<Ended<Vec<u8>>, MediaError> {
        self.run(control, |_, stdout| {
            let mut kept = Vec::new();
            // A broken pipe shows in the exit status.
            let _ = stdout.take(max).read_to_end(&mut kept);
            kept
        })
    }

    fn spawn(&self) -> Result<Child, MediaError> {
        let stdin = if self.has_input {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        let spawned = Command::new(&self.program)
            .args(&self.args)
            .env("AV_LOG_FORCE_NOCOLOR", "1")
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        spawned.map_err(|source| {
            let program = self.program.display().to_string();
            if source.kind() == io::ErrorKind::NotFound {
                let remedy = "sudo apt-get install -y ffmpeg".to_owned();
                return MediaError::ToolMissing { program, remedy };
            }
            MediaError::Io {
                doing: "start",
                path: program,
                source,
            }
        })
    }

    /// Until `watched` closes; the error says why the child was killed.
    fn watch(
        &self,
        child: &Mutex<Child>,
        control: MediaControl<'_>,
        watched: Receiver<()>,
    ) -> Option<MediaError> {
        let start = Instant::now();
        loop {
            match watched.recv_timeout(WATCH_EVERY) {
                Err(RecvTimeoutError::Timeout) => (),
                _ => return None,
            }
            let doing = self.doing;
            let error = if control.is_cancelled() {
                MediaError::Cancelled { doing }
            } else if start.elapsed() > self.limit {
                MediaError::TimedOut {
                    doing,
                    limit_secs: self.limit.as_secs(),
                }
            } else {
                continue;
            };
            // Killing a child that has just ended is no error worth telling.
            let _ = lock(child).kill();
            return Some(error);
        }
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits without holding the lock, so that the watcher can still kill.
fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let (_never, timer) = channel::<()>();
    loop {
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        let _ = timer.recv_timeout(Duration::from_millis(2));
    }
}

/// The last bytes of standard error, as text.
fn drain_tail(mut stderr: ChildStderr) -> String {
    let mut tail: Vec<u8> = Vec::new();
    let mut chunk = [0u8; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut chunk) {
        tail.extend_from_slice(&chunk[..count]);
        if tail.len() > 4 * STDERR_TAIL_BYTES {
            tail.drain(..tail.len() - STDERR_TAIL_BYTES);
        }
    }
    let from = tail.len().saturating_sub(STDERR_TAIL_BYTES);
    String::from_utf8_lossy(&tail[from..]).trim().to_owned()
}

/// `out_time_us=…` lines; the figure never falls and stays below 1 until the child has ended.
fn read_progress(stdout: ChildStdout, expected_us: i64, control: MediaControl<'_>) {
    let mut shown = 0.0f32;
    for line in BufReader::new(stdout.take(64 << 20)).lines() {
        let Ok(line) = line else { return };
        let time_us = line
            .strip_prefix("out_time_us=")
            .and_then(|text| text.parse::<i64>().ok());
        if let Some(time_us) = time_us.filter(|_| expected_us > 0) {
            let share = (time_us as f64 / expected_us as f64).clamp(0.0, 0.99) as f32;
            if share > shown {
                shown = share;
                (control.on_progress)(share);
            }
        }
    }
}

/// Turns the engine's last words into the error a person can act on.
pub fn failure(doing: &'static str, status: ExitStatus, stderr_tail: String) -> MediaError {
    if stderr_tail.contains("No space left on device") {
        return MediaError::NoSpace { doing };
    }
    let stderr_tail = match stderr_tail.as_str() {
        "" => format!("it ended with {status} and said nothing"),
        _ => shorten(&stderr_tail),
    };
    MediaError::Failed { doing, stderr_tail }
}

/// The last three different lines without memory addresses, at most 400 characters.
pub fn shorten(stderr_tail: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in stderr_tail.lines().rev() {
        // `[h264 @ 0x56334be34680] words`: the part and its address say nothing to a person.
        let words = match line.trim().split_once("] ") {
            Some((part, words)) if part.starts_with('[') && part.contains(" @ 0x") => words,
            _ => line.trim(),
        };
        if !words.is_empty() && !lines.contains(&words) {
            lines.push(words);
        }
        if lines.len() == 3 {
            break;
        }
    }
    lines.reverse();
    lines.join("; ").chars().take(400).collect()
}
