//! WebVTT and SubRip: what is forgiven, what is refused and on which line.

use backlot_master::subtitles::{Section, captions};
use backlot_master::webvtt::{Cue, Format, ProblemKind, Track, parse, segment};
use proptest::prelude::*;

fn refusal(text: &str) -> Vec<(usize, ProblemKind)> {
    let problems = parse(text.as_bytes()).unwrap_err().problems;
    problems.into_iter().map(|p| (p.line, p.kind)).collect()
}

#[test]
fn webvtt_with_everything_is_read_and_written_back() {
    let text = "\u{feff}WEBVTT - a title\r\nKind: captions\r\n\r\nNOTE over\r\ntwo lines\r\n\r\n\
                STYLE\r\n::cue{color:red}\r\n\r\nintro\r\n\
                00:01.000 --> 00:00:02.500 line:0 align:start\r\n\
                <v Ann>Hello &amp; <i>good</i> day\r\nsecond line\r\n\r\n\
                100:00:00.000 --> 100:00:01.000\r\nlate";
    let parsed = parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.format, Format::WebVtt);
    assert_eq!(parsed.track.cues.len(), 2);
    let first = &parsed.track.cues[0];
    assert_eq!(
        (first.id.as_str(), first.start_us, first.end_us),
        ("intro", 1_000_000, 2_500_000)
    );
    assert_eq!(first.settings, "line:0 align:start");
    assert_eq!(
        first.text,
        "<v Ann>Hello &amp; <i>good</i> day\nsecond line"
    );
    let again = parse(parsed.track.to_webvtt().as_bytes()).unwrap();
    assert_eq!(again.track, parsed.track);
}

#[test]
fn broken_times_are_refused_on_their_line() {
    let vtt = |times: &str| refusal(&format!("WEBVTT\n\n{times}\nwords\n"));
    for times in [
        "00:00:61.000 --> 00:01:02.000",
        "00:00:01,000 --> 00:00:02,000",
        "00:00:01.000 -->",
        "--> 00:00:01.000",
        "0:00.000 --> 00:01.000",
        "00:00:01.00 --> 00:00:02.000",
        "-00:00:01.000 --> 00:00:02.000",
        "99999999999999999999:00:00.000 --> 00:00:02.000",
    ] {
        assert!(
            matches!(&vtt(times)[..], [(3, ProblemKind::BadTime(_))]),
            "{times}"
        );
    }
    let backwards = vtt("00:00:02.000 --> 00:00:02.000");
    assert_eq!(backwards, [(3, ProblemKind::EndsBeforeStart)]);
    let stray = refusal("WEBVTT\n\nhello\n\n00:01.000 --> 00:02.000\nx\n");
    assert!(
        matches!(&stray[..], [(3, ProblemKind::StrayText(_))]),
        "{stray:?}"
    );
    assert_eq!(refusal("just words\n").len(), 1);
    assert_eq!(refusal(""), [(1, ProblemKind::NoCues)]);
    let gbk = parse(b"1\n00:00:01,000 --> 00:00:02,000\n\xc4\xe3\xba\xc3\n").unwrap_err();
    assert_eq!(
        (gbk.problems[0].line, &gbk.problems[0].kind),
        (3, &ProblemKind::NotUtf8)
    );
}

#[test]
fn overlaps_and_disorder_are_warned_of() {
    let text = "WEBVTT\n\n00:05.000 --> 00:09.000\nb\n\n00:01.000 --> 00:06.000\na\n\n\
                00:08.000 --> 00:10.000\nc\n";
    let parsed = parse(text.as_bytes()).unwrap();
    let kinds: Vec<_> = parsed
        .warnings
        .iter()
        .map(|w| (w.line, w.kind.clone()))
        .collect();
    assert!(kinds.contains(&(6, ProblemKind::OutOfOrder)), "{kinds:?}");
    let texts: Vec<&str> = parsed
        .track
        .cues
        .iter()
        .map(|cue| cue.text.as_str())
        .collect();
    assert_eq!(texts, ["a", "b", "c"]);
}

#[test]
fn subrip_of_the_wild_is_read() {
    let text = "0\n00:00:5,000 --> 00:00:6,5\n<font color=\"red\">A</font> & <I>b</I> <3\n\n\
                0\n00:00:07,000 --> 00:00:08,000 X1:1 X2:2\n{\\an8}first\n\nafter a gap\n3\n\
                00:00:09.000 --> 00:00:10.000\nlast";
    let parsed = parse(text.as_bytes()).unwrap();
    let cues: Vec<(i64, &str)> = parsed
        .track
        .cues
        .iter()
        .map(|cue| (cue.end_us, cue.text.as_str()))
        .collect();
    let expected = [
        (6_500_000, "A &amp; <i>b</i> &lt;3"),
        (8_000_000, "first\nafter a gap"),
        (10_000_000, "last"),
    ];
    assert_eq!(cues, expected);
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "1\n00:00:01,000 --> 00:00:02,000\n你好\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    assert_eq!(parse(&wide).unwrap().track.cues[0].text, "你好");
}

#[test]
fn development_data_is_read() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data/media/odd"
    );
    for (name, count) in [("subtitles.srt", 5), ("subtitles-unicode.srt", 1)] {
        let Ok(bytes) = std::fs::read(format!("{root}/{name}")) else {
            println!("skipped: no development data `{name}`");
            return;
        };
        assert_eq!(parse(&bytes).unwrap().track.cues.len(), count, "{name}");
    }
}

#[test]
fn segments_keep_every_cue_of_their_time() {
    let cue = |start, end, words| Cue::plain(start, end, words).unwrap();
    let track = Track {
        cues: vec![
            cue(500_000, 2_500_000, "spans"),
            cue(2_000_000, 3_000_000, "second"),
            cue(9_000_000, 9_500_000, "after the end"),
        ],
    };
    let files = segment(
        &track,
        &[
            (0, 2_000_000),
            (2_000_000, 4_000_000),
            (4_000_000, 6_000_000),
        ],
    );
    let holds = |i: usize, words: &str| files[i].contains(words);
    assert!(holds(0, "spans") && holds(1, "spans") && !holds(2, "spans"));
    assert!(!holds(0, "second") && holds(1, "second") && holds(2, "after the end"));
    for file in &files {
        assert!(file.starts_with("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"));
        parse(file.as_bytes()).unwrap();
    }
    let moved = track.shift(-1_000_000);
    assert_eq!(
        (moved.cues[0].start_us, moved.cues[0].end_us),
        (0, 1_500_000)
    );
    assert_eq!(track.shift(-2_600_000).cues.len(), 2);
}

#[test]
fn captions_never_overlap_and_say_both_languages() {
    let section = |start_us, end_us, zh: &str, en: &str| Section {
        start_us,
        end_us,
        zh: zh.into(),
        en: en.into(),
    };
    let made = captions(
        "舞者",
        "The <Dancer>",
        &[
            section(4_000_000, 9_000_000, "挥手", "waves"),
            section(0, 5_000_000, "走路", "walks"),
            section(9_000_000, 9_000_000, "无", "nothing"),
        ],
    );
    for track in [&made.zh, &made.en] {
        assert_eq!(track.cues.len(), 3);
        assert!(
            track
                .cues
                .windows(2)
                .all(|pair| pair[0].end_us <= pair[1].start_us)
        );
        assert!(
            parse(track.to_webvtt().as_bytes())
                .unwrap()
                .warnings
                .is_empty()
        );
    }
    assert_eq!(made.en.cues[0].text, "The &lt;Dancer&gt;");
    assert_eq!(captions("题", "t", &[]).zh.cues.len(), 1);
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "[\\PC\n\r\t0-9:.,<>{}\\-]{0,200}") {
        let _ = parse(text.as_bytes());
        let _ = parse(format!("WEBVTT\n\n{text}").as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn what_is_written_is_read_back(
        cues in prop::collection::vec((0i64..10_000_000, 1i64..9_000, "[ -~你好]{1,20}"), 1..8)
    ) {
        let mut cues: Vec<Cue> = cues
            .into_iter()
            .filter_map(|(start, len, text)| Cue::plain(start * 1000, (start + len) * 1000, &text))
            .collect();
        cues.sort_by_key(|cue| (cue.start_us, cue.end_us));
        let track = Track { cues };
        prop_assert_eq!(parse(track.to_webvtt().as_bytes()).unwrap().track, track);
    }
}
