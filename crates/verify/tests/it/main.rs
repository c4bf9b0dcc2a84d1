//! The checker as people run it: exit codes, both languages, JSON, and the stock-tool guide.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use backlot_facts::UtcMicros;
use backlot_register::note::KeyKind;
use backlot_register::{
    Act, AuthorityCard, AuthorityList, Checkpoint, Claim, ClaimFile, EvidenceParts, NoteSigner,
    Party, Policy, Title, TlogProof, Tree, build_package, cosignature, leaf_hash,
};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const ORIGIN: &str = "ledger.example/verify";
const IDS: [&str; 4] = [
    "copyright-office",
    "notary",
    "internet-court",
    "forensic-centre",
];

fn claim_of(original: &Path) -> Claim {
    let digests = backlot_verify::digest_file(original).unwrap();
    let title = Title {
        zh: "独舞".to_owned(),
        en: "Solo".to_owned(),
    };
    let author = Party {
        name: "W".to_owned(),
        organisation: String::new(),
    };
    let mut claim = Claim::new(Act::WorkRegistered, title, author, UtcMicros::from_secs(1));
    claim.files.push(ClaimFile {
        blake3: digests.blake3,
        bytes: digests.bytes,
        kind: "master".to_owned(),
        name: digests.name,
        sha256: digests.sha256,
        sm3: digests.sm3,
    });
    claim
}

/// A package for `original`, at `index` of `size`, in `folder/work.evidence.zip`.
fn package(folder: &Path, original: &Path, size: u64, index: u64) -> EvidenceParts {
    let claim = claim_of(original);
    let mut tree = Tree::default();
    for number in 0..size {
        let filler = leaf_hash(&number.to_be_bytes());
        let own = leaf_hash(&claim.to_bytes().unwrap());
        tree.append(if number == index { own } else { filler });
    }
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: tree.root(),
    };
    let log = NoteSigner::from_seed(ORIGIN, KeyKind::Log, &[1; 32]).unwrap();
    let mut signatures = vec![cosignature::sign_as_log(&checkpoint, &log)];
    let (mut keys, mut cards) = (Vec::new(), Vec::new());
    for (number, id) in (2..).zip(IDS) {
        let name = format!("{ORIGIN}/{id}");
        let key = NoteSigner::from_seed(&name, KeyKind::Cosigner, &[number; 32]).unwrap();
        let vkey = key.verifier().to_string();
        let (id, name_en, name_zh) = (id.to_owned(), format!("The {id}"), format!("机构{id}"));
        cards.push(AuthorityCard {
            id: id.clone(),
            name_en,
            name_zh,
            vkey,
        });
        keys.push((id, key.verifier().clone()));
        if number != 3 {
            signatures.push(cosignature::cosign(&checkpoint, 1_795_228_020, &key));
        }
    }
    let note = backlot_register::Note {
        text: checkpoint.body(),
        signatures,
    };
    let hashes = tree.inclusion_proof(index, size).unwrap();
    let parts = EvidenceParts {
        claim,
        proof: TlogProof {
            extra: None,
            index,
            hashes,
            note,
        },
        policy: Policy::threshold(log.verifier().clone(), keys, 3),
        authorities: AuthorityList::new(cards),
    };
    fs::write(
        folder.join("work.evidence.zip"),
        build_package(&parts).unwrap(),
    )
    .unwrap();
    parts
}

struct Desk {
    folder: tempfile::TempDir,
    parts: EvidenceParts,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("master.mp4");
        let bytes: Vec<u8> = (0..3_000_000_u32)
            .map(|n| (n.wrapping_mul(n) >> 7) as u8)
            .collect();
        fs::write(&original, bytes).unwrap();
        let parts = package(folder.path(), &original, 11, 6);
        Self { folder, parts }
    }

    fn path(&self, name: &str) -> OsString {
        self.folder.path().join(name).into_os_string()
    }

    /// Exit code, output, errors.
    fn run(&self, args: &[&str]) -> (u8, String, String) {
        // Words with a dot are files of the folder.
        let file = |arg: &&str| {
            if arg.contains('.') {
                self.path(arg)
            } else {
                OsString::from(arg)
            }
        };
        let args: Vec<OsString> = args.iter().map(file).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = backlot_verify::run(&args, &mut out, &mut err);
        (
            code,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }
}

#[test]
fn a_sound_package_with_its_original_is_proven() {
    let desk = Desk::new();
    fs::write(desk.path("trusted.txt"), desk.parts.policy.to_string()).unwrap();
    let (code, out, err) = desk.run(&[
        "work.evidence.zip",
        "--original",
        "master.mp4",
        "--policy",
        "trusted.txt",
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("PROVEN\n"), "{out}");
    assert!(out.contains("entry 7 of the ledger ledger.example/verify, of 11 when signed"));
    assert!(out.contains("master.mp4 is master.mp4 of the claim"));
    let (code, out, _) = desk.run(&["work.evidence.zip", "--lang", "zh-CN"]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("核验通过\n") && out.contains("登记不等于作者身份"),
        "{out}"
    );
}

#[test]
fn damage_and_foreign_originals_are_refused_with_exit_1() {
    let desk = Desk::new();
    let mut bytes = fs::read(desk.path("work.evidence.zip")).unwrap();
    bytes[100] ^= 1;
    fs::write(desk.path("bad.zip"), bytes).unwrap();
    let (code, out, _) = desk.run(&["bad.zip"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("REFUSED\n  ✗ [package] claim.json: its bytes do not match"),
        "{out}"
    );
    fs::write(desk.path("other.mp4"), b"other").unwrap();
    let (code, out, _) = desk.run(&["work.evidence.zip", "--original", "other.mp4", "--json"]);
    assert_eq!(code, 1);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["is_proven"], false);
    assert_eq!(json["failures"][0]["what"], "original");
    assert_eq!(json["failures"][0]["entry"], "other.mp4");
    // A file of 5 MiB is read no further than it must be.
    fs::write(desk.path("huge.zip"), vec![0; 5 << 20]).unwrap();
    assert_eq!(desk.run(&["huge.zip"]).0, 1);
    fs::write(desk.path("empty.zip"), b"").unwrap();
    assert_eq!(desk.run(&["empty.zip"]).0, 1);
}

#[test]
fn unreadable_files_and_wrong_usage_exit_2() {
    let desk = Desk::new();
    for args in [
        &[][..],
        &["none.zip"],
        &["work.evidence.zip", "two.zip"],
        &["work.evidence.zip", "--original"],
        &["work.evidence.zip", "--original", "none.mp4"],
        &["work.evidence.zip", "--policy", "none.txt"],
        &["work.evidence.zip", "--lang", "fr"],
        &["work.evidence.zip", "--colour"],
    ] {
        let (code, out, err) = desk.run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.starts_with("error: "), "{args:?}: {err}");
    }
    assert_eq!(desk.run(&["--help"]).0, 0);
}

/// SHA-256, SM3 (GB/T 32905 A.1) and BLAKE3 of `abc`.
#[test]
fn digests_are_the_published_ones() {
    let digests = backlot_verify::digest_reader("abc", &mut &b"abc"[..]).unwrap();
    assert_eq!(
        [
            digests.sha256.as_str(),
            digests.sm3.as_str(),
            digests.blake3.as_str()
        ],
        [
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ]
    );
}

/// The commands of VERIFY.md, run as printed, accept the package and refuse changed ones.
#[test]
fn the_guide_works_with_stock_tools() {
    let tools = ["bash", "openssl", "sha256sum", "base64", "od"];
    let found = |tool: &&str| {
        Command::new(tool)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
    };
    if !tools.iter().all(found) {
        println!("skipped: bash, openssl or coreutils are not installed");
        return;
    }
    for (size, index) in [(1, 0), (2, 1), (7, 6), (11, 6), (1_000, 777)] {
        let desk = Desk::new();
        let folder = desk.folder.path();
        package(folder, &folder.join("master.mp4"), size, index);
        let zip = fs::read(folder.join("work.evidence.zip")).unwrap();
        let entries = backlot_register::evidence::ENTRIES;
        let data = backlot_register::zip::read(&zip, &entries).unwrap();
        for (name, data) in entries.iter().zip(data) {
            fs::write(folder.join(name), data).unwrap();
        }
        let guide = fs::read_to_string(folder.join("VERIFY.md")).unwrap();
        let script = guide
            .split("```bash\n")
            .nth(1)
            .unwrap()
            .split("```")
            .next()
            .unwrap();
        let run = || {
            let output = Command::new("bash")
                .args(["-c", script])
                .current_dir(folder)
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            (
                output.status.success(),
                text,
                String::from_utf8_lossy(&output.stderr).into_owned(),
            )
        };
        let (success, out, err) = run();
        assert!(success, "size {size}: {out}\n{err}");
        assert!(out.contains("inclusion: OK"), "{out}");
        assert_eq!(
            out.matches("Verified Successfully").count(),
            4,
            "{out}\n{err}"
        );
        assert!(out.contains("notary: has not signed"), "{out}");
        assert!(
            out.contains("forensic-centre signed at 2026-11-21T02:27:00Z"),
            "{out}"
        );
        // The time is under the signature.
        let proof = fs::read_to_string(folder.join("proof.tlog-proof")).unwrap();
        fs::write(folder.join("SHA256SUMS"), "").unwrap();
        fs::write(
            folder.join("proof.tlog-proof"),
            proof.replacen("AAAAAG", "AAAAAH", 1),
        )
        .unwrap();
        assert!(!run().0, "a changed time was accepted");
    }
}
