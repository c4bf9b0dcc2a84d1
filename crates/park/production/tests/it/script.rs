//! Scripts: the fixtures of another reader, Final Draft files, and any bytes at all.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use backlot_production::script::{Category, Kind, ReadOptions, Script, breakdown, read, read_with};
use proptest::prelude::*;

fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/production/screenplay");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no screenplay fixtures at {}", path.display());
    None
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn load(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("the fixture is there")
}

fn load_text(folder: &Path, name: &str) -> String {
    String::from_utf8(load(folder, name)).expect("fixtures are UTF-8")
}

/// The element list in the form of the fixtures' `.txt` files.
fn dump(script: &Script) -> String {
    let mut lines = Vec::new();
    for entry in &script.title_page {
        lines.push(format!("TITLEENTRY:\"{}\":\"{}\"", entry.key, entry.value));
    }
    for element in &script.elements {
        let (name, suffix) = match &element.kind {
            Kind::Heading {
                number: Some(number),
            } => ("HEADING", format!(" ({number})")),
            Kind::Heading { number: None } => ("HEADING", String::new()),
            Kind::Action { centered: true } => ("ACTION", " (centered)".to_owned()),
            Kind::Action { centered: false } => ("ACTION", String::new()),
            Kind::Character { .. } => ("CHARACTER", String::new()),
            Kind::Dialogue => ("DIALOGUE", String::new()),
            Kind::Parenthetical => ("PARENTHETICAL", String::new()),
            Kind::Transition => ("TRANSITION", String::new()),
            Kind::Lyric => ("LYRIC", String::new()),
            Kind::Section { level } => ("SECTION", format!(" ({level})")),
            Kind::Synopsis => ("SYNOPSIS", String::new()),
            Kind::PageBreak => ("PAGEBREAK", String::new()),
            Kind::CastList => ("CASTLIST", String::new()),
        };
        let mut line = format!("{name}:\"{}\"{suffix}", element.text);
        if !element.tags.is_empty() {
            let _ = write!(line, " tags:{}", element.tags.join(","));
        }
        lines.push(line);
    }
    for (index, note) in script.notes.iter().enumerate() {
        lines.push(format!("[[{index}]]NOTE:\"{}\"", note.text));
    }
    for (index, note) in script.boneyards.iter().enumerate() {
        lines.push(format!("/*{index}*/BONEYARD:\"{}\"", note.text));
    }
    lines.join("\n")
}

const FIXTURES: &[(&str, &str, ReadOptions)] = &{
    const USUAL: ReadOptions = ReadOptions {
        merge_actions: true,
        merge_dialogue: true,
        tags: false,
    };
    const APART: ReadOptions = ReadOptions {
        merge_actions: false,
        ..USUAL
    };
    const LINES: ReadOptions = ReadOptions {
        merge_dialogue: false,
        ..USUAL
    };
    const TAGS: ReadOptions = ReadOptions {
        tags: true,
        ..USUAL
    };
    [
        ("Action", "Action-Merged", USUAL),
        ("Action", "Action-Unmerged", APART),
        ("Boneyards", "Boneyards", USUAL),
        ("Dialogue", "Dialogue-Merged", USUAL),
        ("Dialogue", "Dialogue-Unmerged", LINES),
        ("LineBreaks", "LineBreaks", USUAL),
        ("Notes", "Notes", USUAL),
        ("Parenthetical", "Parenthetical", USUAL),
        ("SceneHeading", "SceneHeading", USUAL),
        ("Scratch", "Scratch", USUAL),
        ("Tags", "Tags", TAGS),
        ("TitlePage", "TitlePage", USUAL),
        ("UTF8", "UTF8", USUAL),
    ]
};

#[test]
fn every_fountain_fixture_gives_the_expected_elements() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for (source, expected, options) in FIXTURES {
        let bytes = load(&folder, &format!("{source}.fountain"));
        let want = load_text(&folder, &format!("{expected}.txt"));
        let got = dump(&read_with(&bytes, source, *options).unwrap());
        if got != want {
            wrong.push(format!("--- {expected}\nGOT\n{got}\nWANT\n{want}"));
        }
    }
    println!(
        "{} of {} fixtures",
        FIXTURES.len() - wrong.len(),
        FIXTURES.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn writing_back_gives_the_published_text_and_the_same_elements() {
    let Some(folder) = folder() else { return };
    let bytes = load(&folder, "UTF8.fountain");
    let want = load_text(&folder, "UTF8-output.fountain");
    assert_eq!(read(&bytes, "UTF8").unwrap().to_fountain(), want);
    for (source, _, options) in FIXTURES {
        let bytes = load(&folder, &format!("{source}.fountain"));
        let first = read_with(&bytes, source, *options).unwrap();
        let again = read_with(first.to_fountain().as_bytes(), source, *options).unwrap();
        assert_eq!(dump(&again), dump(&first), "{source}");
    }
}

/// Type and trimmed text: what two formats of one script must share.
fn outline(script: &Script) -> Vec<(String, String)> {
    let listed = dump(&Script {
        title_page: Vec::new(),
        ..script.clone()
    });
    let names = listed.lines().filter_map(|line| line.split_once(":\""));
    names
        .map(|(name, _)| name.to_owned())
        .zip(script.elements.iter().map(|e| e.text.clone()))
        .collect()
}

#[test]
fn final_draft_and_fountain_give_the_same_elements() {
    let Some(folder) = folder() else { return };
    let script = |name: &str| read(&load(&folder, name), name).unwrap();
    let want = script("TestFDX-FD.fountain");
    assert_eq!(want.elements[0].text, "INT. RADIO STUDIO");
    for name in ["", "-Write-cpp", "-Write-csharp", "-Write-js", "-Write-py"] {
        let got = script(&format!("TestFDX-FD{name}.fdx"));
        assert_eq!(outline(&got), outline(&want), "{name}");
    }
}

#[test]
fn eighths_agree_with_what_final_draft_wrote() {
    let Some(folder) = folder() else { return };
    let bytes = load(&folder, "TestFDX-FD.fdx");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let stated: Vec<u32> = text
        .match_indices("Length=\"")
        .filter_map(|(at, key)| text[at + key.len()..].split("/8").next()?.parse().ok())
        .collect();
    let scenes = read(&bytes, "fdx").unwrap().scenes();
    assert_eq!(
        scenes.iter().map(|scene| scene.eighths).collect::<Vec<_>>(),
        stated
    );
    assert_eq!(
        scenes[0]
            .speaking
            .iter()
            .map(|c| c.name.as_str())
            .collect::<Vec<_>>(),
        ["DJ", "DAVE", "JIM"]
    );
    assert!(scenes[0].speaking[2].voice_only && scenes[1].present.is_empty());
}

#[test]
fn fdx_refuses_document_types_depth_and_broken_xml_with_the_line() {
    let say = |text: &str| read(text.as_bytes(), "x.fdx").unwrap_err().to_string();
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<FinalDraft/>";
    assert!(say(bomb).starts_with("line 2: "), "{}", say(bomb));
    assert!(say("<FinalDraft>\n<Content>\n<Paragraph></Content>").starts_with("line 3: "));
    assert!(say(&format!("<FinalDraft>{}", "<a>".repeat(1000))).contains("nested"));
    assert!(say("<FinalDraft><Content><Paragraph><Text>&x;</Text>").contains("entity"));
    assert!(say("<FinalDraft></FinalDraft>").contains("no Content"));
}

#[test]
fn fdx_keeps_dual_dialogue_notes_and_characters_of_xml() {
    let text = "<FinalDraft><Content><Paragraph Type=\"Scene Heading\" Number=\"4A\">\
        <Text>EXT. A &amp; B</Text><Text> - NIGHT</Text></Paragraph>\
        <Paragraph><DualDialogue><Paragraph Type=\"Character\"><Text>ANN</Text></Paragraph>\
        <Paragraph Type=\"Dialogue\"><Text>Now!</Text></Paragraph><Paragraph Type=\"Character\">\
        <Text>BOB</Text></Paragraph><Paragraph Type=\"Dialogue\"><Text>No&#33;</Text></Paragraph>\
        </DualDialogue></Paragraph><Paragraph Type=\"Action\"><ScriptNote><Paragraph><Text>ask\
        </Text></Paragraph></ScriptNote><Text>They leave.</Text></Paragraph></Content></FinalDraft>";
    let script = read(text.as_bytes(), "x.fdx").unwrap();
    assert_eq!(script.elements[0].text, "EXT. A & B - NIGHT");
    assert_eq!(script.scenes()[0].number, "4A");
    let dual = Kind::Character {
        extensions: vec![],
        dual: true,
    };
    assert_eq!(
        (&script.elements[3].kind, &*script.elements[4].text),
        (&dual, "No!")
    );
    assert_eq!(
        (&*script.notes[0].text, &*script.elements[5].text),
        ("ask", "[[0]]They leave.")
    );
}

#[test]
fn scenes_know_setting_light_cast_and_the_line_of_every_item() {
    let text = "INT./EXT. TAXI - NIGHT #12#\n\nA crowd of 40 soldiers. MEI, bleeding, drops the\n\
        pistol.\n\nMEI (V.O.)\nRun!\n\nBO\nThe dog?\n\nINT. STATION - CONTINUOUS\n\nMei waits.\n";
    let found = breakdown(&read(text.as_bytes(), "x").unwrap());
    let scene = &found.scenes[0];
    assert_eq!(
        (scene.number.as_str(), scene.place.as_str()),
        ("12", "TAXI")
    );
    assert_eq!(debug(&found.scenes[1].time), "Night");
    assert!(
        found.scenes[1]
            .present
            .iter()
            .any(|cast| cast.name == "MEI")
    );
    let has = |category, text: &str| {
        found
            .items
            .iter()
            .find(|i| i.category == category && i.text == text)
            .map(|i| i.line)
    };
    assert_eq!(has(Category::Props, "pistol"), Some(4));
    assert_eq!(has(Category::Vehicles, "TAXI"), Some(1));
    assert_eq!(has(Category::MakeUp, "bleeding"), Some(3));
    assert_eq!(has(Category::Animals, "dog"), None, "only spoken of");
    let crowd = found.items.iter().find(|i| i.text == "soldiers").unwrap();
    assert_eq!(crowd.quantity, Some(40));
}

fn debug(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

#[test]
fn a_script_without_headings_says_what_to_do() {
    let script = read(b"FADE IN:\n\nOnce upon a time.\n", "x").unwrap();
    assert!(script.scenes().is_empty());
    assert!(script.warnings[0].remedy.contains("INT. KITCHEN"));
    assert!(
        read(b" \n ", "x")
            .unwrap_err()
            .to_string()
            .contains("empty")
    );
    assert!(
        read(b"%PDF-1.7", "x.pdf")
            .unwrap_err()
            .to_string()
            .contains("a PDF")
    );
}

#[test]
fn five_thousand_scenes_are_read() {
    let one = "INT. HALL - DAY\n\nA man runs with a gun.\n\nANN\nStop.\n\n";
    let found = breakdown(&read(one.repeat(5000).as_bytes(), "x").unwrap());
    assert_eq!((found.scenes.len(), found.cast[0].speeches), (5000, 5000));
    assert_eq!(found.scenes[4999].line, 4999 * 7 + 1);
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "INT. A - DAY",
        "第1场 日 内 客厅",
        "1、夜 外 街",
        "李雷（笑）：你好",
        "△ 走",
        "人物：甲、乙",
        "\n",
        "\n\n",
        "  \n",
        "[[",
        "]]",
        "/*",
        "*/",
        "#",
        "^",
        "BOB",
        "(x)",
        "（",
        "）",
        ">",
        "<",
        "~",
        "===",
        "=",
        "@",
        "!",
        ".a",
        "<FinalDraft>",
        "<Content>",
        "<Paragraph Type=\"Action\">",
        "<Text>",
        "</Text>",
        "&",
        "&#0;",
        "</Paragraph>",
        "：",
        "Title: x",
        "\t",
        "é",
        "场景一",
        "TO:",
        "\u{feff}",
        "İ",
        "ß",
        "第",
        "十",
        "20 马",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|list| list.concat())
}

proptest! {
    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(script) = read(&bytes, "x") {
            let _ = (breakdown(&script), script.to_fountain());
        }
    }

    #[test]
    fn any_pieces_never_panic_and_every_line_is_real(text in pieces()) {
        let count = text.matches('\n').count() as u32 + 1;
        for tags in [false, true] {
            let options = ReadOptions { tags, ..ReadOptions::default() };
            let Ok(script) = read_with(text.as_bytes(), "x", options) else { continue };
            let found = breakdown(&script);
            let _ = script.to_fountain();
            for element in &script.elements {
                prop_assert_eq!(element.lines.len(), element.text.matches('\n').count() + 1);
                prop_assert!(element.lines.iter().all(|line| (1..=count).contains(line)));
            }
            for item in &found.items {
                let element = &script.elements[item.element];
                prop_assert_eq!(&element.text[item.start..item.end], &item.text);
            }
        }
    }
}
