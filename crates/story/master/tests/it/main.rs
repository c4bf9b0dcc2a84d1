//! Readers of hostile bytes, published digest vectors, and the text we write for players.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]
#![expect(
    clippy::disallowed_methods,
    reason = "development data is read from files"
)]

mod playlists;
mod probing;
mod timed_text;

use backlot_master::digest::{DigestTee, digests};
use backlot_master::language::LanguageTag;

#[test]
fn digests_match_the_standards() {
    // FIPS 180-4, GB/T 32905-2016 A.1, and the BLAKE3 reference, all for "abc".
    let found = digests(b"abc");
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    let blake3 = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    assert_eq!((found.sha256.as_str(), found.sm3.as_str()), (sha256, sm3));
    assert_eq!((found.blake3.as_str(), found.bytes), (blake3, 3));
}

#[test]
fn threads_do_not_change_digests() {
    let bytes: Vec<u8> = (0..3_000_001u32)
        .map(|i| (i.wrapping_mul(2_654_435_761).rotate_left(i % 7)) as u8)
        .collect();
    let mut tee = DigestTee::new();
    for chunk in bytes.chunks(700_003) {
        tee.update_parallel(chunk);
    }
    assert_eq!(tee.finish(), digests(&bytes));
}

#[test]
fn language_tags_are_made_conventional_or_refused() {
    for (text, tag, own) in [
        ("zh-hans", "zh-Hans", "简体中文"),
        ("ZH-CN", "zh-CN", "简体中文"),
        ("zh-hant-tw", "zh-Hant-TW", "繁體中文"),
        ("en-us", "en-US", "English"),
        ("sl-rozaj", "sl-rozaj", "sl-rozaj"),
        ("en-u-ca-gregory", "en-u-ca-gregory", "English"),
    ] {
        let found = LanguageTag::parse(text).unwrap();
        assert_eq!((found.as_str(), found.own_name()), (tag, own));
    }
    for text in [
        "",
        "e",
        "en_US",
        "en--us",
        "zh-",
        "中文",
        "en-x",
        "a-very-longsubtag9",
    ] {
        assert!(LanguageTag::parse(text).is_err(), "{text}");
    }
}
