//! How long a scene is on paper, in eighths of a page.
//!
//! The rule: 55 lines a page, a fixed-pitch page as Final Draft sets it; action and headings
//! wrap at 60 columns, dialogue at 35, parentheticals at 25, cues and transitions take a line; one
//! blank line before every paragraph that does not continue a speech, two before a heading. A Han
//! character is two columns wide. Eighths = lines × 8 / 55, to the nearest, at least one.

use super::model::{Element, Kind, without_markers};

/// Lines on a page.
pub const LINES_PER_PAGE: u32 = 55;

/// Lines of one element with the blank lines before it.
#[must_use]
pub fn lines(element: &Element) -> u32 {
    let (columns, blank) = match element.kind {
        Kind::Heading { .. } => (60, 2),
        Kind::Action { .. } | Kind::Lyric => (60, 1),
        Kind::Character { .. } | Kind::Transition => (40, 1),
        Kind::Dialogue => (35, 0),
        Kind::Parenthetical => (25, 0),
        Kind::Section { .. } | Kind::Synopsis | Kind::PageBreak | Kind::CastList => return 0,
    };
    let text = without_markers(&element.text);
    let wrapped = text
        .split('\n')
        .fold(0u32, |sum, line| sum.saturating_add(wrap(line, columns)));
    wrapped.saturating_add(blank)
}

/// Eighths of a page for a number of lines.
#[must_use]
pub fn eighths(lines: u32) -> u32 {
    let eighths =
        (u64::from(lines) * 16 + u64::from(LINES_PER_PAGE)) / (2 * u64::from(LINES_PER_PAGE));
    u32::try_from(eighths.max(1)).unwrap_or(u32::MAX)
}

/// `1 3/8`, `5/8`, `2`.
#[must_use]
pub fn pages_text(eighths: u32) -> String {
    match (eighths / 8, eighths % 8) {
        (0, part) => format!("{part}/8"),
        (pages, 0) => pages.to_string(),
        (pages, part) => format!("{pages} {part}/8"),
    }
}

/// Lines a text takes in so many columns, breaking at spaces and between Han characters.
fn wrap(line: &str, columns: u32) -> u32 {
    let (mut rows, mut used, mut word) = (1u32, 0u32, 0u32);
    for character in line.trim_end().chars() {
        let width = if is_wide(character) { 2 } else { 1 };
        if character.is_whitespace() || width == 2 {
            used = used.saturating_add(width);
            word = 0;
        } else {
            used += 1;
            word += 1;
        }
        if used > columns && !character.is_whitespace() {
            rows = rows.saturating_add(1);
            used = if width == 2 { 2 } else { word.min(columns) };
        }
    }
    rows
}

/// East Asian wide and full-width characters.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}')
}
