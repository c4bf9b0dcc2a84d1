//! No words of people in the sources: text between tags and in spoken attributes comes from Fluent.

use crate::{files_below, repository};
use std::fs;

/// Text nodes of JSX: what stands between `>` and `<` on one line, and whole lines of words.
fn hard_coded(line: &str) -> Option<String> {
    let trimmed = line.trim();
    if trimmed.starts_with("//") || trimmed.starts_with('*') || trimmed.starts_with("/*") {
        return None;
    }
    if trimmed
        .chars()
        .any(|c| ('\u{3000}'..='\u{9fff}').contains(&c))
    {
        let in_pattern =
            trimmed.contains("replaceAll(") || trimmed.contains("/^") || trimmed.contains("/[");
        return (!in_pattern).then(|| trimmed.to_owned());
    }
    for attribute in [
        "aria-label=\"",
        "title=\"",
        "placeholder=\"",
        "label=\"",
        "alt=\"",
    ] {
        if let Some((_, rest)) = trimmed.split_once(attribute) {
            let text: String = rest.chars().take_while(|c| *c != '"').collect();
            if text.chars().any(char::is_alphabetic) {
                return Some(text);
            }
        }
    }
    let mut rest = trimmed;
    while let Some(at) = rest.find('>') {
        rest = &rest[at + 1..];
        let Some(end) = rest.find("</") else { break };
        let text = &rest[..end];
        if text.contains(['{', '<', '(', '=', ';']) {
            continue;
        }
        if text.chars().filter(|c| c.is_alphabetic()).count() > 1 {
            return Some(text.to_owned());
        }
    }
    None
}

#[test]
fn the_rule_sees_hard_coded_text() {
    for (line, expected) in [
        ("<p>Hello there</p>", true),
        ("<p>{t(\"hello\")}</p>", false),
        ("<Button label=\"Save\" />", true),
        ("<Button label={t(\"save\")} />", false),
        ("const list: Array<string> = [];", false),
        ("保存", true),
        ("// 注释", false),
    ] {
        assert_eq!(hard_coded(line).is_some(), expected, "{line}");
    }
}

#[test]
fn sources_have_no_hard_coded_text() {
    let mut found = Vec::new();
    for path in files_below(&repository().join("web/src"), &[".tsx"]) {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if let Some(text) = hard_coded(line) {
                found.push(format!("{}:{}: {text}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "text that is not in locales/: {found:#?}");
}

#[test]
fn sources_begin_with_what_they_are_and_stay_short() {
    for path in files_below(&repository().join("web/src"), &[".ts", ".tsx", ".css"]) {
        let source = fs::read_to_string(&path).unwrap();
        let head = source.starts_with("//") || source.starts_with("/*");
        assert!(head, "{} does not begin with what it is", path.display());
        let lines = source.lines().count();
        assert!(
            lines <= 500 || path.ends_with("api.gen.ts"),
            "{} has {lines} lines, more than 500",
            path.display()
        );
    }
}
