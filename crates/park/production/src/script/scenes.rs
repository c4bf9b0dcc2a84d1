//! Scenes: number, place, light, who speaks, who is there, length.
//!
//! A scene runs from its heading to the next. A role is its cue without brackets, in capitals:
//! `DAVE (V.O.)` is `DAVE`, while `YOUNG DAVE` is another role (and worth a question). A role is
//! *present* when the cast list or the action names it. `CONTINUOUS` and `LATER` take the light of
//! the scene before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::heading::{self, Setting, TimeOfDay};
use super::layout;
use super::lexicon::Trie;
use super::model::{Element, Kind, Script, Warning, WarningKind, without_markers};

/// A role in one scene.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CastUse {
    /// The role: the cue in capitals, without brackets.
    pub name: String,
    /// Speeches in the scene; 0 when the role is only present.
    pub speeches: u32,
    /// Whether every speech is a voice from elsewhere (V.O., O.S., 画外音).
    pub voice_only: bool,
    /// The source line that first shows the role here.
    pub line: u32,
}

/// One scene.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// 0-based place in the script.
    pub index: usize,
    /// The writer's number, or the 1-based position when there is none.
    pub number: String,
    /// Whether the writer gave the number.
    pub numbered: bool,
    /// The heading, without number.
    pub heading: String,
    /// The source line of the heading.
    pub line: u32,
    /// Inside or outside.
    pub setting: Setting,
    /// The place, as written.
    pub place: String,
    /// The light, with `CONTINUOUS` resolved where a scene before says one.
    pub time: TimeOfDay,
    /// The words of the light.
    pub time_text: String,
    /// Who speaks, in order of appearance.
    pub speaking: Vec<CastUse>,
    /// Who else is named in action or the cast list, in order of appearance.
    pub present: Vec<CastUse>,
    /// Action of the scene, paragraph by paragraph, without notes.
    pub action: String,
    /// Length in eighths of a page; the rule is in [`super::layout`].
    pub eighths: u32,
    /// Lines of the page the length is computed from.
    pub page_lines: u32,
    /// Index of the heading in `Script::elements`.
    pub first_element: usize,
    /// Index after the last element.
    pub end_element: usize,
}

/// Names of a cast list: `李雷、韩梅梅（少年），群众`.
pub fn split_names(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut depth = 0i32;
    text.split(move |c: char| {
        depth += i32::from(matches!(c, '(' | '（')) - i32::from(matches!(c, ')' | '）'));
        depth <= 0 && matches!(c, '、' | '，' | ',' | ';' | '；' | '/' | ' ' | '\t' | '　')
    })
    .map(|name| role(&super::cues::split(name.trim_end_matches(['。', '等'])).name))
    .filter(|name| !name.is_empty())
}

/// The role of a cue's name.
#[must_use]
pub fn role(name: &str) -> String {
    without_markers(name).trim().to_uppercase()
}

/// The scenes of a script.
#[must_use]
pub fn scenes(script: &Script) -> Vec<Scene> {
    let elements = &script.elements;
    let starts: Vec<usize> = elements
        .iter()
        .enumerate()
        .filter(|(_, element)| matches!(element.kind, Kind::Heading { .. }))
        .map(|(index, _)| index)
        .collect();
    let (names, trie) = roles(elements);
    let mut scenes = Vec::with_capacity(starts.len());
    let mut light = TimeOfDay::Unknown;
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(elements.len());
        let mut scene = scene(elements, index, start, end);
        present(&mut scene, elements, &names, &trie);
        if scene.time == TimeOfDay::Continuous && light != TimeOfDay::Unknown {
            scene.time = light;
        }
        light = if scene.time == TimeOfDay::Continuous {
            light
        } else {
            scene.time
        };
        scenes.push(scene);
    }
    scenes
}

/// All roles with a cue, and a matcher for their names.
fn roles(elements: &[Element]) -> (Vec<String>, Trie) {
    let mut seen = BTreeSet::new();
    for element in elements {
        if matches!(element.kind, Kind::Character { .. }) {
            seen.insert(role(&element.text));
        }
    }
    seen.remove("");
    let names: Vec<String> = seen.into_iter().collect();
    let mut trie = Trie::default();
    for (index, name) in names.iter().enumerate() {
        trie.insert(name, index);
    }
    (names, trie)
}

fn scene(elements: &[Element], index: usize, start: usize, end: usize) -> Scene {
    let head = &elements[start];
    let text = without_markers(&head.text).trim().to_owned();
    let said = heading::slug(&text);
    let number = match &head.kind {
        Kind::Heading { number } => number.clone(),
        _ => None,
    };
    let body = &elements[start..end];
    let page_lines = body
        .iter()
        .map(layout::lines)
        .fold(0u32, u32::saturating_add);
    let action: Vec<String> = body
        .iter()
        .filter(|element| matches!(element.kind, Kind::Action { .. }))
        .map(|element| without_markers(&element.text))
        .collect();
    Scene {
        index,
        numbered: number.is_some(),
        number: number.unwrap_or_else(|| (index + 1).to_string()),
        heading: text,
        line: head.line(),
        setting: said.setting,
        place: said.place,
        time: said.time,
        time_text: said.time_text,
        speaking: speaking(body),
        present: Vec::new(),
        action: action.join("\n"),
        eighths: layout::eighths(page_lines),
        page_lines,
        first_element: start,
        end_element: end,
    }
}

/// Who speaks, in order of appearance.
fn speaking(body: &[Element]) -> Vec<CastUse> {
    let mut list: Vec<CastUse> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for element in body {
        let Kind::Character { extensions, .. } = &element.kind else {
            continue;
        };
        let name = role(&element.text);
        if name.is_empty() {
            continue;
        }
        let voice = extensions.iter().any(|extension| is_voice(extension))
            || matches!(name.as_str(), "旁白" | "画外音" | "NARRATOR");
        let index = *at.entry(name.clone()).or_insert_with(|| {
            let line = element.line();
            list.push(CastUse {
                name,
                speeches: 0,
                voice_only: true,
                line,
            });
            list.len() - 1
        });
        if let Some(found) = list.get_mut(index) {
            found.speeches = found.speeches.saturating_add(1);
            found.voice_only &= voice;
        }
    }
    list
}

/// Whether the brackets after a cue say that the role is not in the picture.
fn is_voice(extension: &str) -> bool {
    let plain: String = extension
        .chars()
        .filter(|c| !matches!(c, '.' | ' '))
        .collect::<String>()
        .to_uppercase();
    matches!(
        plain.as_str(),
        "VO" | "OS" | "OC" | "画外音" | "画外" | "旁白" | "心声" | "内心" | "独白"
    )
}

/// Adds roles that the cast list or the action names.
fn present(scene: &mut Scene, elements: &[Element], names: &[String], trie: &Trie) {
    let mut known: BTreeSet<String> = scene
        .speaking
        .iter()
        .map(|cast| cast.name.clone())
        .collect();
    let mut found = Vec::new();
    let mut add = |name: String, line: u32| {
        if known.insert(name.clone()) {
            found.push(CastUse {
                name,
                speeches: 0,
                voice_only: false,
                line,
            });
        }
    };
    for element in &elements[scene.first_element..scene.end_element] {
        match element.kind {
            Kind::CastList => {
                for name in split_names(&element.text) {
                    add(name, element.line());
                }
            }
            Kind::Action { .. } => trie.scan(&element.text, |hit| {
                if let Some(name) = names.get(hit.value) {
                    // Roles named like common words count only as names: with a capital.
                    let capital = element.text[hit.start..].chars().next();
                    if capital.is_none_or(|c| !c.is_lowercase()) {
                        add(name.clone(), element.line_at(hit.start));
                    }
                }
            }),
            _ => {}
        }
    }
    scene.present = found;
}

/// What a person should look at.
#[must_use]
pub fn check(script: &Script) -> Vec<Warning> {
    let scenes = scenes(script);
    let mut out = Vec::new();
    let mut warn = |kind, line, message: String, remedy: &str| {
        out.push(Warning {
            kind,
            line,
            message,
            remedy: remedy.to_owned(),
        });
    };
    if scenes.is_empty() {
        let message = "the script has no scene headings, so it has no scenes".to_owned();
        let remedy = "begin every scene with a line such as `INT. KITCHEN - DAY` or \
                      `第1场 日 内 厨房`; a dot in front (`.KITCHEN`) forces a heading";
        warn(WarningKind::NoHeadings, 1, message, remedy);
    }
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for scene in &scenes {
        let (line, number) = (scene.line, &scene.number);
        if scene.numbered
            && let Some(first) = numbers.insert(number, line)
        {
            let message = format!("scene number {number} is already on line {first}");
            warn(
                WarningKind::DuplicateNumber,
                line,
                message,
                "give every scene its own number",
            );
        }
        if scene.setting == Setting::Unknown {
            let message = format!("scene {number} says neither interior nor exterior");
            warn(
                WarningKind::NoSetting,
                line,
                message,
                "add INT. or EXT. (内 or 外)",
            );
        }
        if scene.time == TimeOfDay::Unknown {
            let message = format!("scene {number} does not say when it plays");
            warn(
                WarningKind::NoTime,
                line,
                message,
                "add - DAY or - NIGHT (日 or 夜)",
            );
        }
        if scene.place.is_empty() {
            let message = format!("scene {number} names no place");
            warn(
                WarningKind::NoPlace,
                line,
                message,
                "add the place to the heading",
            );
        }
        if scene.end_element == scene.first_element + 1 {
            let message = format!("scene {number} is empty");
            warn(
                WarningKind::EmptyScene,
                line,
                message,
                "add action or delete the heading",
            );
        }
    }
    cues(script, &mut out);
    out
}

/// Cues without a speech, and names that may be one role.
fn cues(script: &Script, out: &mut Vec<Warning>) {
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    for (index, element) in script.elements.iter().enumerate() {
        if !matches!(element.kind, Kind::Character { .. }) {
            continue;
        }
        first
            .entry(role(&element.text))
            .or_insert_with(|| element.line());
        let next = script.elements.get(index + 1).map(|next| &next.kind);
        if !matches!(
            next,
            Some(Kind::Dialogue | Kind::Parenthetical | Kind::Lyric)
        ) {
            out.push(Warning {
                kind: WarningKind::SilentCue,
                line: element.line(),
                message: format!("{} has a cue and says nothing", element.text),
                remedy: "write the speech on the next line, or force action with `!`".to_owned(),
            });
        }
    }
    for (name, line) in &first {
        let Some((_, last)) = name.rsplit_once(' ') else {
            continue;
        };
        if first.contains_key(last) {
            out.push(Warning {
                kind: WarningKind::SimilarCues,
                line: *line,
                message: format!("{name} and {last} are counted as two roles"),
                remedy: "give both the same cue if they are one role".to_owned(),
            });
        }
    }
}
