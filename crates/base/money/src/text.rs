//! Money as people write it: `1,234.50 CNY`, `¥1,234.50`, `CNY 1234.5`, `12.5万元`.
//!
//! Reading is strict where a slip would cost money: more decimals than the currency has, groups
//! that are not of three digits and a `¥` of unknown country are refused, never guessed.

use crate::{Currency, Lang, Money, MoneyError};
use std::fmt;

/// Longest text looked at, characters.
const TEXT_CHARS_MAX: usize = 64;

/// Symbol, currency, whether the symbol alone names it.
const SYMBOLS: [(&str, Currency, bool); 12] = [
    ("CN¥", Currency::CNY, true),
    ("JP¥", Currency::JPY, true),
    ("US$", Currency::USD, true),
    ("HK$", Currency::HKD, true),
    ("RMB", Currency::CNY, true),
    ("€", Currency::EUR, true),
    ("£", Currency::GBP, true),
    ("₩", Currency::KRW, true),
    ("元", Currency::CNY, false),
    ("¥", Currency::CNY, false),
    ("¥", Currency::JPY, false),
    ("$", Currency::USD, false),
];

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum MoneyTextError {
    #[error("the amount is empty; write for example 1,234.50 CNY")]
    Empty,
    #[error("the amount is longer than {TEXT_CHARS_MAX} characters")]
    TooLong,
    #[error("`{text}` names no currency; add its code, for example 1,234.50 CNY")]
    CurrencyMissing { text: String },
    #[error("`{word}` is not a currency that was expected here; use the three-letter code")]
    CurrencyUnknown { word: String },
    #[error("`{text}` is not an amount; write digits with groups of three, for example 1,234.50")]
    NotANumber { text: String },
    #[error("{currency} has {digits} decimals, the amount has {found}")]
    Decimals {
        currency: Currency,
        digits: u32,
        found: usize,
    },
    #[error(transparent)]
    Range(#[from] MoneyError),
}

impl Money {
    /// An amount that names its own currency: `1,234.50 CNY`, `US$ 20`, `-3 JPY`, `CN¥5`.
    /// A bare `¥`, `元` or `$` is refused, since several currencies use it.
    pub fn parse(text: &str) -> Result<Self, MoneyTextError> {
        read(text, None)
    }

    /// An amount in a known currency; its code or symbol may stand beside the number.
    pub fn parse_in(text: &str, currency: Currency) -> Result<Self, MoneyTextError> {
        read(text, Some(currency))
    }

    /// The number alone, grouped in threes: `-1,234.50`.
    pub fn number_text(self) -> String {
        let digits = usize::try_from(self.currency.minor_digits()).unwrap_or(0);
        let mut all = self.minor.unsigned_abs().to_string();
        if all.len() <= digits {
            all = format!("{}{all}", "0".repeat(digits + 1 - all.len()));
        }
        let (major, minor) = all.split_at(all.len() - digits);
        let mut out = String::from(if self.minor < 0 { "-" } else { "" });
        for (place, digit) in major.chars().enumerate() {
            if place > 0 && (major.len() - place) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        if !minor.is_empty() {
            out.push('.');
            out.push_str(minor);
        }
        out
    }

    /// With the symbol the reader expects: zh `¥1,234.50`, en `CN¥1,234.50`; a currency without a
    /// symbol keeps its code behind the number.
    pub fn symbol_text(self, lang: Lang) -> String {
        let symbol = match (self.currency, lang) {
            (Currency::CNY, Lang::Zh) => Some("¥"),
            (currency, _) => SYMBOLS
                .iter()
                .find(|(_, of, own)| *of == currency && *own)
                .map(|entry| entry.0),
        };
        let Some(symbol) = symbol else {
            return self.to_string();
        };
        let number = self.number_text();
        match number.strip_prefix('-') {
            Some(number) => format!("-{symbol}{number}"),
            None => format!("{symbol}{number}"),
        }
    }
}

/// `1,234.50 CNY`; [`Money::parse`] reads it back.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number_text(), self.currency)
    }
}

/// Full-width forms and the many minus signs become ASCII.
fn plain(c: char) -> char {
    match c {
        '\u{ffe5}' => '¥',
        '\u{2212}' | '\u{2013}' => '-',
        '\u{a0}' | '\u{3000}' | '\u{202f}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn read(text: &str, known: Option<Currency>) -> Result<Money, MoneyTextError> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(MoneyTextError::TooLong);
    }
    let folded: String = text.chars().map(plain).collect();
    let trimmed = folded.trim();
    if trimmed.is_empty() {
        return Err(MoneyTextError::Empty);
    }
    let (negative, unsigned) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed),
    };
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    let start = unsigned.find(is_number).unwrap_or(unsigned.len());
    let (before, rest) = unsigned.split_at(start);
    let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    let (scale, after) = myriad(after.trim());
    let currency = currency_of(before.trim(), after.trim(), known, trimmed)?;
    let (inner_minus, number) = match number.strip_prefix('-') {
        Some(number) if !negative && !before.is_empty() => (true, number),
        _ => (false, number),
    };
    let minor = minor_units(number, currency, scale)?;
    let sign = if negative || inner_minus { -1 } else { 1 };
    let minor = i64::try_from(minor * sign).map_err(|_| MoneyError::TooLarge { currency })?;
    Ok(Money { minor, currency })
}

/// Powers of ten of 万 and 亿, and what stands behind them.
fn myriad(after: &str) -> (u32, &str) {
    match (after.strip_prefix('万'), after.strip_prefix('亿')) {
        (Some(rest), _) => (4, rest),
        (_, Some(rest)) => (8, rest),
        _ => (0, after),
    }
}

fn currency_of(
    before: &str,
    after: &str,
    known: Option<Currency>,
    text: &str,
) -> Result<Currency, MoneyTextError> {
    let mut found = known;
    for word in [before, after].into_iter().filter(|word| !word.is_empty()) {
        let unknown = || MoneyTextError::CurrencyUnknown {
            word: word.to_owned(),
        };
        let named = match Currency::parse(word) {
            Ok(currency) => currency,
            Err(_) => SYMBOLS
                .iter()
                .find(|(symbol, of, own)| {
                    symbol.eq_ignore_ascii_case(word) && found.map_or(*own, |known| known == *of)
                })
                .map(|entry| entry.1)
                .ok_or_else(unknown)?,
        };
        if found.is_some_and(|known| known != named) {
            return Err(unknown());
        }
        found = Some(named);
    }
    found.ok_or_else(|| MoneyTextError::CurrencyMissing {
        text: text.to_owned(),
    })
}

/// Magnitude in minor units of `1,234.5 × 10^scale`.
fn minor_units(number: &str, currency: Currency, scale: u32) -> Result<i128, MoneyTextError> {
    let refuse = || MoneyTextError::NotANumber {
        text: number.to_owned(),
    };
    let (major, decimals) = number.split_once('.').unwrap_or((number, ""));
    if number.ends_with('.') || !decimals.chars().all(|c| c.is_ascii_digit()) {
        return Err(refuse());
    }
    let mut groups = major.split(',');
    let first = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    let right = !first.is_empty()
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3);
    let digits: String = std::iter::once(first).chain(rest).collect();
    if !right || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(refuse());
    }
    let places = currency.minor_digits() + scale;
    let kept = decimals.trim_end_matches('0');
    let places_len = usize::try_from(places).unwrap_or(0);
    if kept.len() > places_len {
        let digits = currency.minor_digits();
        return Err(MoneyTextError::Decimals {
            currency,
            digits,
            found: decimals.len(),
        });
    }
    let padded = format!("{digits}{kept}{}", "0".repeat(places_len - kept.len()));
    let too_large = MoneyTextError::Range(MoneyError::TooLarge { currency });
    let significant = padded.trim_start_matches('0');
    if significant.len() > 30 {
        return Err(too_large);
    }
    Ok(significant.parse::<i128>().unwrap_or(0))
}
