//! Packages: the same bytes every time, every damaged byte named, forgeries refused for what they
//! are.

use crate::sample::{self, authorities, claim, original, parts, policy};
use backlot_facts::sha256_hex;
use backlot_register::evidence::{
    AUTHORITIES_ENTRY, CLAIM_ENTRY, ENTRIES, GUIDE_ENTRY, LEAF_ENTRY, POLICY_ENTRY, PROOF_ENTRY,
    SUMS_ENTRY, open_package,
};
use backlot_register::{Lang, Policy, Verdict, build_package, verify, zip};

fn package() -> Vec<u8> {
    build_package(&parts(&[0, 1, 3])).unwrap()
}

fn entries(package: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let data = zip::read(package, &ENTRIES).unwrap();
    ENTRIES
        .into_iter()
        .zip(data.into_iter().map(<[u8]>::to_vec))
        .collect()
}

/// A package with some entries replaced and every checksum made right again.
fn forge(change: impl Fn(&str, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut entries = entries(&package());
    for (name, data) in &mut entries {
        *data = change(name, data);
    }
    let sums: String = entries[..6]
        .iter()
        .map(|(name, data)| format!("{}  {name}\n", sha256_hex(data)))
        .collect();
    entries[6].1 = sums.into_bytes();
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(n, d)| (*n, d.as_slice())).collect();
    zip::write(&entries)
}

fn replace(data: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(data).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn first_failure(verdict: &Verdict) -> (&str, &str) {
    assert!(verdict.proven.is_empty());
    let failure = verdict.failures.first().expect("a refusal");
    (&failure.what, &failure.entry)
}

#[test]
fn a_sound_package_is_proven() {
    let package = package();
    assert_eq!(package, build_package(&parts(&[0, 1, 3])).unwrap());
    println!(
        "package: {} bytes, proof: {}",
        package.len(),
        parts(&[0, 1, 3]).proof.to_string().len()
    );
    let verdict = verify(&package, &[original(&claim(5))], None);
    assert_eq!(verdict.failures, []);
    let codes: Vec<&str> = verdict
        .proven
        .iter()
        .map(|statement| statement.code.as_str())
        .collect();
    let expected = [
        "whole",
        "inclusion",
        "log",
        "quorum",
        "cosigned",
        "cosigned",
        "cosigned",
        "original",
    ];
    assert_eq!(codes, expected);
    assert_eq!(
        (verdict.index, verdict.checkpoint_size, verdict.needed),
        (Some(5), Some(11), 3)
    );
    let times: Vec<Option<i64>> = verdict
        .cosigners
        .iter()
        .map(|c| c.signed_at.map(|at| at.as_secs()))
        .collect();
    let secs = sample::SIGNED_SECS as i64;
    assert_eq!(times, [Some(secs), Some(secs + 1), None, Some(secs + 3)]);
    let (zh, en) = (verdict.text(Lang::Zh), verdict.text(Lang::En));
    assert!(
        zh.contains("机构 notary 于 2026-11-21T02:27:01Z 签名"),
        "{zh}"
    );
    assert!(
        en.contains("3 of 4 authorities signed; the policy needs at least 3."),
        "{en}"
    );
    let limits: Vec<&str> = verdict
        .not_proven
        .iter()
        .map(|limit| limit.code.as_str())
        .collect();
    assert_eq!(
        limits,
        [
            "own-keys",
            "not-authorship",
            "not-truth",
            "clocks",
            "one-domain"
        ]
    );
}

/// Which part each byte belongs to, from the lengths alone.
fn regions(package: &[u8]) -> Vec<(usize, String)> {
    let entries = entries(package);
    let mut regions = Vec::new();
    let mut at = 0;
    for (name, data) in &entries {
        at += 30 + name.len();
        regions.push((at, format!("local header of {name}")));
        at += data.len();
        regions.push((at, (*name).to_owned()));
    }
    for (name, _) in &entries {
        at += 46 + name.len();
        regions.push((at, format!("central directory entry of {name}")));
    }
    regions.push((at + 22, zip::END_RECORD.to_owned()));
    assert_eq!(at + 22, package.len());
    regions
}

/// Every bit of every byte: refused, and the part that holds the byte is named.
#[test]
fn every_flipped_bit_is_refused_and_named() {
    let good = package();
    let mut package = good.clone();
    let mut start = 0;
    for (end, part) in regions(&good) {
        for at in start..end {
            for mask in [0x01, 0x80, 0x20, 0xff] {
                package[at] ^= mask;
                let verdict = verify(&package, &[], None);
                package[at] = good[at];
                let (what, entry) = first_failure(&verdict);
                assert_eq!(
                    (what, entry),
                    ("package", part.as_str()),
                    "byte {at} ^ {mask:#x}"
                );
            }
        }
        start = end;
    }
}

#[test]
fn every_truncation_and_any_addition_is_refused() {
    let good = package();
    for length in 0..good.len() {
        assert_eq!(
            first_failure(&verify(&good[..length], &[], None)).0,
            "package",
            "{length}"
        );
        assert!(
            verify(&good[good.len() - length..], &[], None)
                .proven
                .is_empty(),
            "tail {length}"
        );
    }
    let longer = [&good[..], b"\0"].concat();
    assert_eq!(
        first_failure(&verify(&longer, &[], None)),
        ("package", zip::END_RECORD)
    );
    let detail = open_package(&longer).unwrap_err().detail;
    assert_eq!(detail, "1 bytes follow the end of the archive");
    let before = [b"#!/bin/sh\n", &good[..]].concat();
    assert!(open_package(&before).is_err());
    let twice = [&good[..], &good[..]].concat();
    assert!(open_package(&twice).is_err());
}

#[test]
fn other_archives_are_refused() {
    let good = entries(&package());
    let refused = |entries: &[(&str, &[u8])]| open_package(&zip::write(entries)).unwrap_err();
    let all: Vec<(&str, &[u8])> = good.iter().map(|(n, d)| (*n, d.as_slice())).collect();
    assert!(open_package(&zip::write(&all)).is_ok());
    for (left, right) in [(0, 1), (2, 6), (4, 5)] {
        let mut swapped = all.clone();
        swapped.swap(left, right);
        refused(&swapped);
    }
    let with = |name| {
        let mut more = all.clone();
        more[5] = (name, more[5].1);
        more
    };
    for name in ["../../etc/passwd", "VERIFY.MD", "/VERIFY.md", "claim.json"] {
        refused(&with(name));
    }
    let extra: Vec<_> = all
        .iter()
        .copied()
        .chain([("extra.txt", &b"x"[..])])
        .collect();
    assert_eq!(refused(&extra).entry, zip::END_RECORD);
    let duplicate: Vec<_> = all.iter().copied().chain([all[0]]).collect();
    refused(&duplicate);
    refused(&all[..6]);
    refused(&[]);
    let mut huge = all.clone();
    let zeros = vec![0; 5 << 20];
    huge[1].1 = &zeros;
    assert_eq!(refused(&huge).entry, "package");
}

/// The lengths in the headers lie, up to 4 GiB: refused before anything is allocated.
#[test]
fn lying_sizes_are_refused() {
    let good = package();
    let central = good.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    for size in [0_u32, 1, 0x7fff_ffff, u32::MAX] {
        let mut lying = good.clone();
        for at in [central + 20, central + 24] {
            lying[at..at + 4].copy_from_slice(&size.to_le_bytes());
        }
        let error = open_package(&lying).unwrap_err();
        assert!(error.entry.contains("central directory entry"), "{error}");
    }
}

#[test]
fn forged_contents_with_right_checksums_are_refused() {
    let change_claim = |_: &str, data: &[u8]| replace(data, "独舞", "群舞");
    let forged = forge(|name, data| match name {
        CLAIM_ENTRY | LEAF_ENTRY => change_claim(name, data),
        _ => data.to_vec(),
    });
    assert_eq!(
        first_failure(&verify(&forged, &[], None)),
        ("inclusion", PROOF_ENTRY)
    );

    let check = |entry: &'static str, from: &str, to: &str, what: &str, blamed: &str| {
        let forged = forge(|name, data| {
            if name == entry {
                replace(data, from, to)
            } else {
                data.to_vec()
            }
        });
        let verdict = verify(&forged, &[], None);
        assert_eq!(first_failure(&verdict), (what, blamed), "{from} → {to}");
    };
    check(CLAIM_ENTRY, "独舞", "群舞", "package", LEAF_ENTRY);
    check(LEAF_ENTRY, "独舞", "群舞", "package", LEAF_ENTRY);
    check(PROOF_ENTRY, "index 5", "index 4", "inclusion", PROOF_ENTRY);
    check(PROOF_ENTRY, "\n11\n", "\n12\n", "cosignature", PROOF_ENTRY);
    check(
        PROOF_ENTRY,
        "\nledger.example/test\n",
        "\nledger.example/tess\n",
        "cosignature",
        PROOF_ENTRY,
    );
    check(
        POLICY_ENTRY,
        "authorities 3 ",
        "authorities 4 ",
        "quorum",
        PROOF_ENTRY,
    );
    check(
        POLICY_ENTRY,
        "quorum authorities\n",
        "quorum authorities",
        "package",
        POLICY_ENTRY,
    );
    check(
        AUTHORITIES_ENTRY,
        "\"notary\"",
        "\"Notary\"",
        "package",
        AUTHORITIES_ENTRY,
    );
    check(GUIDE_ENTRY, "sha256sum", "sha1sum", "package", GUIDE_ENTRY);
}

#[test]
fn a_wrong_manifest_is_named() {
    let mut entries = entries(&package());
    entries[6].1 = replace(&entries[6].1, "  VERIFY.md", "  VERIFY.mx");
    let write = |entries: &[(&str, Vec<u8>)]| {
        let all: Vec<(&str, &[u8])> = entries.iter().map(|(n, d)| (*n, d.as_slice())).collect();
        open_package(&zip::write(&all)).unwrap_err().entry
    };
    assert_eq!(write(&entries), SUMS_ENTRY);
    let mut entries = self::entries(&package());
    entries[2].1.push(b'\n');
    assert_eq!(write(&entries), PROOF_ENTRY);
}

#[test]
fn two_signatures_do_not_make_three() {
    let verdict = verify(&build_package(&parts(&[1, 2])).unwrap(), &[], None);
    assert_eq!(first_failure(&verdict), ("quorum", PROOF_ENTRY));
    assert_eq!(
        verdict.failures[0].detail,
        "2 of 4 known authorities signed, 3 are needed"
    );
}

#[test]
fn an_external_policy_decides() {
    let package = package();
    let own = policy().to_string();
    let verdict = verify(&package, &[], Some(&own));
    assert!(verdict.is_proven());
    assert!(
        verdict
            .not_proven
            .iter()
            .any(|limit| limit.code == "policy-given")
    );
    let all_four = own.replace("authorities 3 ", "authorities 4 ");
    let verdict = verify(&package, &[], Some(&all_four));
    assert_eq!(first_failure(&verdict).0, "quorum");
    let no_log: String = own
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(
        first_failure(&verify(&package, &[], Some(&no_log))).0,
        "log-signature"
    );
    assert_eq!(
        first_failure(&verify(&package, &[], Some("quorum\n"))).0,
        "policy"
    );

    // A self-made ledger is whole in itself, and refused by the policy one trusts.
    let mut fake = parts(&[0, 1, 2]);
    let rogue = backlot_register::NoteSigner::from_seed(
        "ledger.example/test/notary",
        backlot_register::note::KeyKind::Cosigner,
        &[99; 32],
    )
    .unwrap();
    let checkpoint = backlot_register::Checkpoint::parse(&fake.proof.note.text).unwrap();
    fake.policy = Policy::threshold(
        sample::log_key().verifier().clone(),
        vec![("notary".to_owned(), rogue.verifier().clone())],
        1,
    );
    let mut cards = authorities();
    cards.authorities.retain(|card| card.id == "notary");
    cards.authorities[0].vkey = rogue.verifier().to_string();
    fake.authorities = cards;
    fake.proof.note = sample::note(&checkpoint, &[]);
    let line = backlot_register::cosignature::cosign(&checkpoint, 1, &rogue);
    fake.proof.note.signatures.push(line);
    let package = build_package(&fake).unwrap();
    assert!(verify(&package, &[], None).is_proven());
    assert_eq!(
        first_failure(&verify(&package, &[], Some(&own))).0,
        "quorum"
    );
}

#[test]
fn originals_must_match_in_all_three_digests_and_length() {
    let package = package();
    let mut wrong = original(&claim(5));
    wrong.sha256 = sha256_hex(b"other");
    assert_eq!(
        first_failure(&verify(&package, &[wrong], None)),
        ("original", "mine.glb")
    );
    let right = original(&claim(5));
    for change in [0, 1, 2] {
        let mut wrong = right.clone();
        match change {
            0 => wrong.sm3 = sha256_hex(b"other"),
            1 => wrong.blake3 = sha256_hex(b"other"),
            _ => wrong.bytes += 1,
        }
        assert_eq!(
            first_failure(&verify(&package, &[right.clone(), wrong], None)).0,
            "original"
        );
    }
}

#[test]
fn parts_that_do_not_fit_are_not_packed() {
    let mut wrong = parts(&[0, 1, 2]);
    wrong.authorities.authorities.swap(0, 1);
    assert_eq!(build_package(&wrong).unwrap_err().entry, AUTHORITIES_ENTRY);
    let mut wrong = parts(&[0, 1, 2]);
    wrong.claim.files[0].name.clear();
    assert_eq!(build_package(&wrong).unwrap_err().entry, CLAIM_ENTRY);
}
