//! Chinese screenplays, written for these tests, in UTF-8, UTF-16 and GB18030.

use backlot_production::script::{
    Category, Encoding, Format, Kind, Setting, TimeOfDay, breakdown, read,
};

const SERIES: &str = "\
片名：雨夜快递
编剧：佚名

人物小传
李雷：男，三十岁，快递员。

第1集

第1场 日 内 客厅
人物：李雷、韩梅梅、房东（画外）
△ 李雷抱着包裹推门进来，一只黑猫窜出。
韩梅梅（惊讶）：你怎么来了？
李雷：（笑）送快递。
房东OS：小声点！
△ 窗外传来警笛，五名民警冲上楼。马上安静下来。

第二场 街道 夜 外
△ 大雨。李雷骑着摩托车飞驰，与轿车相撞，满身是血。
韩梅梅
（哭）
李雷！
切至：

场景三：医院走廊 清晨 内
时间：次日
△ 护士推着轮椅经过。
";

#[test]
fn a_series_script_gives_scenes_cast_and_items_with_lines() {
    let script = read(SERIES.as_bytes(), "x.txt").unwrap();
    assert_eq!(script.format, Format::Chinese);
    assert_eq!(
        (&*script.title_page[0].key, &*script.title_page[0].value),
        ("片名", "雨夜快递")
    );
    let found = breakdown(&script);
    let heads: Vec<_> = found
        .scenes
        .iter()
        .map(|s| {
            (
                s.number.as_str(),
                s.setting,
                s.time,
                s.place.as_str(),
                s.line,
            )
        })
        .collect();
    assert_eq!(
        heads[0],
        ("1", Setting::Interior, TimeOfDay::Day, "客厅", 9)
    );
    assert_eq!(
        heads[1],
        ("2", Setting::Exterior, TimeOfDay::Night, "街道", 17)
    );
    assert_eq!(heads[2].1, Setting::Interior);
    assert_eq!((heads[2].0, heads[2].2), ("3", TimeOfDay::Dawn));
    let names: Vec<_> = found.scenes[0]
        .speaking
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(names, ["韩梅梅", "李雷", "房东"]);
    assert!(found.scenes[0].speaking[2].voice_only);
    assert_eq!(found.scenes[1].speaking[0].name, "韩梅梅");
    assert_eq!(found.scenes[1].present[0].name, "李雷");
    let at = |category, term: &str| {
        found
            .items
            .iter()
            .find(|i| i.category == category && i.term == term)
            .map(|i| i.line)
    };
    assert_eq!(at(Category::Props, "包裹"), Some(11));
    assert_eq!(at(Category::Animals, "黑猫"), Some(11));
    assert_eq!(at(Category::Animals, "马"), None);
    assert_eq!(at(Category::Vehicles, "摩托车"), Some(18));
    assert_eq!(at(Category::Stunts, "相撞"), Some(18));
    let police = found.items.iter().find(|i| i.term == "民警").unwrap();
    assert_eq!((police.quantity, police.line), (Some(5), 15));
    assert!(
        script
            .elements
            .iter()
            .any(|e| e.kind == Kind::Transition && e.text == "切至：")
    );
}

#[test]
fn every_usual_heading_is_read() {
    use Setting::{Both, Exterior, Interior};
    use TimeOfDay::{Day, Dusk, Night};
    let list = [
        ("第12场 日 内 客厅", "12", Interior, Day, "客厅"),
        ("第十二场：客厅 日 内", "12", Interior, Day, "客厅"),
        (
            "第1集第3场 夜外 长城脚下",
            "1-3",
            Exterior,
            Night,
            "长城脚下",
        ),
        ("1-3 日 内 客厅", "1-3", Interior, Day, "客厅"),
        ("1—3、夜、外、屋顶", "1-3", Exterior, Night, "屋顶"),
        ("场景一 教室 傍晚 内", "1", Interior, Dusk, "教室"),
        ("【场景二】码头 夜 外", "2", Exterior, Night, "码头"),
        ("1、日 内 客厅", "1", Interior, Day, "客厅"),
        ("23．内景 A-12室 夜", "23", Interior, Night, "A-12室"),
        ("１２、日/内/客厅", "12", Interior, Day, "客厅"),
        ("第三场 车内外 日 内外", "3", Both, Day, "车内外"),
        ("外景 街道 夜", "1", Exterior, Night, "街道"),
        ("第5场 客厅-日-内", "5", Interior, Day, "客厅"),
    ];
    for (line, number, setting, time, place) in list {
        let text = format!("{line}\n△ 有人。\n");
        let scenes = read(text.as_bytes(), "x").unwrap().scenes();
        assert_eq!(scenes.len(), 1, "{line}");
        let scene = &scenes[0];
        let got = (
            scene.number.as_str(),
            scene.setting,
            scene.time,
            scene.place.as_str(),
        );
        assert_eq!(got, (number, setting, time, place), "{line}");
    }
}

#[test]
fn sentences_are_no_headings() {
    let text = "第1场 日 内 客厅\n△ 天黑了。\n第一场雪落下。\n1、他说了三点。\n2024年的夏天很热。\n\
        他在外面等了一日一夜。\n12:30 到了。\n";
    assert_eq!(read(text.as_bytes(), "x").unwrap().scenes().len(), 1);
}

#[test]
fn encodings_give_the_same_scenes() {
    let want = read(SERIES.as_bytes(), "x").unwrap();
    let (gb, _, _) = encoding_rs::GB18030.encode(SERIES);
    let bom = [b"\xEF\xBB\xBF".as_slice(), SERIES.as_bytes()].concat();
    let le: Vec<u8> = SERIES.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = SERIES.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let le = [b"\xFF\xFE".as_slice(), &le].concat();
    let be = [b"\xFE\xFF".as_slice(), &be].concat();
    let crlf = SERIES.replace('\n', "\r\n").into_bytes();
    for (bytes, encoding) in [
        (gb.into_owned(), Encoding::Gb18030),
        (bom, Encoding::Utf8),
        (le, Encoding::Utf16Le),
        (be, Encoding::Utf16Be),
        (crlf, Encoding::Utf8),
    ] {
        let got = read(&bytes, "x").unwrap();
        assert_eq!(got.encoding, encoding);
        assert_eq!(got.elements, want.elements, "{encoding:?}");
    }
}

#[test]
fn short_and_broken_gb18030_is_named_or_read() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("第1场 日 内 客厅\n李雷：你好。\n");
    assert_eq!(read(&bytes, "x").unwrap().scenes()[0].place, "客厅");
    let noise: Vec<u8> = (0..4000u32)
        .map(|i| (i * 7919 % 251) as u8 | 0x80)
        .collect();
    assert!(read(&noise, "x").is_err());
}
