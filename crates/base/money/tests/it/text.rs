//! Money as text: what is read, what is refused, and the way back.

use backlot_money::{Currency, Lang, Money, MoneyError, MoneyTextError};
use proptest::prelude::*;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

#[test]
fn codes_and_digits_of_iso_4217() {
    for (code, digits) in [
        ("JPY", 0),
        ("KRW", 0),
        ("CNY", 2),
        ("USD", 2),
        ("KWD", 3),
        ("TND", 3),
        ("CLF", 4),
    ] {
        assert_eq!(
            Currency::parse(code).unwrap().minor_digits(),
            digits,
            "{code}"
        );
    }
    assert_eq!(Currency::parse("cny").unwrap(), Currency::CNY);
    for wrong in ["", "CN", "CNYX", "XXX", "XAU", "¥", "C Y", "DEM"] {
        assert!(Currency::parse(wrong).is_err(), "{wrong}");
    }
    let all = Currency::all();
    assert!(
        all.windows(2).all(|pair| pair[0] < pair[1]),
        "a code stands twice"
    );
}

/// Every currency and digit count of the public country table, when it is at hand.
#[test]
fn agrees_with_the_public_country_table() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data/license/country-codes.csv"
    );
    let Ok(table) = std::fs::read_to_string(path) else {
        println!("skipped: no country-codes.csv beside the checkout");
        return;
    };
    // Codes withdrawn since that table was published: euro adoption and redenominations.
    let gone = ["HRK", "CUC", "SLL", "ZWL"];
    let columns = csv_line(table.lines().next().unwrap());
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let code = column("ISO4217-currency_alphabetic_code");
    let digits = column("ISO4217-currency_minor_unit");
    let mut seen = 0;
    for line in table.lines().skip(1) {
        let cells = csv_line(line);
        let (Some(codes), Some(minor)) = (cells.get(code), cells.get(digits)) else {
            continue;
        };
        for (code, minor) in codes.split(',').zip(minor.split(',')) {
            let Ok(minor) = minor.trim().parse::<u32>() else {
                continue;
            };
            if gone.contains(&code.trim()) {
                continue;
            }
            assert_eq!(
                Currency::parse(code.trim()).unwrap().minor_digits(),
                minor,
                "{code}"
            );
            seen += 1;
        }
    }
    assert!(seen > 200, "only {seen} rows had a currency");
}

fn csv_line(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

#[test]
fn reads_what_people_write() {
    for (text, expected) in [
        ("1,234.50 CNY", cny(123_450)),
        ("CNY 1234.5", cny(123_450)),
        ("cny1234.50", cny(123_450)),
        ("-1,234.50 CNY", cny(-123_450)),
        ("CN¥ -3", cny(-300)),
        ("RMB 8", cny(800)),
        ("\u{ff11},\u{ff12}34.50\u{3000}CNY", cny(123_450)),
        ("12.5万 CNY", cny(12_500_000)),
        ("1.41亿CNY", cny(14_100_000_000)),
        ("US$20", Money::new(2_000, Currency::USD)),
        ("€ 0.05", Money::new(5, Currency::EUR)),
        ("500 JPY", Money::new(500, Currency::JPY)),
        ("1.500 CNY", cny(150)),
        ("0 CNY", cny(0)),
    ] {
        assert_eq!(Money::parse(text), Ok(expected), "{text}");
    }
    assert_eq!(
        Money::parse_in("¥1,234.50", Currency::CNY),
        Ok(cny(123_450))
    );
    assert_eq!(
        Money::parse_in("\u{ffe5}1,234.50", Currency::CNY),
        Ok(cny(123_450))
    );
    assert_eq!(Money::parse_in("1234.5元", Currency::CNY), Ok(cny(123_450)));
    assert_eq!(
        Money::parse_in("12.5万元", Currency::CNY),
        Ok(cny(12_500_000))
    );
    assert_eq!(
        Money::parse_in("¥500", Currency::JPY),
        Ok(Money::new(500, Currency::JPY))
    );
    assert_eq!(
        Money::parse_in("0.125", Currency::parse("KWD").unwrap())
            .unwrap()
            .minor,
        125
    );
}

#[test]
fn refuses_what_is_ambiguous() {
    use MoneyTextError as E;
    let kind = |text: &str| Money::parse(text).unwrap_err();
    assert_eq!(kind("  "), E::Empty);
    assert!(matches!(kind("12.50"), E::CurrencyMissing { .. }));
    assert!(matches!(kind("¥12"), E::CurrencyUnknown { .. }));
    assert!(matches!(kind("$12"), E::CurrencyUnknown { .. }));
    assert!(matches!(kind("USD 12 CNY"), E::CurrencyUnknown { .. }));
    for text in [
        "1.234,50 EUR",
        "1,23 CNY",
        "1234,567 CNY",
        ",5 CNY",
        "5. CNY",
        "- CNY",
        "CNY",
    ] {
        assert!(
            matches!(kind(text), E::NotANumber { .. }),
            "{text}: {:?}",
            kind(text)
        );
    }
    assert!(matches!(kind("1.005 CNY"), E::Decimals { found: 3, .. }));
    assert!(matches!(kind("0.5 JPY"), E::Decimals { digits: 0, .. }));
    assert!(matches!(
        kind("92233720368547758.08 CNY"),
        E::Range(MoneyError::TooLarge { .. })
    ));
    assert!(matches!(kind(&"9".repeat(65)), E::TooLong));
    assert_eq!(Money::parse("92233720368547758.07 CNY"), Ok(cny(i64::MAX)));
    assert_eq!(Money::parse("-92233720368547758.08 CNY"), Ok(cny(i64::MIN)));
}

#[test]
fn prints_for_both_readers() {
    assert_eq!(cny(123_456_789).to_string(), "1,234,567.89 CNY");
    assert_eq!(cny(5).to_string(), "0.05 CNY");
    assert_eq!(cny(-123_450).symbol_text(Lang::Zh), "-¥1,234.50");
    assert_eq!(cny(123_450).symbol_text(Lang::En), "CN¥1,234.50");
    assert_eq!(Money::new(1_234, Currency::JPY).to_string(), "1,234 JPY");
    assert_eq!(
        Money::new(99, Currency::parse("KWD").unwrap()).to_string(),
        "0.099 KWD"
    );
    let body = serde_json::to_string(&cny(5)).unwrap();
    assert_eq!(body, r#"{"minor":5,"currency":"CNY"}"#);
    assert!(serde_json::from_str::<Money>(r#"{"minor":5,"currency":"ZZZ"}"#).is_err());
}

#[test]
fn sums_refuse_mixing_and_overflow() {
    let usd = Money::new(1, Currency::USD);
    assert!(matches!(
        cny(1).checked_add(usd),
        Err(MoneyError::Currencies { .. })
    ));
    assert!(matches!(
        cny(i64::MAX).checked_add(cny(1)),
        Err(MoneyError::TooLarge { .. })
    ));
    assert_eq!(cny(3).checked_sub(cny(5)), Ok(cny(-2)));
    assert_eq!(
        Money::checked_sum([cny(1), cny(2)], Currency::CNY),
        Ok(cny(3))
    );
}

proptest! {
    #[test]
    fn printed_money_reads_back(minor in any::<i64>(), pick in any::<prop::sample::Index>()) {
        let currency = *pick.get(&Currency::all());
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.to_string()), Ok(money));
        for lang in Lang::ALL {
            prop_assert_eq!(Money::parse_in(&money.symbol_text(lang), currency), Ok(money));
        }
    }

    #[test]
    fn any_text_never_panics(text in "\\PC*") {
        let _ = Money::parse(&text);
        let _ = Money::parse_in(&text, Currency::JPY);
    }
}
