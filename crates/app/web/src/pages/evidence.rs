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

fn render(zh: bool, row: &Evidence, verdict: &Verdict, url: &str, qr: &str) -> String {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let title = title(zh, row);
    let other = if zh {
        ("en", "English")
    } else {
        ("zh-CN", "中文")
    };
    let mark = if verdict.ok {
        say("证据包校验通过", "The evidence package verifies")
    } else {
        say("证据包校验未通过", "The evidence package does not verify")
    };
    let mut body = format!(
        "<nav><a href=\"?lang={}\" hreflang=\"{0}\">{}</a></nav><main><h1>{}</h1>\
         <p class=\"mark\">{mark}</p>",
        other.0,
        other.1,
        escape(title),
    );
    body.push_str("<table>");
    let act = match row.act.as_str() {
        "work-registered" => say("作品登记", "Work registered"),
        "infringement-found" => say("发现侵权", "Infringement found"),
        other => other,
    };
    line(&mut body, say("登记内容", "What was registered"), act);
    line(&mut body, say("证据编号", "Evidence code"), &row.code);
    line(
        &mut body,
        say("登记时间", "Registered"),
        &row.registered.to_rfc3339(),
    );
    let place = format!("{} / {}", row.leaf_index, row.tree_size);
    line(&mut body, say("账本位置", "Place in the ledger"), &place);
    line(&mut body, say("叶哈希", "Leaf hash"), &row.leaf_hash);
    body.push_str("</table>");
    section(&mut body, say("共同签名的机构", "Who signed"));
    body.push_str("<table>");
    for signer in &row.signed_by {
        let name = if zh { &signer.name_zh } else { &signer.name_en };
        line(&mut body, name, &signer.signed.to_rfc3339());
    }
    body.push_str("</table>");
    digests(
        &mut body,
        say("文件与摘要", "Files and digests"),
        &row.claim,
    );
    statements(
        &mut body,
        zh,
        say("证明了什么", "What this proves"),
        &verdict.proven,
    );
    statements(
        &mut body,
        zh,
        say("没有证明什么", "What this does not prove"),
        &verdict.not_proven,
    );
    if !verdict.failures.is_empty() {
        section(&mut body, say("未通过之处", "What failed"));
        body.push_str("<ul>");
        for failure in &verdict.failures {
            let text = format!("{}: {}", failure.entry, failure.detail);
            body.push_str(&format!("<li>{}</li>", escape(&text)));
        }
        body.push_str("</ul>");
    }
    section(&mut body, say("自行核验", "Check it yourself"));
    body.push_str(&format!(
        "<p><a href=\"/v/{code}/package\">{}</a> <code>backlot verify {code}.evidence.zip</code>\
         </p><p>{}</p><p><code>{}</code></p></main>",
        say("下载证据包", "Download the evidence package"),
        labelled(
            qr,
            say("本页地址的二维码", "QR code of this page's address")
        ),
        escape(url),
        code = escape(&row.code),
    ));
    html::page(zh, &format!("{} · {title}", row.code), &body)
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
