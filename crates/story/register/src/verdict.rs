//! Verdicts: what a package proves, what it does not prove, and what is wrong with it.
//!
//! Order of checks: the package is whole → the leaf is in the signed tree → the log signed → the
//! quorum of the policy cosigned → each original given is a file of the claim. A verdict without
//! failures is *proven*; any failure refuses the package. Nothing is inferred beyond the checks:
//! every verdict carries the standing limits (authorship, clocks, truth before registration).

use crate::authorities::AuthorityList;
use crate::claim::{Act, Claim, ClaimFile, Title};
use crate::code::EvidenceCode;
use crate::evidence::{EvidenceParts, POLICY_ENTRY, PROOF_ENTRY, Package, open_package};
use crate::merkle::verify_inclusion;
use crate::note::Checkpoint;
use crate::policy::{Evaluation, Policy, WitnessOutcome};
use backlot_facts::{Sha256Hex, UtcMicros};
use serde::{Deserialize, Serialize};

/// The language of a printed verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

/// The digests of a file somebody holds against the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalDigests {
    /// How messages call it.
    pub name: String,
    pub bytes: u64,
    pub sha256: Sha256Hex,
    pub sm3: Sha256Hex,
    pub blake3: Sha256Hex,
}

/// One sentence in both languages under a stable code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// `inclusion`, `quorum`, `cosigned`, `original`, …
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// One reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// `package`, `inclusion`, `log-signature`, `cosignature`, `quorum`, `policy`, `original`.
    pub what: String,
    /// The entry of the package, the zip part, or the original, that is at fault.
    pub entry: String,
    pub detail: String,
}

/// One authority and whether it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cosigner {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub key_name: String,
    /// `None` = this authority has not validly signed.
    pub signed_at: Option<UtcMicros>,
}

/// The outcome of [`verify`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verdict {
    pub code: Option<EvidenceCode>,
    pub claim: Option<Claim>,
    /// Zero-based place in the ledger.
    pub index: Option<u64>,
    pub checkpoint_origin: Option<String>,
    pub checkpoint_size: Option<u64>,
    /// In the order of the policy.
    pub cosigners: Vec<Cosigner>,
    /// Cosignatures the policy needs at least.
    pub needed: usize,
    pub proven: Vec<Statement>,
    pub not_proven: Vec<Statement>,
    pub failures: Vec<Failure>,
}

impl Verdict {
    pub const fn is_proven(&self) -> bool {
        self.failures.is_empty()
    }

    fn prove(&mut self, code: &str, zh: String, en: String) {
        self.proven.push(Statement {
            code: code.to_owned(),
            zh,
            en,
        });
    }

    fn limit(&mut self, code: &str, zh: &str, en: &str) {
        let (zh, en) = (zh.to_owned(), en.to_owned());
        self.not_proven.push(Statement {
            code: code.to_owned(),
            zh,
            en,
        });
    }

    fn fail(&mut self, what: &str, entry: &str, detail: String) {
        self.failures.push(Failure {
            what: what.to_owned(),
            entry: entry.to_owned(),
            detail,
        });
    }
}

/// Checks a package, offline and without side effects. `external_policy` is the text of a policy
/// from a source the reader trusts; without it the keys of the package vouch for themselves.
pub fn verify(
    package: &[u8],
    originals: &[OriginalDigests],
    external_policy: Option<&str>,
) -> Verdict {
    let mut verdict = Verdict::default();
    match open_package(package) {
        Ok(package) => judge(&mut verdict, &package, originals, external_policy),
        Err(error) => verdict.fail("package", &error.entry, error.detail),
    }
    // What failed as a whole proves nothing, whichever parts held.
    if !verdict.is_proven() {
        verdict.proven.clear();
    }
    verdict
}

fn judge(
    verdict: &mut Verdict,
    package: &Package,
    originals: &[OriginalDigests],
    external_policy: Option<&str>,
) {
    let parts = &package.parts;
    verdict.code = Some(EvidenceCode::of_leaf(&package.leaf_hash));
    verdict.claim = Some(parts.claim.clone());
    prove_whole(verdict);
    prove_inclusion(verdict, package);
    let policy = match external_policy.map(Policy::parse) {
        None => Some(parts.policy.clone()),
        Some(Ok(policy)) => Some(policy),
        Some(Err(error)) => {
            verdict.fail("policy", "the policy given", error.to_string());
            None
        }
    };
    if let Some(policy) = policy {
        prove_signatures(verdict, parts, &policy, external_policy.is_some());
    }
    for original in originals {
        prove_original(verdict, &parts.claim, original);
    }
    state_limits(verdict, originals.is_empty(), external_policy.is_some());
}

fn prove_whole(verdict: &mut Verdict) {
    verdict.prove(
        "whole",
        "证据包完整：每个条目、每个字节都与其摘要一致。".to_owned(),
        "The package is whole: every entry and every byte is as it was written.".to_owned(),
    );
}

fn prove_inclusion(verdict: &mut Verdict, package: &Package) {
    let proof = &package.parts.proof;
    let checkpoint = match Checkpoint::parse(&proof.note.text) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return verdict.fail("inclusion", PROOF_ENTRY, error.to_string()),
    };
    verdict.index = Some(proof.index);
    verdict.checkpoint_origin = Some(checkpoint.origin.clone());
    verdict.checkpoint_size = Some(checkpoint.size);
    let Checkpoint { origin, size, root } = &checkpoint;
    let outcome = verify_inclusion(&package.leaf_hash, proof.index, *size, &proof.hashes, root);
    if let Err(error) = outcome {
        return verdict.fail("inclusion", PROOF_ENTRY, error.to_string());
    }
    let number = proof.index + 1;
    verdict.prove(
        "inclusion",
        format!("声明是账本 {origin} 的第 {number} 条记录（签名时共 {size} 条）。"),
        format!("The claim is entry {number} of the ledger {origin}, of {size} when signed."),
    );
}

fn prove_signatures(verdict: &mut Verdict, parts: &EvidenceParts, policy: &Policy, external: bool) {
    let evaluation = match policy.evaluate(&parts.proof.note) {
        Ok(evaluation) => evaluation,
        Err(error) => return verdict.fail("quorum", PROOF_ENTRY, error.to_string()),
    };
    let (needed, known) = policy.quorum_size();
    verdict.needed = needed;
    let cosigners = evaluation.witnesses.iter();
    verdict.cosigners = cosigners
        .map(|outcome| cosigner(outcome, &parts.authorities, policy))
        .collect();
    for bad in &evaluation.bad_signatures {
        verdict.fail("cosignature", PROOF_ENTRY, bad.to_string());
    }
    prove_log(verdict, &evaluation, external);
    let signed = verdict
        .cosigners
        .iter()
        .filter(|c| c.signed_at.is_some())
        .count();
    if !evaluation.quorum_reached {
        let detail = format!("{signed} of {known} known authorities signed, {needed} are needed");
        return verdict.fail("quorum", PROOF_ENTRY, detail);
    }
    verdict.prove(
        "quorum",
        format!("{known} 家机构中有 {signed} 家联署，规定至少 {needed} 家。"),
        format!("{signed} of {known} authorities signed; the policy needs at least {needed}."),
    );
    for cosigner in verdict.cosigners.clone() {
        let Some(signed_at) = cosigner.signed_at else {
            continue;
        };
        let time = signed_at.to_rfc3339();
        let Cosigner {
            name_zh,
            name_en,
            key_name,
            ..
        } = cosigner;
        verdict.prove(
            "cosigned",
            format!("{name_zh} 于 {time} 签名（{key_name}）。"),
            format!("{name_en} signed at {time} ({key_name})."),
        );
    }
}

fn prove_log(verdict: &mut Verdict, evaluation: &Evaluation, external: bool) {
    let Some(log) = &evaluation.log else {
        let whose = if external {
            "the policy given"
        } else {
            POLICY_ENTRY
        };
        let detail = format!("no log key of {whose} has signed this checkpoint");
        return verdict.fail("log-signature", PROOF_ENTRY, detail);
    };
    verdict.prove(
        "log",
        format!("账本 {log} 自己的签名有效。"),
        format!("The signature of the ledger {log} itself holds."),
    );
}

/// Names come from the package only for keys that are the same in the policy that is applied.
fn cosigner(outcome: &WitnessOutcome, list: &AuthorityList, policy: &Policy) -> Cosigner {
    let vkey = policy
        .witnesses
        .iter()
        .find(|witness| witness.name == outcome.name);
    let vkey = vkey.map(|witness| witness.key.to_string());
    let card = list
        .authorities
        .iter()
        .find(|card| Some(&card.vkey) == vkey.as_ref());
    let name = |named: Option<&String>| named.unwrap_or(&outcome.name).clone();
    Cosigner {
        id: outcome.name.clone(),
        name_zh: name(card.map(|card| &card.name_zh)),
        name_en: name(card.map(|card| &card.name_en)),
        key_name: outcome.key_name.clone(),
        signed_at: outcome.result.as_ref().ok().and_then(|secs| micros(*secs)),
    }
}

fn micros(unix_secs: u64) -> Option<UtcMicros> {
    i64::try_from(unix_secs)
        .ok()?
        .checked_mul(1_000_000)
        .map(UtcMicros)
}

fn prove_original(verdict: &mut Verdict, claim: &Claim, original: &OriginalDigests) {
    let name = &original.name;
    let Some(file) = claim
        .files
        .iter()
        .find(|file| file.sha256 == original.sha256)
    else {
        let detail = format!("is none of the {} files of the claim", claim.files.len());
        return verdict.fail("original", name, detail);
    };
    let same =
        file.sm3 == original.sm3 && file.blake3 == original.blake3 && file.bytes == original.bytes;
    if !same {
        let detail = "has the SHA-256 of a file of the claim, but not its SM3, BLAKE3 or length";
        return verdict.fail("original", name, detail.to_owned());
    }
    let ClaimFile {
        name: claimed,
        bytes,
        ..
    } = file;
    verdict.prove(
        "original",
        format!("文件 {name} 就是声明中的 {claimed}：SHA-256、SM3、BLAKE3 与 {bytes} 字节均一致。"),
        format!("{name} is {claimed} of the claim: SHA-256, SM3, BLAKE3 and {bytes} bytes agree."),
    );
}

fn state_limits(verdict: &mut Verdict, without_original: bool, external: bool) {
    if without_original {
        verdict.limit(
            "no-original",
            "未提供原件，未核对任何文件；请用 --original 指定。",
            "No original was given, so no file was compared; give one with --original.",
        );
    }
    if external {
        verdict.limit(
            "policy-given",
            "所用公钥来自您提供的策略文件；其可信程度取决于该文件的来源。",
            "The keys are those of the policy you gave; they are as good as where it came from.",
        );
    } else {
        verdict.limit(
            "own-keys",
            "公钥来自证据包本身：在与机构另行公布的公钥核对（--policy）之前，不能证明签名者的身份。",
            "The keys come from the package itself: until compared with keys the authorities \
             publish elsewhere (--policy), it is not proven who the signers are.",
        );
    }
    verdict.limit(
        "not-authorship",
        "登记不等于作者身份或权属：只证明所列时间该声明已经存在。",
        "Registration is not authorship or ownership: only that the claim existed at those times.",
    );
    verdict.limit(
        "not-truth",
        "不证明登记之前内容的真实性，也不证明声明所述属实。",
        "Not that the content was true before it was registered, nor that the claim is true.",
    );
    verdict.limit(
        "clocks",
        "时间只与各机构自己的时钟一样可靠。",
        "Times are as good as the authorities' own clocks.",
    );
    verdict.limit(
        "one-domain",
        "若各机构的密钥由同一方保管，则它们只构成一个信任主体。",
        "Authorities whose keys are kept by one party are one trust domain.",
    );
}

impl Verdict {
    /// Plain text for a terminal or a page, one statement per line.
    pub fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let pick =
            |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
        let mut lines = Vec::new();
        lines.push(if self.is_proven() {
            pick("核验通过", "PROVEN").to_owned()
        } else {
            pick("核验不通过", "REFUSED").to_owned()
        });
        if let (Some(code), Some(claim)) = (&self.code, &self.claim) {
            let act = Act::name(claim.act, zh);
            let title = title(&claim.title, zh);
            lines.push(format!(
                "{}  {code}  {act}  {title}",
                pick("证据编号", "evidence")
            ));
        }
        for failure in &self.failures {
            let Failure {
                what,
                entry,
                detail,
            } = failure;
            let reason = if zh { failure_zh(what) } else { what };
            lines.push(format!("  ✗ [{reason}] {entry}: {detail}"));
        }
        let list = |heading: &str, mark: &str, statements: &[Statement]| {
            let sentences = statements.iter().map(|s| if zh { &s.zh } else { &s.en });
            let sentences = sentences.map(|sentence| format!("  {mark} {sentence}"));
            std::iter::once(heading.to_owned())
                .chain(sentences)
                .collect::<Vec<_>>()
        };
        if !self.proven.is_empty() {
            lines.extend(list(pick("证明了：", "It proves:"), "✓", &self.proven));
        }
        if !self.not_proven.is_empty() {
            lines.extend(list(
                pick("没有证明：", "It does not prove:"),
                "·",
                &self.not_proven,
            ));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn title(title: &Title, zh: bool) -> &str {
    let (first, second) = if zh {
        (&title.zh, &title.en)
    } else {
        (&title.en, &title.zh)
    };
    if first.is_empty() { second } else { first }
}

fn failure_zh(what: &str) -> &str {
    match what {
        "package" => "证据包已损坏或被改动",
        "inclusion" => "记录不在已签名的账本中",
        "log-signature" => "账本签名无效",
        "cosignature" => "机构签名无效",
        "quorum" => "联署机构不足",
        "policy" => "策略文件无法读取",
        "original" => "原件与声明不符",
        other => other,
    }
}
