//! `/docs/errors/{code}`: what happened and what to do, from `docs/errors/*.md`.
//!
//! The small Markdown the pages use: headings, paragraphs, lists, code spans. All text is escaped.

use super::html;
use crate::codes;
use crate::problem::{Answer, Raised};
use axum::extract::Path;
use axum::response::Html;

include!(concat!(env!("OUT_DIR"), "/error_pages.rs"));

pub async fn page(Path(code): Path<String>) -> Answer<Html<String>> {
    let known = codes::find(&code).ok_or_else(|| Raised::new(codes::NOT_FOUND))?;
    let text = ERROR_PAGES.iter().find(|(name, _)| *name == known.code);
    let text = text.map(|(_, text)| *text).unwrap_or(known.en);
    Ok(Html(html::page(true, known.code, &render(text))))
}

/// The pages in the repository by code.
pub fn all() -> &'static [(&'static str, &'static str)] {
    ERROR_PAGES
}

/// Markdown of the error pages to HTML.
pub fn render(text: &str) -> String {
    let mut out = String::new();
    let mut is_list = false;
    for block in text.lines() {
        let line = block.trim();
        let item = line.strip_prefix("- ");
        if is_list && item.is_none() {
            out.push_str("</ul>");
            is_list = false;
        }
        if let Some(item) = item {
            if !is_list {
                out.push_str("<ul>");
                is_list = true;
            }
            out.push_str(&format!("<li>{}</li>", spans(item)));
        } else if let Some(heading) = line.strip_prefix("## ") {
            out.push_str(&format!("<h2>{}</h2>", spans(heading)));
        } else if let Some(heading) = line.strip_prefix("# ") {
            out.push_str(&format!("<h1>{}</h1>", spans(heading)));
        } else if !line.is_empty() {
            out.push_str(&format!("<p>{}</p>", spans(line)));
        }
    }
    if is_list {
        out.push_str("</ul>");
    }
    out
}

/// Code spans; an odd back tick stays a back tick.
fn spans(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let text = html::escape(part);
        match index % 2 {
            1 if index + 1 < parts.len() => out.push_str(&format!("<code>{text}</code>")),
            1 => out.push_str(&format!("`{text}")),
            _ => out.push_str(&text),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn markdown_becomes_escaped_html() {
        assert_eq!(
            render("# E1 <b>\n\nUse `a<b` or `x\n- one\n- two\n\nend"),
            "<h1>E1 &lt;b&gt;</h1><p>Use <code>a&lt;b</code> or `x</p>\
             <ul><li>one</li><li>two</li></ul><p>end</p>"
        );
    }
}
