//! Settings: the commented default file, then `backlot.toml`, then the environment.
//!
//! `config.default.toml` is the manual and the source of every default; it is read by the same code
//! as the user's file, so it cannot go stale.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

pub const DEFAULTS: &str = include_str!("../config.default.toml");

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub store: StoreConfig,
    pub files: FilesConfig,
    pub web: WebConfig,
    pub media: MediaConfig,
    pub jobs: JobsConfig,
    pub log: LogConfig,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    pub url: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    pub kind: FilesKind,
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    pub access_key: String,
    pub secret_key: String,
    pub root: String,
    pub virtual_host: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilesKind {
    Folder,
    S3,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebConfig {
    pub listen: String,
    pub public_url: String,
    pub upload_bytes_max: i64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaConfig {
    pub ffmpeg: PathBuf,
    pub ffprobe: PathBuf,
    pub preview_secs_max: f64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobsConfig {
    pub workers: u32,
    pub attempts: i64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    pub level: String,
}

impl Config {
    /// Defaults, then the file (`explicit`, or `backlot.toml` in the data folder when it exists),
    /// then `environment` pairs.
    pub fn load(
        data: &Path,
        explicit: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut table: toml::Table = DEFAULTS
            .parse()
            .context("failed to read the built-in defaults")?;
        let beside_data = data.join("backlot.toml");
        let file = explicit
            .map(Path::to_path_buf)
            .or_else(|| beside_data.exists().then_some(beside_data));
        if let Some(path) = file {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("failed to read settings `{}`", path.display()))?;
            merge_text(&mut table, &text)
                .with_context(|| format!("settings `{}` are not accepted", path.display()))?;
        }
        merge_environment(&mut table, environment)?;
        let config: Self = table.try_into().context("settings are not accepted")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if !(1..=1000).contains(&self.jobs.attempts) {
            bail!("jobs.attempts must lie between 1 and 1000");
        }
        if self.web.upload_bytes_max <= 0 {
            bail!("web.upload_bytes_max must be a positive number of bytes");
        }
        if !(self.media.preview_secs_max >= 1.0 && self.media.preview_secs_max <= 600.0) {
            bail!("media.preview_secs_max must lie between 1 and 600 seconds");
        }
        if self.web.listen.parse::<std::net::SocketAddr>().is_err() {
            bail!(
                "web.listen `{}` is not an address and port, such as 127.0.0.1:8470",
                self.web.listen
            );
        }
        if self.files.kind == FilesKind::S3
            && (self.files.bucket.is_empty() || self.files.endpoint.is_empty())
        {
            bail!("files.kind = \"s3\" needs files.endpoint and files.bucket");
        }
        Ok(())
    }

    /// The settings in force as TOML, without secrets.
    pub fn dump(&self) -> Result<String> {
        let mut shown = self.clone();
        if !shown.files.secret_key.is_empty() {
            shown.files.secret_key = "(hidden)".to_owned();
        }
        shown.store.url = hide_password(&shown.store.url);
        toml::to_string_pretty(&shown).context("failed to print the settings")
    }
}

/// `postgres://user:secret@host/db` → `postgres://user:(hidden)@host/db`.
pub fn hide_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest
        .split_once('@')
        .and_then(|(login, host)| Some((login.split_once(':')?.0, host)))
    {
        Some((user, host)) => format!("{scheme}://{user}:(hidden)@{host}"),
        None => url.to_owned(),
    }
}

/// Checks the user's text on its own, so that errors carry its lines, then lays it over `table`.
fn merge_text(table: &mut toml::Table, text: &str) -> Result<()> {
    let mine: toml::Table = text.parse()?;
    for (section, value) in mine {
        let Some(known) = table.get_mut(&section).and_then(toml::Value::as_table_mut) else {
            bail!(
                "line {}: unknown section `{section}`; known are {}",
                line_of(text, &section),
                DEFAULT_SECTIONS
            );
        };
        let toml::Value::Table(entries) = value else {
            bail!(
                "line {}: `{section}` must be a section, `[{section}]`",
                line_of(text, &section)
            );
        };
        for (key, value) in entries {
            let Some(slot) = known.get_mut(&key) else {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                bail!(
                    "line {}: unknown key `{section}.{key}`; known are {}",
                    line_of(text, &key),
                    names.join(", ")
                );
            };
            if !same_kind(slot, &value) {
                bail!(
                    "line {}: `{section}.{key}` must be a {}",
                    line_of(text, &key),
                    slot.type_str()
                );
            }
            *slot = value;
        }
    }
    Ok(())
}

const DEFAULT_SECTIONS: &str = "store, files, web, media, jobs, log";

fn same_kind(default: &toml::Value, given: &toml::Value) -> bool {
    default.same_type(given) || (default.is_float() && given.is_integer())
}

fn line_of(text: &str, word: &str) -> usize {
    let found = text.lines().position(|line| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    });
    found.map_or(1, |index| index + 1)
}

fn merge_environment(
    table: &mut toml::Table,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<()> {
    for (name, text) in environment {
        let Some(path) = name.strip_prefix("BACKLOT_").map(str::to_lowercase) else {
            continue;
        };
        let Some((section, key)) = path.split_once('_') else {
            continue;
        };
        let Some(slot) = table
            .get_mut(section)
            .and_then(|s| s.as_table_mut()?.get_mut(key))
        else {
            continue;
        };
        *slot = match slot {
            toml::Value::Boolean(_) => toml::Value::Boolean(
                text.parse()
                    .with_context(|| format!("environment {name} must be true or false"))?,
            ),
            toml::Value::Integer(_) => toml::Value::Integer(
                text.parse()
                    .with_context(|| format!("environment {name} must be a whole number"))?,
            ),
            toml::Value::Float(_) => toml::Value::Float(
                text.parse()
                    .with_context(|| format!("environment {name} must be a number"))?,
            ),
            _ => toml::Value::String(text),
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("backlot.toml"), text).unwrap();
        let pairs = environment
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(dir.path(), None, pairs)
    }

    fn refusal(text: &str) -> String {
        format!("{:#}", load(text, &[]).err().expect("must be refused"))
    }

    #[test]
    fn defaults_file_and_environment_in_that_order() {
        let config = load(
            "[web]\nlisten = \"127.0.0.1:9000\"\n",
            &[("BACKLOT_JOBS_WORKERS", "3")],
        )
        .unwrap();
        assert_eq!(
            (config.web.listen.as_str(), config.jobs.workers),
            ("127.0.0.1:9000", 3)
        );
        assert_eq!(config.web.upload_bytes_max, 8_589_934_592);
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let text = refusal("[web]\n# a comment\nlisen = \"127.0.0.1:1\"\n");
        assert!(
            text.contains("line 3: unknown key `web.lisen`; known are listen"),
            "{text}"
        );
        assert!(refusal("[wbe]\n").contains("line 1: unknown section `wbe`"));
        assert!(
            refusal("[jobs]\nworkers = \"two\"\n")
                .contains("line 2: `jobs.workers` must be a integer")
        );
    }

    #[test]
    fn dumped_settings_load_again_and_hide_secrets() {
        let config = load(
            "[store]\nurl = \"postgres://me:geheim@db/x\"\n",
            &[("BACKLOT_FILES_SECRET_KEY", "geheim")],
        )
        .unwrap();
        let dump = config.dump().unwrap();
        assert!(!dump.contains("geheim"), "{dump}");
        load(&dump, &[]).unwrap();
    }
}
