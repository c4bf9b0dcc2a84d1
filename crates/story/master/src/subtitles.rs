//! Bilingual captions of a performance, as WebVTT tracks.
//!
//! The first cue names the work, then each section says what is played. Sections are cut so that
//! cues never overlap and the title never hides the first section.

use crate::webvtt::{Cue, Track};

/// How long the title stands at most.
const TITLE_US: i64 = 2_000_000;

/// One stretch of the performance with its words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub start_us: i64,
    pub end_us: i64,
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captions {
    /// `zh-Hans`.
    pub zh: Track,
    pub en: Track,
}

/// Captions in Chinese and English with the same times. Sections are sorted by start; a section
/// without length or without words is left out.
pub fn captions(title_zh: &str, title_en: &str, sections: &[Section]) -> Captions {
    let mut sections: Vec<&Section> = sections
        .iter()
        .filter(|s| s.start_us >= 0 && s.end_us > s.start_us)
        .filter(|s| !(s.zh.trim().is_empty() && s.en.trim().is_empty()))
        .collect();
    sections.sort_by_key(|s| (s.start_us, s.end_us));
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let mut add = |start_us: i64, end_us: i64, text_zh: &str, text_en: &str| {
        zh.extend(Cue::plain(start_us, end_us, text_zh));
        en.extend(Cue::plain(start_us, end_us, text_en));
    };
    let last_end_us = sections.iter().map(|s| s.end_us).max().unwrap_or(TITLE_US);
    let title_end_us = match sections.first() {
        // Room before the first section, or a share of it when it starts at once.
        Some(first) if first.start_us >= 500_000 => first.start_us.min(TITLE_US),
        Some(first) => first.start_us + ((first.end_us - first.start_us) / 3).min(TITLE_US),
        None => TITLE_US.min(last_end_us),
    };
    add(0, title_end_us, title_zh, title_en);
    for (position, section) in sections.iter().enumerate() {
        let next_start_us = sections
            .get(position + 1)
            .map_or(i64::MAX, |next| next.start_us);
        let start_us = section.start_us.max(title_end_us);
        add(
            start_us,
            section.end_us.min(next_start_us),
            &section.zh,
            &section.en,
        );
    }
    Captions {
        zh: Track { cues: zh },
        en: Track { cues: en },
    }
}
