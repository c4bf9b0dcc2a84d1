//! Claims: one byte form, strict bounds, refusals that say where.

use crate::sample::claim;
use backlot_facts::UtcMicros;
use backlot_register::claim::{CLAIM_BYTES_MAX, ClaimError};
use backlot_register::{Act, Claim, EvidenceCode, Party, Title};

fn text() -> String {
    String::from_utf8(claim(1).to_bytes().unwrap()).unwrap()
}

fn refused(bytes: &str) -> String {
    Claim::parse(bytes.as_bytes()).unwrap_err().to_string()
}

#[test]
fn the_canonical_bytes_are_fixed() {
    let claim = Claim::new(
        Act::LicenceGranted,
        Title {
            zh: "茶馆".to_owned(),
            en: String::new(),
        },
        Party {
            name: "A".to_owned(),
            organisation: String::new(),
        },
        UtcMicros(1_700_000_000_000_000),
    );
    let expected = concat!(
        r#"{"act":"licence-granted","author":{"name":"A","organisation":""},"details":{},"#,
        r#""files":[],"prior":[],"registered_at":1700000000000000,"schema":"backlot.claim/1","#,
        r#""title":{"en":"","zh":"茶馆"}}"#
    );
    assert_eq!(
        String::from_utf8(claim.to_bytes().unwrap()).unwrap(),
        expected
    );
    assert_eq!(Claim::parse(expected.as_bytes()), Ok(claim));
}

#[test]
fn only_the_canonical_form_is_read() {
    let text = text();
    assert_eq!(Claim::parse(text.as_bytes()), Ok(claim(1)));
    assert!(
        refused(&text.replacen(':', ": ", 1)).contains("canonical form (RFC 8785) from byte 7")
    );
    assert!(refused(&format!("{text}\n")).contains("canonical"));
    assert!(refused(&text.replacen("work", "\\u0077ork", 1)).contains("canonical"));
    assert!(refused(&text.replacen("\"prior\":[],", "", 1)).contains("missing field"));
    let moved = text
        .replacen("\"prior\":[],", "", 1)
        .replacen('{', "{\"prior\":[],", 1);
    assert!(refused(&moved).contains("canonical"));
    assert!(refused(&text.replacen("1001", "1001.0", 1)).contains("JSON"));
    assert!(
        refused(&text.replacen("{\"denominator\"", "null,\"x\":{\"denominator\"", 1))
            .contains("JSON")
    );
}

#[test]
fn duplicates_unknown_members_and_versions_are_refused() {
    let text = text();
    let twice = text.replacen("\"prior\":[],", "\"prior\":[],\"prior\":[],", 1);
    assert!(refused(&twice).contains("duplicate field"));
    let twice = text.replacen(
        "{\"territories\"",
        "{\"territories\":\"X\",\"territories\"",
        1,
    );
    assert!(refused(&twice).contains("canonical"));
    let unknown = text.replacen("\"prior\":[],", "\"price\":1,\"prior\":[],", 1);
    assert!(refused(&unknown).contains("unknown field `price`"));
    let version = text.replace("backlot.claim/1", "backlot.claim/2");
    assert_eq!(
        Claim::parse(version.as_bytes()),
        Err(ClaimError::Version("backlot.claim/2".to_owned()))
    );
}

#[test]
fn size_and_depth_are_bounded() {
    let deep = format!("{{\"a\":{}", "[".repeat(50_000));
    assert!(refused(&deep).contains("nests deeper"));
    let in_string = text().replacen("clip.glb", &"[".repeat(60), 1);
    assert!(Claim::parse(in_string.as_bytes()).is_ok());
    assert_eq!(
        Claim::parse(&vec![b' '; CLAIM_BYTES_MAX + 1]),
        Err(ClaimError::TooLong(CLAIM_BYTES_MAX + 1))
    );
    let mut large = claim(1);
    large.details = (0..64)
        .map(|n| (format!("k{n}"), "版".repeat(400)))
        .collect();
    assert!(matches!(large.to_bytes(), Err(ClaimError::TooLong(_))));
}

#[test]
fn fields_are_bounded_and_named() {
    let refused = |change: &dyn Fn(&mut Claim)| {
        let mut claim = claim(1);
        change(&mut claim);
        claim.to_bytes().unwrap_err().to_string()
    };
    assert!(refused(&|c| c.title = Title::default()).starts_with("`title`"));
    assert!(refused(&|c| c.author.name = " ".to_owned()).starts_with("`author.name`"));
    assert!(refused(&|c| c.files[0].name = "../x".to_owned()).starts_with("`files[0].name`"));
    assert!(refused(&|c| c.files[0].bytes = 1 << 53).starts_with("`files[0].bytes`"));
    assert!(refused(&|c| c.registered_at = UtcMicros(-1)).starts_with("`registered_at`"));
    assert!(refused(&|c| c.title.en = "a\u{7}".to_owned()).starts_with("`title.en`"));
    let key = |c: &mut Claim| drop(c.details.insert("No".to_owned(), String::new()));
    assert!(refused(&key).starts_with("`details`"));
}

#[test]
fn codes_read_as_people_write_them() {
    let code = claim(1).code().unwrap();
    assert_eq!(code.as_str().len(), 23);
    let typed = code
        .as_str()
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    assert_eq!(EvidenceCode::parse_lenient(&typed), Ok(code.clone()));
    assert!(EvidenceCode::try_from(code.as_str().to_lowercase()).is_err());
    assert!(EvidenceCode::parse_lenient("UUUUU-UUUUU-UUUUU-UUUUU").is_err());
    assert!(EvidenceCode::parse_lenient(&code.as_str()[1..]).is_err());
    // 0xff then zeros: eight one bits are 11111 111|00.
    let mut leaf = [0; 32];
    leaf[0] = 0xff;
    assert_eq!(
        EvidenceCode::of_leaf(&leaf).as_str(),
        "ZW000-00000-00000-00000"
    );
}
