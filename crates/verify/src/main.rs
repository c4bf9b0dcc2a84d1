//! `backlot-verify`: checks evidence packages offline. All of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    ExitCode::from(backlot_verify::run(
        &args,
        &mut std::io::stdout(),
        &mut std::io::stderr(),
    ))
}
