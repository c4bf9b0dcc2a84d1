//! Dates against known days, windows against their cells.

use crate::build::{date, window};
use backlot_license::*;
use proptest::prelude::*;

#[test]
fn known_days() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("2000-02-29", 11_016),
        ("2026-11-21", 20_778),
        ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ] {
        assert_eq!(date(text).days_since_epoch(), days, "{text}");
        assert_eq!(Date::from_days_since_epoch(days).unwrap().to_string(), text);
    }
    assert_eq!(Date::of_unix_secs(1_795_228_020), date("2026-11-21"));
    assert_eq!(Date::of_unix_secs(-1), date("1969-12-31"));
    assert_eq!(Date::of_unix_secs(i64::MAX), Date::MAX);
    assert_eq!(date("2028-02-28").plus_days(1), Some(date("2028-02-29")));
    assert_eq!(date("2100-02-28").plus_days(1), Some(date("2100-03-01")));
    assert_eq!(Date::MAX.plus_days(1), None);
}

#[test]
fn refused_dates() {
    for text in [
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "0000-01-01",
        "26-01-01",
        "2026/01/01",
        "2026-1-01",
        "20260101",
        "",
        "2026-01-01T00:00",
        "２026-01-01",
        "+026-01-01",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

/// Every day of eight centuries follows the one before, by an independent count.
#[test]
fn the_calendar_has_no_gap() {
    let (mut year, mut month, mut day) = (1600, 1, 1);
    let mut days = Date::try_from_ymd(1600, 1, 1).unwrap().days_since_epoch();
    while year < 2401 {
        assert_eq!(
            Date::from_days_since_epoch(days).unwrap().ymd(),
            (year, month, day)
        );
        days += 1;
        (year, month, day) = match Date::try_from_ymd(year, month, day + 1) {
            Ok(_) => (year, month, day + 1),
            Err(_) if month < 12 => (year, month + 1, 1),
            Err(_) => (year + 1, 1, 1),
        };
    }
    // 97 leap days in 400 years.
    let start = Date::try_from_ymd(1600, 1, 1).unwrap().days_since_epoch();
    let end = Date::try_from_ymd(2000, 1, 1).unwrap().days_since_epoch();
    assert_eq!(end - start, 400 * 365 + 97);
}

#[test]
fn windows_are_half_open() {
    let year = window("2026-01-01", "2027-01-01");
    assert_eq!(year.days(), Some(365));
    assert!(year.contains(date("2026-12-31")) && !year.contains(date("2027-01-01")));
    assert_eq!(year.intersect(&window("2027-01-01", "2028-01-01")), None);
    assert!(Window::try_new(date("2026-01-01"), Some(date("2026-01-01"))).is_err());
    let read: Result<Window, _> =
        serde_json::from_str(r#"{"starts_on":"2026-01-02","ends_on":"2026-01-01"}"#);
    assert!(read.is_err());
}

fn any_window() -> impl Strategy<Value = Window> {
    (0i32..20, proptest::option::of(1i32..20)).prop_map(|(start, length)| {
        let day = |days| Date::from_days_since_epoch(days).unwrap();
        Window::try_new(day(start), length.map(|length| day(start + length))).unwrap()
    })
}

proptest! {
    #[test]
    fn window_algebra_agrees_day_by_day(a in any_window(), b in any_window()) {
        let (both, rest) = (a.intersect(&b), a.minus(&b));
        for day in 0..60 {
            let day = Date::from_days_since_epoch(day).unwrap();
            let common = a.contains(day) && b.contains(day);
            prop_assert_eq!(both.is_some_and(|w| w.contains(day)), common);
            let parts = rest.iter().filter(|w| w.contains(day)).count();
            prop_assert_eq!(parts, usize::from(a.contains(day) && !b.contains(day)));
        }
    }

    #[test]
    fn any_text_never_panics(text in "\\PC*") {
        let _ = Date::parse(&text);
    }
}
