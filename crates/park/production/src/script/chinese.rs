//! Chinese screenplays as they are usually typed: plain text to elements.
//!
//! Headings as in [`super::heading`]; `△ …` is action; `角色：台词` or `角色（情绪）：台词` is a speech;
//! `人物：甲、乙` under a heading is the cast of the scene; `时间：` and `地点：` under a heading
//! complete it; `切至`, `淡出` and their kin are transitions; `第N集`, `第N幕` are sections. Before the
//! first heading a `角色：…` line is part of the list of characters, not a speech.

use super::ReadOptions;
use super::builder::Builder;
use super::cues::{self, is_han};
use super::fold::{Folded, fold};
use super::heading;
use super::model::{Format, Kind, Script, TitleEntry};
use super::numerals::ordinal;

const ACTION_MARKS: &[char] = &['△', '▲', 'Δ', '∆', '▵', '◆', '※', '⊿'];
const TITLE_KEYS: &[&str] = &[
    "片名",
    "剧名",
    "剧本名",
    "作品名",
    "题名",
    "编剧",
    "作者",
    "原著",
    "导演",
    "制片",
    "联系方式",
    "联系电话",
    "日期",
    "版本",
    "类型",
    "集数",
    "出品",
    "著作权",
    "登记号",
];
const CAST_KEYS: &[&str] = &["人物", "出场人物", "登场人物", "角色", "人", "出场", "演员"];
const DETAIL_KEYS: &[&str] = &[
    "时间", "地点", "场景", "景", "时", "地", "内外", "内/外", "景别", "日夜",
];
/// Labels before a colon that are no speakers.
const LABELS: &[&str] = &[
    "字幕",
    "备注",
    "注",
    "镜头",
    "特写",
    "音效",
    "音乐",
    "道具",
    "服装",
    "化妆",
    "闪回",
    "闪回结束",
    "切至",
    "切到",
    "转场",
    "黑屏",
    "黑场",
    "提示",
    "说明",
    "背景",
    "画面",
    "远景",
    "近景",
    "全景",
    "中景",
    "空镜",
    "标题",
    "歌词",
    "服化道",
    "特效",
    "气氛",
    "天气",
    "年代",
    "简介",
    "梗概",
    "故事梗概",
    "主题",
    "叠化",
    "出字幕",
    "演职员表",
];
const TRANSITIONS: &[&str] = &[
    "切至",
    "切到",
    "切",
    "淡出",
    "淡入",
    "淡入淡出",
    "黑场",
    "黑屏",
    "叠化",
    "转场",
    "闪回",
    "闪回结束",
    "闪出",
    "闪入",
    "划至",
    "化出",
    "化入",
    "硬切",
    "跳切",
    "渐黑",
    "渐隐",
    "全剧终",
    "剧终",
    "完",
];

/// A speech line taken apart.
struct Speech<'a> {
    cue: cues::Cue,
    said: &'a str,
}

/// Whether a line is `角色：台词`.
#[must_use]
pub fn looks_like_speech(line: &str) -> bool {
    speech(line).is_some_and(|found| found.cue.name.chars().any(is_han) && !found.said.is_empty())
}

fn speech(line: &str) -> Option<Speech<'_>> {
    let (head, said) = line.split_once(['：', ':'])?;
    let mut cue = cues::split(head);
    let name = cue.name.trim().trim_end_matches('。');
    let voice = ["OS", "VO", "O.S.", "V.O.", "os", "vo"]
        .iter()
        .find(|v| name.ends_with(**v));
    let name = match voice.filter(|voice| name.len() > voice.len()) {
        Some(voice) => {
            cue.extensions.push(voice.to_uppercase());
            name[..name.len() - voice.len()].trim_end()
        }
        None => name,
    };
    let tail_verb = ["说道", "说", "道", "问", "喊", "答"]
        .iter()
        .find(|v| name.ends_with(**v));
    let spoken = tail_verb.filter(|verb| name.len() >= verb.len() + 6);
    let name = spoken.map_or(name, |verb| &name[..name.len() - verb.len()]);
    let length = name.chars().count();
    let han = name.chars().any(is_han);
    let fits = length > 0
        && length <= if han { 10 } else { 24 }
        && name.chars().any(char::is_alphabetic)
        && name.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(c, '·' | '•' | '-' | '\'' | '、' | '&')
                || (c == ' ' && !han)
        })
        && !LABELS.contains(&name)
        && !TITLE_KEYS.contains(&name)
        && !CAST_KEYS.contains(&name)
        && !DETAIL_KEYS.contains(&name);
    cue.name = name.to_owned();
    fits.then_some(Speech {
        cue,
        said: said.trim(),
    })
}

/// Reads Chinese screenplay text with `\n` line ends.
#[must_use]
pub fn parse(text: &str, options: ReadOptions) -> Script {
    let Folded {
        lines,
        notes,
        boneyards,
        warnings,
    } = fold(text);
    let mut script = Script::new(Format::Chinese);
    script.notes = notes;
    script.boneyards = boneyards;
    script.warnings = warnings;
    let has_headings = lines
        .iter()
        .any(|line| heading::chinese_heading(line.text.trim()).is_some());
    let mut reader = Reader {
        out: Builder::new(options),
        started: !has_headings,
        page: Vec::new(),
        names: Vec::new(),
        open_heading: false,
    };
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or("", |next| next.text.trim());
        reader.line(&line.text, line.line, next);
    }
    script.title_page = reader.page;
    script.elements = reader.out.finish();
    script
}

struct Reader {
    out: Builder,
    /// A heading was seen, or there are none.
    started: bool,
    page: Vec<TitleEntry>,
    /// Names of cast lists and cues so far.
    names: Vec<String>,
    /// Only details of the heading were seen since it.
    open_heading: bool,
}

impl Reader {
    fn line(&mut self, text: &str, line: u32, next: &str) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            self.out.blank(line);
            return;
        }
        if self.details(trimmed, line) || self.front(trimmed, line) || self.heading(trimmed, line) {
            return;
        }
        self.open_heading = false;
        if let Some(action) = trimmed.strip_prefix(ACTION_MARKS) {
            self.out.push(
                Kind::Action { centered: false },
                action.trim(),
                line,
                Vec::new(),
            );
        } else if transition(trimmed) {
            self.out.push(Kind::Transition, trimmed, line, Vec::new());
        } else if ordinal(trimmed, &["集", "幕", "章", "部"])
            .is_some_and(|(_, rest)| rest.chars().count() <= 20 && !rest.contains('。'))
        {
            self.out
                .push(Kind::Section { level: 1 }, trimmed, line, Vec::new());
        } else if let Some(found) = speech(trimmed).filter(|_| self.started) {
            self.speech(found, line);
        } else if self.started && self.is_name(trimmed) && !next.is_empty() {
            self.cue(&cues::split(trimmed), line);
        } else if self.out.in_speech() && !matches!(self.out.last(), Some(Kind::Dialogue)) {
            self.said(trimmed, line);
        } else {
            self.out
                .push(Kind::Action { centered: false }, trimmed, line, Vec::new());
        }
    }

    /// A speech on one line, or a cue whose speech follows.
    fn speech(&mut self, found: Speech<'_>, line: u32) {
        self.cue(&found.cue, line);
        if !found.said.is_empty() {
            self.said(found.said, line);
        }
    }

    fn cue(&mut self, cue: &cues::Cue, line: u32) {
        if !self.names.contains(&cue.name) && self.names.len() < 4096 {
            self.names.push(cue.name.clone());
        }
        let (voices, moods): (Vec<_>, Vec<_>) = cue.extensions.iter().cloned().partition(|e| {
            let upper = e.to_uppercase();
            matches!(
                upper.as_str(),
                "OS" | "VO"
                    | "O.S."
                    | "V.O."
                    | "画外音"
                    | "旁白"
                    | "内心"
                    | "独白"
                    | "画外"
                    | "心声"
                    | "电话"
                    | "CONT'D"
            )
        });
        let kind = Kind::Character {
            extensions: voices,
            dual: cue.dual,
        };
        self.out.push(kind, &cue.name, line, Vec::new());
        for mood in moods {
            self.out.push(Kind::Parenthetical, &mood, line, Vec::new());
        }
    }

    /// Words of a speech; a bracket in front is how they are said.
    fn said(&mut self, text: &str, line: u32) {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix(['（', '('])
            && let Some((mood, rest)) = inner.split_once(['）', ')'])
        {
            self.out
                .push(Kind::Parenthetical, mood.trim(), line, Vec::new());
            if !rest.trim().is_empty() {
                self.out.push(Kind::Dialogue, rest.trim(), line, Vec::new());
            }
            return;
        }
        self.out.push(Kind::Dialogue, text, line, Vec::new());
    }

    /// A line that is only a known name (and brackets).
    fn is_name(&self, line: &str) -> bool {
        line.len() <= 60 && self.names.contains(&cues::split(line).name)
    }

    fn heading(&mut self, trimmed: &str, line: u32) -> bool {
        let Some(found) = heading::chinese_heading(trimmed) else {
            let english = heading::is_dotted(trimmed);
            if english {
                let (text, number) = heading::scene_number(trimmed);
                self.start(text, number, line);
            }
            return english;
        };
        if self.open_heading && found.number.is_none() {
            self.complete(found.rest, line);
            return true;
        }
        let text = found.rest.trim_end_matches(['】', ']', '］', '*', ' ']);
        self.start(text, found.number, line);
        true
    }

    fn start(&mut self, text: &str, number: Option<String>, line: u32) {
        self.started = true;
        self.open_heading = true;
        self.out
            .push(Kind::Heading { number }, text, line, Vec::new());
    }

    /// `人物：`, `时间：`, `地点：` under a heading.
    fn details(&mut self, trimmed: &str, line: u32) -> bool {
        if !self.started || !matches!(self.out.last(), Some(Kind::Heading { .. } | Kind::CastList))
        {
            return false;
        }
        let Some((key, value)) = trimmed.split_once(['：', ':']) else {
            return false;
        };
        let key = key.trim();
        let value = value.trim();
        if CAST_KEYS.contains(&key) {
            let names = super::scenes::split_names(value);
            let fresh: Vec<_> = names.filter(|name| !self.names.contains(name)).collect();
            self.names.extend(fresh);
            self.names.truncate(4096);
            self.out.push(Kind::CastList, value, line, Vec::new());
            return true;
        }
        if DETAIL_KEYS.contains(&key) && matches!(self.out.last(), Some(Kind::Heading { .. })) {
            self.complete(value, line);
            return true;
        }
        false
    }

    /// Adds words to the heading before.
    fn complete(&mut self, words: &str, line: u32) {
        if let Some(last) = self
            .out
            .last_mut()
            .filter(|last| matches!(last.kind, Kind::Heading { .. }))
        {
            if !last.text.is_empty() {
                last.text.push(' ');
            }
            last.text.push_str(words);
            return;
        }
        self.start(words, None, line);
    }

    /// The title page: `片名：…` and `《…》` before the first heading.
    fn front(&mut self, trimmed: &str, line: u32) -> bool {
        if self.started && !self.page.is_empty() || !self.before_body() {
            return false;
        }
        if let Some(title) = trimmed
            .strip_prefix('《')
            .and_then(|t| t.strip_suffix('》'))
        {
            let value = title.to_owned();
            self.page.push(TitleEntry {
                key: "片名".to_owned(),
                value,
                line,
            });
            return true;
        }
        let entry = trimmed
            .split_once(['：', ':'])
            .filter(|(key, _)| TITLE_KEYS.contains(&key.trim()));
        let Some((key, value)) = entry else {
            return false;
        };
        let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
        self.page.push(TitleEntry { key, value, line });
        true
    }

    fn before_body(&self) -> bool {
        self.out.last().is_none()
    }
}

/// Whether a short line is a transition of its own.
fn transition(trimmed: &str) -> bool {
    let bare = trimmed.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '：' | ':' | '。' | '【' | '】' | '（' | '）' | '[' | ']' | '—' | '-'
            )
    });
    TRANSITIONS.contains(&bare) || super::fountain::is_transition(trimmed)
}
