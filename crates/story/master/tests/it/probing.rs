//! Probe JSON: real shapes, lies, and random bytes.

use backlot_master::probe::{MasterRefusal, Probe, Rational};
use proptest::prelude::*;

const PHONE: &str = r#"{"streams":[
 {"index":0,"codec_name":"hevc","codec_type":"video","width":1920,"height":1080,
  "pix_fmt":"yuv420p","r_frame_rate":"30/1","avg_frame_rate":"44400/1481",
  "sample_aspect_ratio":"1:1",
  "side_data_list":[{"side_data_type":"Display Matrix","rotation":-90}]},
 {"index":1,"codec_name":"aac","codec_type":"audio","sample_rate":"48000","channels":2,
  "tags":{"language":"eng"}},
 {"index":2,"codec_type":"data"}],
 "format":{"format_name":"mov,mp4,m4a,3gp,3g2,mj2","duration":"14.810000","size":"1000"}}"#;

fn video(members: &str, duration: &str) -> Probe {
    let json = format!(
        r#"{{"streams":[{{"codec_type":"video","codec_name":"h264",{members}}}],
           "format":{{"format_name":"matroska,webm","duration":{duration}}}}}"#
    );
    Probe::from_ffprobe_json(json.as_bytes()).unwrap()
}

#[test]
fn a_phone_clip_is_upright_and_of_constant_rate() {
    let probe = Probe::from_ffprobe_json(PHONE.as_bytes()).unwrap();
    let video = probe.main_video().unwrap();
    assert_eq!(
        (video.rotation_degrees, video.display_size()),
        (90, (1080, 1920))
    );
    assert_eq!(video.cfr_rate(), Rational { num: 30, den: 1 });
    assert_eq!((probe.duration_us, probe.other_streams), (14_810_000, 1));
    assert_eq!(probe.audio[0].tagged_language.as_deref(), Some("eng"));
    assert_eq!(probe.is_playable_master(), Ok(()));
}

#[test]
fn rates_become_rational_and_constant() {
    let rate = |base: &str, mean: &str| {
        let members =
            format!(r#""width":2,"height":2,"r_frame_rate":"{base}","avg_frame_rate":"{mean}""#);
        let probe = video(&members, "\"1\"");
        (
            probe.video[0].cfr_rate().to_string(),
            probe.video[0].is_variable_rate(),
        )
    };
    assert_eq!(
        rate("30000/1001", "30000/1001"),
        ("30000/1001".into(), false)
    );
    assert_eq!(rate("90000/1", "2997/100"), ("30000/1001".into(), true));
    assert_eq!(rate("0/0", "0/0"), ("25/1".into(), false));
    assert_eq!(rate("1000/1", "1000/1"), ("25/1".into(), false));
    assert_eq!(rate("120/1", "7899/400").0, "7899/400");
}

#[test]
fn every_reason_against_a_master_is_named() {
    let sizes = video(r#""width":300000,"height":4"#, "\"0\"");
    let reasons = sizes.is_playable_master().unwrap_err();
    assert!(
        matches!(reasons[0], MasterRefusal::NoDuration),
        "{reasons:?}"
    );
    assert!(
        matches!(reasons[1], MasterRefusal::AbsurdSize { .. }),
        "{reasons:?}"
    );
    let long = video(r#""width":4,"height":4"#, "1e9")
        .is_playable_master()
        .unwrap_err();
    assert!(
        matches!(long[0], MasterRefusal::AbsurdDuration { .. }),
        "{long:?}"
    );
    let list = br#"{"streams":[],"format":{"format_name":"hls,applehttp"}}"#;
    let list = Probe::from_ffprobe_json(list)
        .unwrap()
        .is_playable_master()
        .unwrap_err();
    assert!(
        matches!(list[0], MasterRefusal::Indirect { .. }),
        "{list:?}"
    );
    assert!(matches!(list[1], MasterRefusal::NoVideo { .. }), "{list:?}");
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Probe::from_ffprobe_json(&bytes);
        let _ = backlot_master::boxes::codec_strings(&bytes);
    }

    #[test]
    fn a_changed_answer_is_answered(at in 0..PHONE.len(), byte in 32u8..127) {
        let mut bytes = PHONE.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(probe) = Probe::from_ffprobe_json(&bytes) {
            let _ = probe.is_playable_master();
            for video in &probe.video {
                let _ = (video.cfr_rate(), video.display_size());
            }
        }
    }
}
