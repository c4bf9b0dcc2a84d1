//! The built binary, used as people use it: command line, server, browser, and kill -9.

mod browser;
mod cli;
mod crash;
mod full_disk;
mod support;
