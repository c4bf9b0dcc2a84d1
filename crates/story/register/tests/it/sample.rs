//! A real ledger in memory with fixed keys, and packages made from it.

use backlot_facts::{UtcMicros, sha256_hex};
use backlot_register::note::KeyKind;
use backlot_register::{
    Act, AuthorityCard, AuthorityList, CaptureRecord, Checkpoint, Claim, ClaimFile, EvidenceParts,
    FrameRate, Note, NoteSigner, OriginalDigests, Party, Policy, Title, TlogProof, Tree,
    cosignature, leaf_hash,
};

pub const ORIGIN: &str = "ledger.example/test";
pub const SIGNED_SECS: u64 = 1_795_228_020;
pub const IDS: [&str; 4] = [
    "copyright-office",
    "notary",
    "internet-court",
    "forensic-centre",
];

pub fn claim(number: u64) -> Claim {
    let title = Title {
        zh: format!("独舞第{number}号"),
        en: format!("Solo dance no. {number}"),
    };
    let author = Party {
        name: "王小明".to_owned(),
        organisation: "Studio \"A\" & 合伙".to_owned(),
    };
    let mut claim = Claim::new(
        Act::WorkRegistered,
        title,
        author,
        UtcMicros(1_795_228_000_123_456),
    );
    let digest = |role: &str| sha256_hex(format!("{role} {number}").as_bytes());
    claim.files.push(ClaimFile {
        blake3: digest("blake3"),
        bytes: 1_000 + number,
        kind: "clip".to_owned(),
        name: "clip.glb".to_owned(),
        sha256: digest("sha256"),
        sm3: digest("sm3"),
    });
    claim.capture = Some(CaptureRecord {
        frame_rate: FrameRate {
            numerator: 30_000,
            denominator: 1_001,
        },
        frames: 4_711,
        source_format: "c3d".to_owned(),
        tool: "backlot 0.1.0".to_owned(),
    });
    claim
        .details
        .insert("territories".to_owned(), "CN JP".to_owned());
    claim
}

pub fn original(claim: &Claim) -> OriginalDigests {
    let file = &claim.files[0];
    OriginalDigests {
        name: "mine.glb".to_owned(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        sm3: file.sm3.clone(),
        blake3: file.blake3.clone(),
    }
}

pub fn log_key() -> NoteSigner {
    NoteSigner::from_seed(ORIGIN, KeyKind::Log, &[1; 32]).unwrap()
}

pub fn authority_keys() -> Vec<NoteSigner> {
    let key = |(number, id): (u8, &&str)| {
        NoteSigner::from_seed(&format!("{ORIGIN}/{id}"), KeyKind::Cosigner, &[number; 32]).unwrap()
    };
    (2..).zip(&IDS).map(key).collect()
}

pub fn policy() -> Policy {
    let keys = authority_keys();
    let keys = IDS
        .iter()
        .zip(&keys)
        .map(|(id, key)| ((*id).to_owned(), key.verifier().clone()));
    Policy::threshold(log_key().verifier().clone(), keys.collect(), 3)
}

pub fn authorities() -> AuthorityList {
    let cards = IDS
        .iter()
        .zip(authority_keys())
        .map(|(id, key)| AuthorityCard {
            id: (*id).to_owned(),
            name_en: format!("The {id}"),
            name_zh: format!("机构 {id}"),
            vkey: key.verifier().to_string(),
        });
    AuthorityList::new(cards.collect())
}

/// `signers`: which of the four cosign.
pub fn note(checkpoint: &Checkpoint, signers: &[usize]) -> Note {
    let keys = authority_keys();
    let mut signatures = vec![cosignature::sign_as_log(checkpoint, &log_key())];
    for signer in signers {
        let secs = SIGNED_SECS + *signer as u64;
        signatures.push(cosignature::cosign(checkpoint, secs, &keys[*signer]));
    }
    Note {
        text: checkpoint.body(),
        signatures,
    }
}

pub fn tree(size: u64) -> Tree {
    let mut tree = Tree::default();
    for number in 0..size {
        tree.append(leaf_hash(&claim(number).to_bytes().unwrap()));
    }
    tree
}

/// Entry 5 of 11, signed by these authorities.
pub fn parts(signers: &[usize]) -> EvidenceParts {
    let tree = tree(11);
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 11,
        root: tree.root(),
    };
    let proof = TlogProof {
        extra: None,
        index: 5,
        hashes: tree.inclusion_proof(5, 11).unwrap(),
        note: note(&checkpoint, signers),
    };
    EvidenceParts {
        claim: claim(5),
        proof,
        policy: policy(),
        authorities: authorities(),
    }
}
