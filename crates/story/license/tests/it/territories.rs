//! Territory and media expressions: known answers, refusals, round trips.

use crate::build::{date, today};
use backlot_license::*;
use proptest::prelude::*;

fn read(text: &str) -> TerritorySet {
    TerritorySet::parse(text, today()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn codes(set: TerritorySet) -> String {
    set.iter()
        .map(Territory::code)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every code and alpha-3 code of the public country table, when it is at hand.
#[test]
fn the_table_is_iso_3166_1() {
    assert_eq!(Territory::all().count(), 250);
    let codes: Vec<&str> = Territory::all().map(Territory::code).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data/license/country-codes.csv"
    );
    let Ok(table) = std::fs::read_to_string(path) else {
        println!("skipped: no country-codes.csv beside the checkout");
        return;
    };
    let mut seen = 0;
    for line in table.lines().skip(1) {
        // A comma inside quotes is no border of a cell.
        let pieces = line.split('"').enumerate();
        let bare: String = pieces
            .filter(|(place, _)| place % 2 == 0)
            .map(|(_, p)| p)
            .collect();
        let cells: Vec<&str> = bare.split(',').collect();
        let territory = Territory::parse(cells[9].trim()).unwrap();
        assert_eq!(territory.alpha3(), cells[2].trim(), "{line}");
        seen += 1;
    }
    assert_eq!(seen, 249);
}

/// Each name, code, alias and group must mean itself and nothing that stands before it.
#[test]
fn every_name_reads_as_itself() {
    let mut names = std::collections::BTreeSet::new();
    for territory in Territory::all() {
        let alone: TerritorySet = std::iter::once(territory).collect();
        for word in [
            territory.code(),
            territory.alpha3(),
            territory.name(Lang::Zh),
            territory.name(Lang::En),
        ] {
            assert_eq!(read(word), alone, "{word}");
            assert_eq!(read(&word.to_lowercase()), alone, "{word}");
            assert!(
                names.insert(word.to_owned()) && !word.contains([',', '、']),
                "{word}"
            );
        }
    }
    for group in territory_groups(today()) {
        assert_eq!(read(group.name_en), group.members, "{}", group.name_en);
        assert_eq!(read(group.name_zh), group.members, "{}", group.name_zh);
        assert!(!group.members.is_empty());
    }
}

#[test]
fn expressions_of_the_trade() {
    for (text, expected) in [
        ("DACH + Benelux - AT", "BE CH DE LU NL"),
        ("DACH + Benelux ex AT, NL", "BE CH DE LU"),
        ("DACH ex AT + FR", "CH DE FR"),
        ("cn", "CN"),
        ("CN, us；jp", "CN JP US"),
        ("CN US\nJP,", "CN JP US"),
        ("Bosnia and Herzegovina and Trinidad and Tobago", "BA TT"),
        ("Guinea-Bissau, Timor-Leste", "GW TL"),
        ("Guinea - GN + Congo (Kinshasa)", "CD"),
        ("AND and AD", "AD"),
        ("Hong Kong, China", "CN HK"),
        ("Hong Kong (China)", "HK"),
        ("Côte d’Ivoire, Reunion, Türkiye", "CI RE TR"),
        ("大中华区 除 中国", "HK MO TW"),
        ("大中华区（中国台湾、中国澳门除外）", ""),
        ("德国、法国和中国香港", "DE FR HK"),
        ("中国 香港", "CN HK"),
        ("大中华区（除中国、中国台湾外）", "HK MO"),
        ("除中国和中国台湾外的大中华区", "HK MO"),
        ("大中华区除中国外，日本", "HK JP MO TW"),
        ("Benelux (ex BE) + DE", "DE LU NL"),
        ("(DACH + Benelux) ex (AT, BE)", "CH DE LU NL"),
        ("Scandinavia excluding Norway + Finland", "DK FI SE"),
        ("U.S., U.K.", "GB US"),
        ("GCC minus Qatar", "AE BH KW OM SA"),
    ] {
        match TerritorySet::parse(text, today()) {
            Ok(set) => assert_eq!(codes(set), expected, "{text}"),
            Err(error) => assert!(expected.is_empty(), "{text}: {error}"),
        }
    }
    let without = TerritorySet::world().minus(&read("CN,US"));
    for text in [
        "World ex CN,US",
        "World except China and United States",
        "全球 除 中国,美国",
        "全球除中国和美国",
        "全球（除中国、美国以外）",
        "除中国、美国外",
        "ex CN, US",
        "Worldwide (excluding CN, US)",
        "ＷＯＲＬＤ－CN－US",
    ] {
        assert_eq!(read(text), without, "{text}");
    }
}

#[test]
fn groups_are_of_their_day() {
    let eu = |day: &str| TerritorySet::parse("EU", date(day)).unwrap();
    let gb = Territory::parse("GB").unwrap();
    assert!(eu("2020-01-31").contains(gb) && !eu("2020-02-01").contains(gb));
    assert_eq!(eu("2026-01-01").len(), 27);
    let asean = |day: &str| TerritorySet::parse("东盟", date(day)).unwrap().len();
    assert_eq!((asean("2025-10-25"), asean("2025-10-26")), (10, 11));
}

#[test]
fn unknown_words_are_named_with_a_guess() {
    use ExpressionError as E;
    let error = |text: &str| TerritorySet::parse(text, today()).unwrap_err();
    let unknown = |text: &str| match error(text) {
        E::Unknown {
            word,
            at,
            suggestions,
        } => (word, at, suggestions),
        other => panic!("{text}: {other}"),
    };
    let (word, at, guesses) = unknown("CN, Germny");
    assert_eq!((word.as_str(), at), ("Germny", 4));
    assert!(guesses.contains(&"Germany".to_owned()), "{guesses:?}");
    assert!(unknown("Beneluxx").2.contains(&"Benelux".to_owned()));
    assert!(unknown("澳大利").2.contains(&"澳大利亚".to_owned()));
    assert!(unknown("Q7").2.len() <= 3);
    assert_eq!(error("  "), E::Empty);
    assert_eq!(error("World ex"), E::MissingName { at: 8 });
    assert_eq!(error("CN +"), E::MissingName { at: 4 });
    assert_eq!(error("(CN"), E::Parentheses { at: 0 });
    assert_eq!(error("CN)"), E::Parentheses { at: 2 });
    assert_eq!(error("中国除外"), E::TrailingExclusion { at: 2 });
    assert!(matches!(error(&"(".repeat(40)), E::Parentheses { .. }));
    assert_eq!(error(&"CN ".repeat(4_000)), E::TooLong);
}

#[test]
fn printed_in_the_shortest_form() {
    for (text, en, zh) in [
        (
            "World ex CN,US",
            "World ex China, United States",
            "全球 除 中国、美国",
        ),
        ("DE AT CH BE NL LU", "DACH + Benelux", "德语区 + 比荷卢"),
        ("CN HK MO TW", "Greater China", "大中华区"),
        ("DE", "Germany", "德国"),
        (
            "EU ex FR + CH",
            "European Union + Switzerland ex France",
            "欧盟 + 瑞士 除 法国",
        ),
    ] {
        assert_eq!(read(text).text(Lang::En, today()), en);
        assert_eq!(read(text).text(Lang::Zh, today()), zh);
    }
    assert_eq!(read("World ex CN,US").code_text(today()), "World ex CN, US");
    assert_eq!(TerritorySet::EMPTY.text(Lang::En, today()), "");
}

#[test]
fn media_words() {
    let read = |text: &str| MediaSet::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(Medium::all().count(), 38);
    for medium in Medium::all() {
        let alone: MediaSet = std::iter::once(medium).collect();
        for word in [medium.key(), medium.name(Lang::Zh), medium.name(Lang::En)] {
            assert_eq!(read(word), alone, "{word}");
        }
    }
    for branch in media_tree() {
        assert_eq!(read(branch.name_zh), branch.media, "{}", branch.name_zh);
        assert_eq!(read(branch.name_en), branch.media, "{}", branch.name_en);
    }
    assert_eq!(read("Pay TV").len(), 4);
    assert_eq!(read("VOD ex EST, 回看").len(), 5);
    assert_eq!(
        read("所有媒体 除 影院放映").text(Lang::En),
        "All media ex Theatrical"
    );
    assert_eq!(read("svod, est").text(Lang::Zh), "订阅点播、数字购买");
    assert!(matches!(
        MediaSet::parse("Theatricl"),
        Err(ExpressionError::Unknown { suggestions, .. }) if suggestions == ["Theatrical"]
    ));
}

fn any_set() -> impl Strategy<Value = TerritorySet> {
    let groups = territory_groups(today());
    let some = proptest::collection::vec(0usize..250, 0..12);
    (some, proptest::option::of(0..groups.len()), any::<bool>()).prop_map(
        move |(atoms, group, out)| {
            let all: Vec<Territory> = Territory::all().collect();
            let atoms: TerritorySet = atoms.into_iter().map(|atom| all[atom]).collect();
            let base = group.map_or(TerritorySet::EMPTY, |group| groups[group].members);
            if out {
                base.minus(&atoms)
            } else {
                base.union(&atoms)
            }
        },
    )
}

proptest! {
    #[test]
    fn printed_sets_read_back(set in any_set()) {
        prop_assume!(!set.is_empty());
        let (zh, en) = (set.text(Lang::Zh, today()), set.text(Lang::En, today()));
        for text in [zh, en, set.code_text(today())] {
            prop_assert_eq!(TerritorySet::parse(&text, today()), Ok(set), "{}", text);
        }
        let json = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<TerritorySet>(&json).unwrap(), set);
    }

    #[test]
    fn printed_media_read_back(picks in proptest::collection::vec(0usize..38, 1..38)) {
        let all: Vec<Medium> = Medium::all().collect();
        let set: MediaSet = picks.into_iter().map(|pick| all[pick]).collect();
        for lang in Lang::ALL {
            prop_assert_eq!(MediaSet::parse(&set.text(lang)), Ok(set), "{}", set.text(lang));
        }
    }

    #[test]
    fn set_algebra_agrees_per_territory(a in any_set(), b in any_set()) {
        for territory in Territory::all() {
            let (x, y) = (a.contains(territory), b.contains(territory));
            prop_assert_eq!(a.union(&b).contains(territory), x || y);
            prop_assert_eq!(a.intersect(&b).contains(territory), x && y);
            prop_assert_eq!(a.minus(&b).contains(territory), x && !y);
        }
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,60}") {
        let _ = TerritorySet::parse(&text, today());
        let _ = MediaSet::parse(&text);
    }

    #[test]
    fn any_mix_of_words_never_panics(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "World", "CN", "ex", "除", "外", "(", ")", ",", "+", "-", "欧盟", "and", " ",
        ]),
        0..20,
    )) {
        let _ = TerritorySet::parse(&words.concat(), today());
        let _ = TerritorySet::parse(&words.join(" "), today());
    }
}
