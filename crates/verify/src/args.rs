//! The command line of the checker.

use backlot_register::Lang;
use std::ffi::OsString;
use std::path::PathBuf;

pub const USAGE: &str = "\
usage: backlot-verify FILE.evidence.zip [--original FILE]... [--policy FILE] [--json]
                      [--lang zh-CN|en]
Checks an evidence package offline. Exit code: 0 proven, 1 refused, 2 not readable or wrong usage.
离线核验证据包。退出码：0 通过，1 不通过，2 无法读取或用法错误。
";

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ArgsError {
    #[error("help")]
    Help,
    #[error("no package is given")]
    NoPackage,
    #[error("`{0}` is a second package; hint: check them one by one")]
    SecondPackage(PathBuf),
    #[error("`{0}` needs a value")]
    NoValue(&'static str),
    #[error("`{0}` is not an option")]
    Unknown(String),
    #[error("`{0}` is not a language; hint: zh-CN or en")]
    Lang(String),
    #[error("`--policy` stands twice")]
    SecondPolicy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    pub package: PathBuf,
    pub originals: Vec<PathBuf>,
    pub policy: Option<PathBuf>,
    pub json: bool,
    pub lang: Lang,
}

impl Args {
    /// `args` without the program's name. After `--` everything is a file.
    pub fn parse(args: &[OsString]) -> Result<Self, ArgsError> {
        let (mut package, mut policy) = (None, None);
        let (mut originals, mut json, mut lang) = (Vec::new(), false, Lang::En);
        let mut options = true;
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let text = arg.to_str().filter(|text| options && text.starts_with('-'));
            match text {
                Some("--help" | "-h") => return Err(ArgsError::Help),
                Some("--") => options = false,
                Some("--json") => json = true,
                Some("--original") => {
                    let file = args.next().ok_or(ArgsError::NoValue("--original"))?;
                    originals.push(PathBuf::from(file));
                }
                Some("--policy") => {
                    let file = args.next().ok_or(ArgsError::NoValue("--policy"))?;
                    if policy.replace(PathBuf::from(file)).is_some() {
                        return Err(ArgsError::SecondPolicy);
                    }
                }
                Some("--lang") => {
                    let value = args.next().ok_or(ArgsError::NoValue("--lang"))?;
                    lang = parse_lang(&value.to_string_lossy())?;
                }
                Some(other) => return Err(ArgsError::Unknown(other.to_owned())),
                None => {
                    if package.is_some() {
                        return Err(ArgsError::SecondPackage(PathBuf::from(arg)));
                    }
                    package = Some(PathBuf::from(arg));
                }
            }
        }
        let package = package.ok_or(ArgsError::NoPackage)?;
        Ok(Self {
            package,
            originals,
            policy,
            json,
            lang,
        })
    }
}

fn parse_lang(value: &str) -> Result<Lang, ArgsError> {
    match value {
        "zh-CN" | "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        other => Err(ArgsError::Lang(other.chars().take(40).collect())),
    }
}
