//! Writes a script as Fountain, in the indented style of other tools.
//!
//! Invariant: reading the result gives the same elements (lines aside). Elements whose text would
//! read as something else are forced with Fountain's marks.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::cues;
use super::fountain::is_transition;
use super::heading;
use super::model::{Element, Kind, Script};

/// The script as Fountain text, without a line break at the end.
#[must_use]
pub fn to_fountain(script: &Script) -> String {
    let mut out = String::new();
    for entry in &script.title_page {
        let gap = if entry.value.is_empty() || entry.value.starts_with('\n') {
            ""
        } else {
            " "
        };
        let _ = writeln!(out, "{}:{gap}{}", entry.key, entry.value);
    }
    let mut previous: Option<&Element> = None;
    for (index, element) in script.elements.iter().enumerate() {
        gap(&mut out, previous, element);
        match &element.kind {
            Kind::Action { centered: false } => {
                action(
                    &mut out,
                    &element.text,
                    previous,
                    script.elements.get(index + 1),
                );
            }
            _ => one(&mut out, element),
        }
        for tag in &element.tags {
            let _ = write!(out, " #{tag}");
        }
        previous = Some(element);
    }
    restore(&out, script)
}

/// Line breaks between two elements.
fn gap(out: &mut String, previous: Option<&Element>, next: &Element) {
    let Some(previous) = previous else {
        if !out.is_empty() {
            out.push('\n');
        }
        return;
    };
    let speech = matches!(next.kind, Kind::Dialogue | Kind::Parenthetical)
        && matches!(
            previous.kind,
            Kind::Character { .. } | Kind::Dialogue | Kind::Parenthetical
        );
    let actions =
        matches!(next.kind, Kind::Action { .. }) && matches!(previous.kind, Kind::Action { .. });
    out.push_str(match next.kind {
        Kind::Heading { .. } => "\n\n\n",
        _ if speech || actions => "\n",
        _ => "\n\n",
    });
}

fn one(out: &mut String, element: &Element) {
    let text = element.text.as_str();
    match &element.kind {
        Kind::Heading { number } => {
            out.push_str(if heading::is_fountain_heading(text) {
                ""
            } else {
                "."
            });
            out.push_str(text);
            if let Some(number) = number {
                let _ = write!(out, " #{number}#");
            }
        }
        Kind::Action { centered: true } => {
            let _ = write!(out, ">{text}<");
        }
        Kind::Action { centered: false } => out.push_str(text),
        Kind::Character { extensions, dual } => {
            out.push_str("\t\t\t");
            out.push_str(if cues::is_cue(text) && !marked(text) {
                ""
            } else {
                "@"
            });
            out.push_str(text);
            for extension in extensions {
                let _ = write!(out, " ({extension})");
            }
            out.push_str(if *dual { " ^" } else { "" });
        }
        Kind::Dialogue => {
            for (index, line) in text.split('\n').enumerate() {
                out.push_str(if index > 0 { "\n\t" } else { "\t" });
                out.push_str(line);
            }
        }
        Kind::Parenthetical => {
            let _ = write!(out, "\t\t({text})");
        }
        Kind::Transition if is_transition(text) => {
            let _ = write!(out, "\t\t\t\t{text}");
        }
        Kind::Transition => {
            let _ = write!(out, "> {text}");
        }
        Kind::Lyric => {
            let _ = write!(out, "~{text}");
        }
        Kind::Section { level } => {
            let _ = write!(out, "{} {text}", "#".repeat(usize::from(*level)));
        }
        Kind::Synopsis => {
            let _ = write!(out, "= {text}");
        }
        Kind::PageBreak => out.push_str("==="),
        Kind::CastList => {
            let _ = write!(out, "!人物：{text}");
        }
    }
}

/// Action lines; those that would read as another element are forced.
fn action(out: &mut String, text: &str, previous: Option<&Element>, next: Option<&Element>) {
    let runs_on = |element: Option<&Element>| {
        element.is_some_and(|element| {
            matches!(element.kind, Kind::Action { .. }) && !element.text.is_empty()
        })
    };
    let (runs_in, runs_out) = (runs_on(previous), runs_on(next));
    let lines: Vec<&str> = text.split('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let trimmed = line.trim();
        let alone = if index == 0 {
            !runs_in
        } else {
            lines[index - 1].trim().is_empty()
        };
        let goes_on = lines
            .get(index + 1)
            .map_or(runs_out, |line| !line.trim().is_empty());
        let forced = marked(trimmed)
            || heading::is_fountain_heading(trimmed)
            || (alone && !goes_on && is_transition(trimmed))
            || (alone && goes_on && cues::is_cue(trimmed));
        out.push_str(if forced { "!" } else { "" });
        out.push_str(line);
    }
}

/// Whether a text begins with one of Fountain's marks.
fn marked(trimmed: &str) -> bool {
    trimmed.starts_with(['!', '@', '>', '~', '#', '=']) || heading::forced(trimmed).is_some()
}

/// Puts notes and boneyards back where their markers stand.
fn restore(text: &str, script: &Script) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["[[", "/*"].iter().filter_map(|open| rest.find(open)).min() {
        let bone = rest[at..].starts_with("/*");
        let (close, list) = if bone {
            ("*/", &script.boneyards)
        } else {
            ("]]", &script.notes)
        };
        out.push_str(&rest[..at + 2]);
        let inner = &rest[at + 2..];
        let note = inner
            .find(close)
            .and_then(|end| Some((end, list.get(inner[..end].parse::<usize>().ok()?)?)));
        rest = inner;
        if let Some((end, note)) = note {
            out.push_str(&kept(&note.text, bone));
            rest = &inner[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Note text that stays one note: a blank line inside gets two spaces.
fn kept(text: &str, bone: bool) -> Cow<'_, str> {
    if bone || !text.contains("\n\n") {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| if line.is_empty() { "  " } else { line })
        .collect();
    Cow::Owned(lines.join("\n"))
}
