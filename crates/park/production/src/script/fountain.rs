//! Fountain: plain text to elements.
//!
//! Follows fountain.io/syntax: forced elements (`.` `!` `@` `>` `~`), centred text, sections,
//! synopses, page breaks, scene numbers, dual dialogue, two spaces that keep a speech open. The
//! tags option reads trailing ` #word`. Where real scripts are looser than the syntax, headings
//! are found without a blank line before them when they are dotted or in capitals.

use super::ReadOptions;
use super::builder::Builder;
use super::cues;
use super::fold::{Before, Folded, Logical, fold};
use super::heading;
use super::model::{Format, Kind, Script, TitleEntry};

/// Reads Fountain text with `\n` line ends.
#[must_use]
pub fn parse(text: &str, options: ReadOptions) -> Script {
    let Folded {
        lines,
        notes,
        boneyards,
        warnings,
    } = fold(text);
    let mut script = Script::new(Format::Fountain);
    script.notes = notes;
    script.boneyards = boneyards;
    script.warnings = warnings;
    let body = title_page(&lines, &mut script.title_page);
    let mut builder = Builder::new(options);
    for (index, line) in lines.iter().enumerate().skip(body) {
        let next_text = lines
            .get(index + 1)
            .is_some_and(|next| !next.text.trim().is_empty());
        let first = index == body;
        let before = if first { Before::Blank } else { line.before };
        element(&mut builder, line, before, next_text, options);
    }
    script.elements = builder.finish();
    script
}

/// Reads `Key: value` lines at the start; gives the index of the first line of the body.
fn title_page(lines: &[Logical], page: &mut Vec<TitleEntry>) -> usize {
    let mut at = lines
        .iter()
        .position(|line| !line.text.trim().is_empty())
        .unwrap_or(0);
    let start = at;
    let known = |at: usize| -> Option<(String, String)> {
        let (key, value) = title_key(&lines.get(at)?.text)?;
        let next = lines.get(at + 1).map_or("", |line| line.text.as_str());
        let goes_on = next.starts_with([' ', '\t']) && !next.trim().is_empty();
        (!value.is_empty() || goes_on || at > start).then_some((key, value))
    };
    while at < lines.len() {
        let text = lines[at].text.as_str();
        if text.trim().is_empty() {
            return at + 1;
        }
        if let Some((key, value)) = known(at) {
            page.push(TitleEntry {
                key,
                value,
                line: lines[at].line,
            });
        } else if let Some(last) = page.last_mut().filter(|_| text.starts_with([' ', '\t'])) {
            last.value.push('\n');
            last.value.push_str(text.trim_end());
        } else {
            return at;
        }
        at += 1;
    }
    at
}

/// `Key: value` of a title page: a short key without indent that is no heading and no transition.
fn title_key(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once([':', '：'])?;
    let fits = key.chars().next().is_some_and(char::is_alphabetic)
        && key.chars().count() <= 40
        && !heading::is_fountain_heading(line)
        && !key.ends_with(" TO");
    fits.then(|| (key.trim_end().to_owned(), value.trim().to_owned()))
}

fn element(
    out: &mut Builder,
    source: &Logical,
    before: Before,
    next_text: bool,
    options: ReadOptions,
) {
    let line = source.line;
    if source.text.trim().is_empty() {
        out.blank(line);
        return;
    }
    let (text, tags) = if options.tags {
        split_tags(&source.text)
    } else {
        (source.text.as_str(), Vec::new())
    };
    let trimmed = text.trim();
    if trimmed.len() >= 3 && trimmed.bytes().all(|byte| byte == b'=') {
        out.push(Kind::PageBreak, "", line, tags);
        return;
    }
    if let Some(action) = text.trim_start().strip_prefix('!') {
        out.push(
            Kind::Action { centered: false },
            action.trim_end(),
            line,
            tags,
        );
        return;
    }
    if let Some(lyric) = trimmed.strip_prefix('~') {
        out.push(Kind::Lyric, lyric.trim(), line, tags);
        return;
    }
    let speech = out.in_speech() && before != Before::Blank;
    if let Some(heading) = heading_of(trimmed, speech, before) {
        let (text, number) = heading::scene_number(heading);
        out.push(Kind::Heading { number }, text, line, tags);
        return;
    }
    if speech {
        dialogue(out, trimmed, line, before, tags);
        return;
    }
    block(out, text, line, Context { before, next_text }, tags);
}

/// The heading's text when the line is one.
fn heading_of(trimmed: &str, speech: bool, before: Before) -> Option<&str> {
    if let Some(heading) = heading::forced(trimmed) {
        return (!speech).then_some(heading);
    }
    let loose = before == Before::Blank
        || heading::is_dotted(trimmed)
        || (!speech && !trimmed.chars().any(char::is_lowercase));
    (loose && heading::is_fountain_heading(trimmed)).then_some(trimmed)
}

fn dialogue(out: &mut Builder, trimmed: &str, line: u32, before: Before, tags: Vec<String>) {
    let after_brackets = matches!(out.last(), Some(Kind::Parenthetical));
    if let Some(inner) = cues::parenthetical(trimmed).filter(|_| !after_brackets) {
        out.push(Kind::Parenthetical, inner, line, tags);
        return;
    }
    if before == Before::Spaces && matches!(out.last(), Some(Kind::Dialogue)) {
        out.push(Kind::Dialogue, "", line.saturating_sub(1), Vec::new());
    }
    out.push(Kind::Dialogue, trimmed, line, tags);
}

struct Context {
    before: Before,
    next_text: bool,
}

/// A line outside a speech.
fn block(out: &mut Builder, text: &str, line: u32, context: Context, tags: Vec<String>) {
    let trimmed = text.trim();
    let alone = context.before != Before::Text;
    if let Some(rest) = trimmed.strip_prefix('>') {
        match rest.strip_suffix('<') {
            Some(centre) => out.push(Kind::Action { centered: true }, centre, line, tags),
            None => out.push(Kind::Transition, rest.trim(), line, tags),
        }
    } else if let Some((level, title)) = section(trimmed) {
        out.push(Kind::Section { level }, title, line, tags);
    } else if let Some(synopsis) = trimmed.strip_prefix('=') {
        out.push(Kind::Synopsis, synopsis.trim(), line, tags);
    } else if let Some(name) = trimmed
        .strip_prefix('@')
        .filter(|name| !name.trim().is_empty())
    {
        cue(out, name, line, tags);
    } else if alone && !context.next_text && is_transition(trimmed) {
        out.push(Kind::Transition, trimmed, line, tags);
    } else if alone && context.next_text && cues::is_cue(trimmed) {
        cue(out, trimmed, line, tags);
    } else {
        out.push(
            Kind::Action { centered: false },
            text.trim_end(),
            line,
            tags,
        );
    }
}

fn cue(out: &mut Builder, text: &str, line: u32, tags: Vec<String>) {
    let cue = cues::split(text);
    let kind = Kind::Character {
        extensions: cue.extensions,
        dual: cue.dual,
    };
    out.push(kind, &cue.name, line, tags);
}

/// Level and title of `## Title`.
fn section(trimmed: &str) -> Option<(u8, &str)> {
    let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    (level > 0).then(|| {
        (
            u8::try_from(level).unwrap_or(u8::MAX),
            trimmed[level..].trim(),
        )
    })
}

/// Whether a line that stands alone is a transition: capitals that end in `TO:`.
#[must_use]
pub fn is_transition(trimmed: &str) -> bool {
    trimmed.ends_with("TO:") && !trimmed.chars().any(char::is_lowercase)
}

/// The text without trailing ` #tag` words, and the tags in order.
fn split_tags(text: &str) -> (&str, Vec<String>) {
    let mut rest = text.trim_end();
    let mut tags = Vec::new();
    while let Some((head, word)) = rest.rsplit_once(char::is_whitespace) {
        let Some(tag) = word
            .strip_prefix('#')
            .filter(|t| !t.is_empty() && !t.contains('#'))
        else {
            break;
        };
        // `# Word` and `## Word` are sections, not tags.
        if head.trim().bytes().all(|byte| byte == b'#') {
            break;
        }
        tags.push(tag.to_owned());
        rest = head.trim_end();
    }
    tags.reverse();
    (rest, tags)
}
