//! HLS text: what players read, and what is refused rather than repaired.

use backlot_master::hls::{
    HlsError, Package, Rendition, Variant, multivariant, parse_media_playlist, subtitle_playlist,
};
use backlot_master::language::LanguageTag;
use backlot_master::probe::Rational;
use proptest::prelude::*;

fn package() -> Package {
    let tag = |text| LanguageTag::parse(text).unwrap();
    Package {
        variant: Variant {
            uri: "video.m3u8".into(),
            peak_bits_per_sec: 2_000_000,
            mean_bits_per_sec: 1_200_000,
            codecs: vec!["avc1.64001f".into(), "mp4a.40.2".into()],
            width: 1280,
            height: 720,
            frame_rate: Rational {
                num: 24_000,
                den: 1001,
            },
        },
        audio: vec![Rendition::new("audio.m3u8", tag("zh-Hans"), true)],
        subtitles: vec![
            Rendition::new("subs-zh.m3u8", tag("zh-Hans"), true),
            Rendition::new("subs-en.m3u8", tag("en"), false),
        ],
    }
}

#[test]
fn the_multivariant_playlist_names_everything_once() {
    let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"简体中文\",LANGUAGE=\"zh-Hans\",\
        DEFAULT=YES,AUTOSELECT=YES,URI=\"audio.m3u8\"\n\
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subs\",NAME=\"简体中文\",LANGUAGE=\"zh-Hans\",\
        DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI=\"subs-zh.m3u8\"\n\
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subs\",NAME=\"English\",LANGUAGE=\"en\",\
        DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"subs-en.m3u8\"\n\
        #EXT-X-STREAM-INF:BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1200000,\
        CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=23.976,\
        AUDIO=\"audio\",SUBTITLES=\"subs\",CLOSED-CAPTIONS=NONE\nvideo.m3u8\n";
    assert_eq!(multivariant(&package()).unwrap(), expected);
    let mut quoted = package();
    quoted.subtitles[0].name = "a\"b".into();
    assert!(matches!(
        multivariant(&quoted),
        Err(HlsError::BadText { .. })
    ));
    let mut twice = package();
    twice.subtitles[1].name = "简体中文".into();
    assert!(matches!(
        multivariant(&twice),
        Err(HlsError::SameName { .. })
    ));
}

#[test]
fn a_subtitle_playlist_is_read_back_on_the_same_grid() {
    let grid = [
        (0, 2_000_000),
        (2_000_000, 4_502_000),
        (4_502_000, 4_600_000),
    ];
    let text = subtitle_playlist(&grid, |i| format!("subs-zh-{i}.vtt"));
    assert!(text.contains("#EXT-X-TARGETDURATION:3\n"));
    let read = parse_media_playlist(&text).unwrap();
    assert_eq!(read.grid_us(), grid);
    assert!(read.is_ended);
    for bad in [
        "",
        "#EXTINF:1,\na",
        "#EXTM3U\na.m4s\n",
        "#EXTM3U\n#EXTINF:nan,\na\n",
    ] {
        assert!(
            parse_media_playlist(bad).is_err() || bad.is_empty(),
            "{bad}"
        );
    }
}

proptest! {
    #[test]
    fn any_playlist_is_answered(text in "(#EXTM3U\n)?[#A-Z:0-9.,\n a-z\"=-]{0,120}") {
        if let Ok(list) = parse_media_playlist(&text) {
            let _ = list.grid_us();
        }
    }
}
