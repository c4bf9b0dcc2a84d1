//! Currencies of ISO 4217 with their number of minor digits.
//!
//! Codes without a minor unit of account in the standard (metals XAU…, bond units XBA…, SDR, test
//! and "no currency" codes) are left out: no licence is priced in them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Alphabetic codes by number of minor digits, sorted inside each row (ISO 4217, active codes).
const DIGITS_0: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const DIGITS_2: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV \
    BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN \
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR \
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN \
    NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP \
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES \
    WST XCD XCG YER ZAR ZMW ZWG";
const DIGITS_3: &str = "BHD IQD JOD KWD LYD OMR TND";
const DIGITS_4: &str = "CLF UYW";

/// An active ISO 4217 currency; one that exists is a real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{code}` is not an active ISO 4217 currency code; write three letters such as CNY")]
pub struct CurrencyError {
    pub code: String,
}

impl Currency {
    pub const CNY: Self = Self(*b"CNY");
    pub const EUR: Self = Self(*b"EUR");
    pub const GBP: Self = Self(*b"GBP");
    pub const HKD: Self = Self(*b"HKD");
    pub const JPY: Self = Self(*b"JPY");
    pub const KRW: Self = Self(*b"KRW");
    pub const USD: Self = Self(*b"USD");

    /// Three letters, any case, no blanks.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let refuse = || CurrencyError {
            code: code.chars().take(12).collect(),
        };
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| refuse())?;
        let upper = bytes.map(|byte| byte.to_ascii_uppercase());
        if !upper.iter().all(u8::is_ascii_uppercase) {
            return Err(refuse());
        }
        digits_of(upper).map(|_| Self(upper)).ok_or_else(refuse)
    }

    /// The alphabetic code, `CNY`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency holds three ASCII letters")
    }

    /// Digits after the decimal point: JPY 0, CNY 2, KWD 3, CLF 4.
    pub fn minor_digits(self) -> u32 {
        digits_of(self.0).expect("a currency that exists stands in the table")
    }

    /// Minor units in one major unit: JPY 1, CNY 100, KWD 1,000.
    pub fn minor_per_major(self) -> i64 {
        10i64.pow(self.minor_digits())
    }

    /// All of them, sorted by code.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = [DIGITS_0, DIGITS_2, DIGITS_3, DIGITS_4]
            .iter()
            .flat_map(|row| row.split_ascii_whitespace())
            .filter_map(|code| code.as_bytes().try_into().ok().map(Self))
            .collect();
        all.sort();
        all
    }
}

fn digits_of(code: [u8; 3]) -> Option<u32> {
    let holds = |row: &str| {
        row.split_ascii_whitespace()
            .any(|entry| entry.as_bytes() == code)
    };
    [(DIGITS_2, 2), (DIGITS_0, 0), (DIGITS_3, 3), (DIGITS_4, 4)]
        .into_iter()
        .find(|(row, _)| holds(row))
        .map(|(_, digits)| digits)
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;
    fn try_from(code: String) -> Result<Self, CurrencyError> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}
