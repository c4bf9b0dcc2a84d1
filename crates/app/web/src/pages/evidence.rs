//! `/v/{code}`: a registration anybody can look up and print, without an account or JavaScript.
//!
//! The stored package is verified for every visit, so the page never says more than the package
//! proves at that moment.

use super::html::{self, escape};
use crate::WebState;
use crate::endpoints::evidence::{package_of, verdict_of};
use crate::extract::Params;
use crate::problem::{Answer, Raised};
use crate::views::{Verdict, VerdictLine};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, Response};
use backlot_flows::evidence;
use backlot_ports::records::Evidence;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct LangParams {
    lang: Option<String>,
}

pub async fn package(State(state): State<WebState>, Path(code): Path<String>) -> Answer<Response> {
    let row = evidence::by_code(&state.house, &code).await?;
    package_of(&state, &row).await
}

pub async fn page(
    State(state): State<WebState>,
    Path(code): Path<String>,
    Params(params): Params<LangParams>,
    headers: HeaderMap,
) -> Answer<Html<String>> {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let zh = html::wants_chinese(params.lang.as_deref(), accepted);
    let row = evidence::by_code(&state.house, &code).await?;
    let verdict = verdict_of(&state, &row).await?;
    let url = format!(
        "{}/v/{}",
        state.house.settings.public_url.trim_end_matches('/'),
        row.code
    );
    let qr = QrCode::new(url.as_bytes()).map_err(|error| Raised::inside(&error))?;
    let drawing = qr
        .render::<svg::Color<'_>>()
        .min_dimensions(160, 160)
        .build();
    let drawing = drawing
        .find("<svg")
        .map_or("", |start| &drawing[start..])
        .to_owned();
    Ok(Html(render(zh, &row, &verdict, &url, &drawing)))
}

/// The words of one language.
#[derive(Clone, Copy)]
struct Words {
    zh: bool,
}

impl Words {
    fn say<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        if self.zh { chinese } else { english }
    }
}

fn render(zh: bool, row: &Evidence, verdict: &Verdict, url: &str, qr: &str) -> String {
    let words = Words { zh };
    let title = title(zh, row);
    let mut body = String::new();
    heading(&mut body, words, title, verdict.ok);
    facts(&mut body, words, row);
    let files = words.say("文件与摘要", "Files and digests");
    digests(&mut body, files, &row.claim);
    let proven = words.say("证明了什么", "What this proves");
    statements(&mut body, zh, proven, &verdict.proven);
    let not_proven = words.say("没有证明什么", "What this does not prove");
    statements(&mut body, zh, not_proven, &verdict.not_proven);
    failures(&mut body, words, verdict);
    check_yourself(&mut body, words, &row.code, url, qr);
    body.push_str("</main>");
    html::page(zh, &format!("{} · {title}", row.code), &body)
}

fn heading(body: &mut String, words: Words, title: &str, ok: bool) {
    let (lang, name) = if words.zh {
        ("en", "English")
    } else {
        ("zh-CN", "中文")
    };
    let mark = match ok {
        true => words.say("证据包校验通过", "The evidence package verifies"),
        false => words.say("证据包校验未通过", "The evidence package does not verify"),
    };
    let title = escape(title);
    body.push_str(&format!(
        "<nav><a href=\"?lang={lang}\" hreflang=\"{lang}\" lang=\"{lang}\">{name}</a></nav>\
         <main><h1>{title}</h1><p class=\"mark\">{mark}</p>"
    ));
}

/// What was registered, where it stands, and who signed when.
fn facts(body: &mut String, words: Words, row: &Evidence) {
    let act = match row.act.as_str() {
        "work-registered" => words.say("作品登记", "Work registered"),
        "infringement-found" => words.say("发现侵权", "Infringement found"),
        other => other,
    };
    body.push_str("<table>");
    line(body, words.say("登记内容", "What was registered"), act);
    line(body, words.say("证据编号", "Evidence code"), &row.code);
    let registered = row.registered.to_rfc3339();
    line(body, words.say("登记时间", "Registered"), &registered);
    let place = format!("{} / {}", row.leaf_index, row.tree_size);
    line(body, words.say("账本位置", "Place in the ledger"), &place);
    line(body, words.say("叶哈希", "Leaf hash"), &row.leaf_hash);
    body.push_str("</table>");
    section(body, words.say("共同签名的机构", "Who signed"));
    body.push_str("<table>");
    for signer in &row.signed_by {
        let name = words.say(&signer.name_zh, &signer.name_en);
        line(body, name, &signer.signed.to_rfc3339());
    }
    body.push_str("</table>");
}

fn failures(body: &mut String, words: Words, verdict: &Verdict) {
    if verdict.failures.is_empty() {
        return;
    }
    section(body, words.say("未通过之处", "What failed"));
    body.push_str("<ul>");
    for failure in &verdict.failures {
        let text = format!("{}: {}", failure.entry, failure.detail);
        body.push_str(&format!("<li>{}</li>", escape(&text)));
    }
    body.push_str("</ul>");
}

fn check_yourself(body: &mut String, words: Words, code: &str, url: &str, qr: &str) {
    section(body, words.say("自行核验", "Check it yourself"));
    let download = words.say("下载证据包", "Download the evidence package");
    let label = words.say("本页地址的二维码", "QR code of this page's address");
    let (code, url, drawing) = (escape(code), escape(url), labelled(qr, label));
    body.push_str(&format!(
        "<p><a href=\"/v/{code}/package\">{download}</a> \
         <code>backlot verify {code}.evidence.zip</code></p>\
         <p>{drawing}</p><p><code>{url}</code></p>"
    ));
}

/// The title in the language of the page, or the one there is.
fn title(zh: bool, row: &Evidence) -> &str {
    let (first, second) = match zh {
        true => (&row.title_zh, &row.title_en),
        false => (&row.title_en, &row.title_zh),
    };
    if first.is_empty() { second } else { first }
}

fn labelled(svg: &str, label: &str) -> String {
    svg.replacen(
        "<svg",
        &format!("<svg role=\"img\" aria-label=\"{}\"", escape(label)),
        1,
    )
}

fn section(body: &mut String, heading: &str) {
    body.push_str(&format!("<h2>{}</h2>", escape(heading)));
}

fn line(body: &mut String, name: &str, value: &str) {
    let (name, value) = (escape(name), escape(value));
    body.push_str(&format!(
        "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>"
    ));
}

fn statements(body: &mut String, zh: bool, heading: &str, lines: &[VerdictLine]) {
    if lines.is_empty() {
        return;
    }
    section(body, heading);
    body.push_str("<ul>");
    for line in lines {
        let text = if zh { &line.text_zh } else { &line.text_en };
        body.push_str(&format!("<li>{}</li>", escape(text)));
    }
    body.push_str("</ul>");
}

/// The files of the claim with every digest the claim names.
fn digests(body: &mut String, heading: &str, claim: &Value) {
    let Some(files) = claim
        .get("files")
        .and_then(Value::as_array)
        .filter(|all| !all.is_empty())
    else {
        return;
    };
    section(body, heading);
    for file in files {
        let text = |key: &str| file.get(key).and_then(Value::as_str).unwrap_or_default();
        body.push_str(&format!("<h3>{}</h3><table>", escape(text("name"))));
        for (key, name) in [("sha256", "SHA-256"), ("sm3", "SM3"), ("blake3", "BLAKE3")] {
            if !text(key).is_empty() {
                let digest = format!("<span class=\"digest\">{}</span>", escape(text(key)));
                body.push_str(&format!(
                    "<tr><th scope=\"row\">{name}</th><td>{digest}</td></tr>"
                ));
            }
        }
        if let Some(bytes) = file.get("bytes").and_then(Value::as_u64) {
            line(body, "Bytes", &bytes.to_string());
        }
        body.push_str("</table>");
    }
}
