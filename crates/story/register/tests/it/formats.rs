//! The C2SP text formats: published examples, and what a strict reader must refuse.

use crate::sample::{self, ORIGIN};
use backlot_register::cosignature::{self, SignatureError};
use backlot_register::note::{KeyError, KeyKind, NoteError};
use backlot_register::text::{base64_decode, decimal};
use backlot_register::{Checkpoint, NamedKey, Note, Policy, TlogProof};

/// The example of Go's sumdb/note package documentation.
#[test]
fn a_note_signed_elsewhere_verifies() {
    let key = NamedKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let note = Note::parse(concat!(
        "If you think cryptography is the answer to your problem,\n",
        "then you don't know what your problem is.\n",
        "\n",
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfq",
        "dngotpRZb6KE6RyyBwJnAM=\n"
    ))
    .unwrap();
    let key = key.unwrap();
    assert_eq!(cosignature::verify_log(&note, &key), Ok(()));
    let mut changed = note.clone();
    changed.text = changed.text.replace("answer", "Answer");
    assert_eq!(
        cosignature::verify_log(&changed, &key),
        Err(SignatureError::Invalid("PeterNeumann".to_owned()))
    );
}

/// The checkpoint printed in C2SP tlog-cosignature round-trips byte for byte.
#[test]
fn a_published_checkpoint_round_trips() {
    let text = concat!(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/",
        "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n",
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJ",
        "sX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    );
    let note = Note::parse(text).unwrap();
    assert_eq!(note.to_string(), text);
    let checkpoint = Checkpoint::parse(&note.text).unwrap();
    assert_eq!(
        (checkpoint.origin.as_str(), checkpoint.size),
        ("example.com/behind-the-sofa", 20_852_163)
    );
    assert_eq!(checkpoint.body(), note.text);
    // Printed time of that cosignature: 1679315147.
    assert_eq!(
        note.signatures[1].signature[..8],
        1_679_315_147_u64.to_be_bytes()
    );
}

#[test]
fn strict_words() {
    assert_eq!(decimal("9223372036854775807"), Some(i64::MAX as u64));
    for wrong in [
        "",
        "00",
        "01",
        "+1",
        " 1",
        "1 ",
        "9223372036854775808",
        "99999999999999999999",
    ] {
        assert_eq!(decimal(wrong), None, "{wrong:?}");
    }
    for wrong in ["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "_-==", "Q==="] {
        assert_eq!(base64_decode(wrong), None, "{wrong:?}");
    }
}

#[test]
fn damaged_notes_are_refused() {
    let refused = |note: &str| Note::parse(note).unwrap_err();
    assert_eq!(refused("text\n"), NoteError::Separator);
    assert_eq!(refused("text\n\n"), NoteError::Count(0));
    assert_eq!(refused("text\n\n— a QUJDREU="), NoteError::Newline);
    assert_eq!(refused("te\rxt\n\n— a QUJDREU=\n"), NoteError::Control(2));
    for line in [
        "— a QUJDRA==",
        "- a QUJDREU=",
        "— a b QUJDREU=",
        "—  QUJDREU=",
        "— a+b QUJDREU=",
    ] {
        let error = refused(&format!("text\n\n{line}\n"));
        assert!(
            matches!(error, NoteError::Line { line: 1, .. }),
            "{line}: {error}"
        );
    }
    assert!(Note::parse(&format!("t\n\n{}", "— a QUJDREU=\n".repeat(32))).is_ok());
    assert_eq!(
        refused(&format!("t\n\n{}", "— a QUJDREU=\n".repeat(33))),
        NoteError::Count(33)
    );
}

#[test]
fn damaged_checkpoints_are_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let line_of = |body: &str| match Checkpoint::parse(body) {
        Err(NoteError::Checkpoint { line, .. }) => line,
        other => panic!("{body:?} gave {other:?}"),
    };
    assert_eq!(line_of(&format!("\n1\n{root}\n")), 1);
    assert_eq!(line_of(&format!("o\n01\n{root}\n")), 2);
    assert_eq!(line_of("o\n1\nAAAA\n"), 3);
    assert_eq!(line_of(&format!("o\n1\n{root}\nextension\n")), 4);
}

#[test]
fn keys_are_checked_against_their_id() {
    let vkey = sample::log_key().verifier().to_string();
    assert_eq!(NamedKey::parse(&vkey).unwrap().to_string(), vkey);
    let other = vkey.replacen("test", "tess", 1);
    assert_eq!(
        NamedKey::parse(&other),
        Err(KeyError::Id("ledger.example/tess".to_owned()))
    );
    // The identity point has small order: everybody could sign for it.
    let mut identity = [0; 32];
    identity[0] = 1;
    assert!(matches!(
        NamedKey::try_new("n", KeyKind::Cosigner, &identity),
        Err(KeyError::Weak(_))
    ));
}

#[test]
fn cosignatures_bind_time_body_and_key() {
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 3,
        root: [7; 32],
    };
    let note = sample::note(&checkpoint, &[0, 2]);
    let keys = sample::authority_keys();
    let verify =
        |note: &Note, key: usize| cosignature::verify_cosignature(note, keys[key].verifier());
    assert_eq!(verify(&note, 0), Ok(sample::SIGNED_SECS));
    assert_eq!(verify(&note, 2), Ok(sample::SIGNED_SECS + 2));
    assert!(matches!(verify(&note, 1), Err(SignatureError::Absent(_))));
    let mut later = note.clone();
    later.signatures[1].signature[7] ^= 1;
    assert!(matches!(verify(&later, 0), Err(SignatureError::Invalid(_))));
    let mut short = note.clone();
    short.signatures[1].signature.pop();
    assert!(matches!(
        verify(&short, 0),
        Err(SignatureError::Length(_, 71))
    ));
    let mut twice = note.clone();
    twice.signatures.push(note.signatures[1].clone());
    assert!(matches!(verify(&twice, 0), Err(SignatureError::Twice(_))));
    // A signature of an unknown key is ignored, even under a known name.
    let mut unknown = note.clone();
    let mut line = note.signatures[1].clone();
    line.key_id = [0; 4];
    unknown.signatures.push(line);
    assert_eq!(verify(&unknown, 0), Ok(sample::SIGNED_SECS));
}

#[test]
fn proofs_round_trip_and_refuse() {
    let mut proof = sample::parts(&[0, 1, 2]).proof;
    assert_eq!(TlogProof::parse(&proof.to_string()), Ok(proof.clone()));
    proof.extra = Some(b"anything".to_vec());
    let text = proof.to_string();
    assert_eq!(TlogProof::parse(&text), Ok(proof));
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 5", "index 05"),
        ("index 5\n", ""),
        ("extra ", "extra  "),
        ("\n\nledger", "\nledger"),
        ("index 5\n", "index 5\nAAAA\n"),
    ] {
        assert!(
            TlogProof::parse(&text.replacen(from, to, 1)).is_err(),
            "{from:?} → {to:?}"
        );
    }
}

/// The two-level policy that C2SP tlog-policy prints, with real keys.
#[test]
fn nested_policies_are_read_and_applied() {
    let keys: Vec<_> = sample::authority_keys()
        .iter()
        .map(|k| k.verifier().to_string())
        .collect();
    let log = sample::log_key().verifier().to_string();
    let [x1, x2, y1, y2] = &keys[..] else {
        panic!()
    };
    let text = format!(
        "# who may sign\nlog {log} https://log.example/\n\n\twitness X1 {x1}\nwitness X2  {x2}\n\
         witness Y1 {y1}\nwitness Y2 {y2}\ngroup X all X1 X2\ngroup Y any Y1 Y2\n\
         group both 2 X Y \nquorum both\n"
    );
    let policy = Policy::parse(&text).unwrap();
    assert_eq!(policy.quorum_size(), (3, 4));
    assert_eq!(Policy::parse(&policy.to_string()), Ok(policy.clone()));
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 3,
        root: [7; 32],
    };
    let accepts = |signers: &[usize]| {
        policy
            .evaluate(&sample::note(&checkpoint, signers))
            .unwrap()
            .accepted()
    };
    assert!(accepts(&[0, 1, 3]));
    assert!(accepts(&[0, 1, 2, 3]));
    assert!(!accepts(&[0, 2, 3]));
    assert!(!accepts(&[0, 1]));
    let mut bad = sample::note(&checkpoint, &[0, 1, 2, 3]);
    bad.signatures[4].signature[20] ^= 1;
    let evaluation = policy.evaluate(&bad).unwrap();
    assert!(evaluation.quorum_reached && !evaluation.accepted());
    let foreign = Checkpoint {
        origin: "other.example".to_owned(),
        ..checkpoint
    };
    assert_eq!(
        policy
            .evaluate(&sample::note(&foreign, &[0, 1, 2]))
            .unwrap()
            .log,
        None
    );
}

#[test]
fn damaged_policies_are_refused_with_their_line() {
    let good = sample::policy().to_string();
    let refused = |from: &str, to: &str| {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        Policy::parse(&text).unwrap_err().to_string()
    };
    assert!(refused("authorities 3 ", "authorities 5 ").starts_with("line 6:"));
    assert!(refused("authorities 3 ", "authorities 0 ").starts_with("line 6:"));
    assert!(refused(" notary internet-court", " notary notary").contains("second time"));
    assert!(refused("quorum authorities", "quorum nobody").contains("not defined above"));
    assert!(refused("quorum authorities\n", "").contains("no `quorum`"));
    assert!(
        refused("quorum authorities\n", "quorum none\nquorum none\n").contains("second quorum")
    );
    assert!(refused("witness notary", "witness none").contains("taken"));
    assert!(refused("witness notary", "witness copyright-office").contains("taken"));
    assert!(refused("log ", "log\u{b}").contains("control"));
    assert!(refused("log ", "lag ").starts_with("line 1:"));
    let log = sample::log_key().verifier().to_string();
    let twice = format!("log {log}\n{good}");
    assert!(
        Policy::parse(&twice)
            .unwrap_err()
            .to_string()
            .contains("stands above")
    );
    let kind = good.replacen(
        "witness notary ",
        &format!("witness other {log}\nwitness notary "),
        1,
    );
    assert!(
        Policy::parse(&kind)
            .unwrap_err()
            .to_string()
            .contains("wrong signature type")
    );
}
