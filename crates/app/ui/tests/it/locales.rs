//! Both languages say the same things: same files, same keys, same variables, right punctuation.

use crate::{files_below, repository};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

type Messages = BTreeMap<String, String>;

/// `id = text` with indented continuation lines; comments and blank lines left out.
fn messages(locale: &str) -> BTreeMap<String, Messages> {
    let folder = repository().join("locales").join(locale);
    let mut files = BTreeMap::new();
    for path in files_below(&folder, &[".ftl"]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut found = Messages::new();
        let mut last = None;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                let id: &String = last.as_ref().expect("a continuation follows a message");
                let text = found.get_mut(id).unwrap();
                text.push('\n');
                text.push_str(line.trim());
                continue;
            }
            let (id, text) = line
                .split_once('=')
                .unwrap_or_else(|| panic!("{name}: {line}"));
            let id = id.trim().to_owned();
            assert!(
                found.insert(id.clone(), text.trim().to_owned()).is_none(),
                "{locale}/{name}: `{id}` is written twice"
            );
            last = Some(id);
        }
        files.insert(name, found);
    }
    files
}

fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

/// A variable that English only counts with (`$count ->`) need not stand in Chinese.
fn same_variables(id: &str, zh: &str, en: &str) {
    let (in_zh, in_en) = (variables(zh), variables(en));
    for name in in_zh.symmetric_difference(&in_en) {
        let counts = in_en.contains(name) && en.contains(&format!("${name} ->"));
        assert!(counts, "`{id}` has `${name}` in one language only");
    }
}

#[test]
fn both_languages_have_the_same_files_keys_and_variables() {
    let zh = messages("zh-CN");
    let en = messages("en");
    assert!(!zh.is_empty(), "there are messages");
    assert!(
        zh.keys().eq(en.keys()),
        "files differ: {:?} {:?}",
        zh.keys(),
        en.keys()
    );
    let mut seen = BTreeSet::new();
    for (file, zh_messages) in &zh {
        let en_messages = &en[file];
        let missing: Vec<_> = zh_messages
            .keys()
            .filter(|id| !en_messages.contains_key(*id))
            .chain(
                en_messages
                    .keys()
                    .filter(|id| !zh_messages.contains_key(*id)),
            )
            .collect();
        assert!(
            missing.is_empty(),
            "{file}: only in one language: {missing:?}"
        );
        for (id, text) in zh_messages {
            assert!(seen.insert(id.clone()), "`{id}` is in two files");
            assert!(!text.is_empty(), "zh-CN `{id}` is empty");
            assert!(!en_messages[id].is_empty(), "en `{id}` is empty");
            same_variables(id, text, &en_messages[id]);
        }
    }
}

#[test]
fn chinese_text_uses_full_width_punctuation() {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (file, messages) in messages("zh-CN") {
        for (id, text) in messages {
            let chars: Vec<char> = text.chars().collect();
            for pair in chars.windows(2) {
                let half = matches!(pair[1], ',' | ';' | ':' | '?' | '!' | '(' | ')');
                assert!(
                    !(is_han(pair[0]) && half),
                    "{file}: `{id}` has `{}` after a Chinese character",
                    pair[1]
                );
            }
        }
    }
}

/// Ids that the sources build from data, `verb-${name}`, are checked by their fixed start.
#[test]
fn every_message_that_the_sources_ask_for_exists() {
    let known: BTreeSet<String> = messages("en")
        .into_values()
        .flat_map(|messages| messages.into_keys())
        .collect();
    let mut missing = BTreeSet::new();
    for path in files_below(&repository().join("web/src"), &[".ts", ".tsx"]) {
        let source = fs::read_to_string(&path).unwrap();
        for (at, _) in source.match_indices("t(") {
            if source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
                continue;
            }
            let rest = source[at + 2..].trim_start();
            let quote = rest.chars().next().unwrap_or(' ');
            if quote != '"' && quote != '`' {
                continue;
            }
            let id: String = rest[1..].chars().take_while(|c| *c != quote).collect();
            let start = id.split("${").next().unwrap_or_default();
            let found = if start.len() == id.len() {
                known.contains(&id)
            } else {
                known.iter().any(|one| one.starts_with(start))
            };
            if !found {
                missing.insert(format!("{} ({})", id, path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no such message: {missing:#?}");
}
