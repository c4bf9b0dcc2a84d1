//! Language tags and sets: canonical forms, containment, algebra per tag.

use backlot_license::*;
use proptest::prelude::*;

fn tag(text: &str) -> LanguageTag {
    LanguageTag::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn tags_have_one_form() {
    for (text, expected) in [
        ("EN", "en"),
        ("eng", "en"),
        ("pt_br", "pt-BR"),
        ("iw", "he"),
        ("zh-cn", "zh-Hans-CN"),
        ("zh-TW", "zh-Hant-TW"),
        ("zh-Hant-HK", "zh-Hant-HK"),
        ("cmn-Hans", "zh-Hans"),
        ("zh-cmn-Hans", "zh-Hans"),
        ("yue", "zh-yue"),
        ("zh-yue", "zh-yue"),
        ("yue-HK", "zh-yue-HK"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-1996", "de-1996"),
        ("gsw", "gsw"),
    ] {
        assert_eq!(tag(text).as_str(), expected, "{text}");
        assert_eq!(tag(expected).as_str(), expected, "{expected}");
    }
    for text in [
        "",
        "e",
        "xx",
        "english",
        "zh-",
        "zh--Hans",
        "en-QQ",
        "en-u-ca-gregory",
        "x-own",
        "zh-foo",
        "en-fra",
        "de-1996-1996",
        "中文",
        "en US",
    ] {
        assert!(LanguageTag::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_language_holds_its_forms() {
    let chinese = TagSet::of(tag("zh"));
    for form in ["zh", "zh-Hans", "zh-TW", "yue", "cmn"] {
        assert!(chinese.contains(&tag(form)), "{form}");
    }
    assert!(!chinese.contains(&tag("en")));
    let traditional = TagSet::of(tag("zh-Hant"));
    assert!(traditional.contains(&tag("zh-TW")) && !traditional.contains(&tag("zh-CN")));
    assert_eq!(chinese.intersect(&traditional), traditional);
    assert_eq!(String::from(chinese.minus(&traditional)), "zh -zh-Hant");
    assert_eq!(String::from(TagSet::everything().minus(&chinese)), "* -zh");
    assert!(traditional.minus(&chinese).is_empty());
    assert!(chinese.minus(&traditional).union(&traditional) == chinese);
}

#[test]
fn expressions() {
    for (text, expected) in [
        ("zh audio, en sub", "zh:audio; en:sub"),
        ("en", "en"),
        ("English dub+sub; 中文", "zh:audio; en:dub+sub; zh:dub+sub"),
        ("en:dub/sub", "en:dub+sub"),
        ("all ex zh", "*; -zh"),
        ("所有语言 除 中文、粤语", "*; -zh"),
        ("* sub, -zh sub", "*:sub; -zh:sub"),
        ("Simplified Chinese (audio)", "zh-Hans:audio"),
        ("pt-BR 字幕", "pt-BR:sub"),
    ] {
        let set = LanguageSet::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let again = LanguageSet::parse(&set.code_text()).unwrap();
        assert_eq!(again, set, "{text} → {}", set.code_text());
        if !text.contains("English") {
            assert_eq!(set.code_text(), expected, "{text}");
        }
    }
    assert_eq!(LanguageSet::parse(" , "), Err(LanguageError::Empty));
    assert!(matches!(
        LanguageSet::parse("en:spoken"),
        Err(LanguageError::UnknownUse { word }) if word == "spoken"
    ));
    assert!(matches!(
        LanguageSet::parse("Germn"),
        Err(LanguageError::Unknown { suggestions, .. }) if suggestions == ["de (German)"]
    ));
    let set = LanguageSet::parse("en sub, zh").unwrap();
    assert_eq!(
        set.text(Lang::En),
        "Chinese (audio, dub); English, Chinese (sub)"
    );
}

const POOL: [&str; 8] = [
    "zh", "zh-Hans", "zh-Hant", "zh-TW", "yue", "en", "en-GB", "fr",
];

fn any_tags() -> impl Strategy<Value = TagSet> {
    let step = (0..POOL.len(), any::<bool>());
    (any::<bool>(), proptest::collection::vec(step, 0..6)).prop_map(|(all, steps)| {
        let start = if all {
            TagSet::everything()
        } else {
            TagSet::default()
        };
        steps.into_iter().fold(start, |set, (pick, add)| {
            let one = TagSet::of(tag(POOL[pick]));
            if add {
                set.union(&one)
            } else {
                set.minus(&one)
            }
        })
    })
}

proptest! {
    #[test]
    fn tag_algebra_agrees_per_tag(a in any_tags(), b in any_tags()) {
        for text in POOL.iter().chain(&["zh-Hant-HK", "en-US", "ja", "fr-CA"]) {
            let one = tag(text);
            let (x, y) = (a.contains(&one), b.contains(&one));
            prop_assert_eq!(a.union(&b).contains(&one), x || y);
            prop_assert_eq!(a.intersect(&b).contains(&one), x && y);
            prop_assert_eq!(a.minus(&b).contains(&one), x && !y);
        }
        prop_assert_eq!(a.minus(&b).union(&a.intersect(&b)), a.clone());
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<TagSet>(&json).unwrap(), a);
    }

    #[test]
    fn codes_read_back(audio in any_tags(), dub in any_tags(), sub in any_tags()) {
        let set = LanguageSet { audio, dub, sub };
        prop_assume!(!set.is_empty());
        let text = set.code_text();
        prop_assert_eq!(LanguageSet::parse(&text), Ok(set), "{}", text);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC*") {
        let _ = LanguageTag::parse(&text);
        let _ = LanguageSet::parse(&text);
        let _ = TagSet::try_from(text);
    }
}
