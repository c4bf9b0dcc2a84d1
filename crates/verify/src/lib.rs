//! The offline checker of evidence packages: no store, no network, only files it is told to read.
//!
//! [`verify_files`] reads the files and gives the verdict; [`print_verdict`] writes it as text or
//! JSON; [`run`] is the whole command line, shared by the small `backlot-verify` program and by
//! `backlot verify`. Exit codes: 0 proven, 1 refused, 2 usage or unreadable files.

mod args;
mod digests;

pub use args::{Args, ArgsError, USAGE};
pub use digests::digest_reader;

use backlot_register::evidence::PACKAGE_BYTES_MAX;
use backlot_register::policy::POLICY_BYTES_MAX;
use backlot_register::{Lang, OriginalDigests, Verdict};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub const EXIT_PROVEN: u8 = 0;
pub const EXIT_REFUSED: u8 = 1;
pub const EXIT_USAGE: u8 = 2;

#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("failed to read {what} `{path}`")]
    Read {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("the policy `{0}` is not a text of at most 64 KiB")]
    Policy(PathBuf),
}

/// Reads a package, the originals and a policy, and judges. A package over 4 MiB is not read
/// further than its first 4 MiB, and refused.
pub fn verify_files(
    package: &Path,
    originals: &[PathBuf],
    policy: Option<&Path>,
) -> Result<(Verdict, u8), VerifyError> {
    let bytes = read_bounded("the package", package, PACKAGE_BYTES_MAX)?;
    let policy = policy.map(read_policy).transpose()?;
    let originals = originals.iter().map(|path| digest_file(path));
    let originals = originals.collect::<Result<Vec<_>, _>>()?;
    let verdict = backlot_register::verify(&bytes, &originals, policy.as_deref());
    let code = if verdict.is_proven() {
        EXIT_PROVEN
    } else {
        EXIT_REFUSED
    };
    Ok((verdict, code))
}

/// The three digests of a file, streamed.
pub fn digest_file(path: &Path) -> Result<OriginalDigests, VerifyError> {
    let failed = |source| VerifyError::Read {
        what: "the original",
        path: path.into(),
        source,
    };
    let mut file = File::open(path).map_err(failed)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    digest_reader(&name, &mut file).map_err(failed)
}

fn read_policy(path: &Path) -> Result<String, VerifyError> {
    let bytes = read_bounded("the policy", path, POLICY_BYTES_MAX)?;
    if bytes.len() > POLICY_BYTES_MAX {
        return Err(VerifyError::Policy(path.into()));
    }
    String::from_utf8(bytes).map_err(|_| VerifyError::Policy(path.into()))
}

/// One byte more than `limit` at most, so that the reader of the bytes sees they are too many.
fn read_bounded(what: &'static str, path: &Path, limit: usize) -> Result<Vec<u8>, VerifyError> {
    let failed = |source| VerifyError::Read {
        what,
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

/// Writes a verdict: one JSON object, or text in one language.
pub fn print_verdict(
    verdict: &Verdict,
    json: bool,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    if json {
        let mut value = serde_json::to_value(verdict).map_err(io::Error::other)?;
        value["is_proven"] = verdict.is_proven().into();
        return writeln!(out, "{value:#}");
    }
    out.write_all(verdict.text(lang).as_bytes())
}

/// The whole command line; `args` without the program's name. Returns the exit code.
pub fn run(args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    match run_inner(args, out, err) {
        Ok(code) => code,
        // The reader of our output went away; the verdict was not delivered.
        Err(_) => EXIT_USAGE,
    }
}

fn run_inner(args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let args = match Args::parse(args) {
        Ok(args) => args,
        Err(ArgsError::Help) => {
            out.write_all(USAGE.as_bytes())?;
            return Ok(EXIT_PROVEN);
        }
        Err(error) => {
            write!(err, "error: {error}\n{USAGE}")?;
            return Ok(EXIT_USAGE);
        }
    };
    match verify_files(&args.package, &args.originals, args.policy.as_deref()) {
        Ok((verdict, code)) => {
            print_verdict(&verdict, args.json, args.lang, out)?;
            Ok(code)
        }
        Err(error) => {
            write!(err, "error: {error}")?;
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                write!(err, ": {cause}")?;
                source = cause.source();
            }
            writeln!(err)?;
            Ok(EXIT_USAGE)
        }
    }
}
