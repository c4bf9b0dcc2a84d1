//! Plain HTML by hand: escaping, and the frame every page shares.

use std::borrow::Cow;

/// Text for an element or a quoted attribute.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

const STYLE: &str = "
:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;max-width:46rem;margin:2rem auto;
padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;
border-bottom:1px solid #8884}
th{font-weight:600;width:11rem}
code,.digest{font:13px/1.5 ui-monospace,monospace}
.mark{font-weight:700}
nav{display:flex;gap:1rem}
svg{width:9rem;height:9rem;background:#fff;padding:.5rem}
pre{overflow-x:auto;padding:.75rem;border:1px solid #8884}
@media print{nav,.no-print{display:none}body{margin:0;max-width:none;color:#000}
a{color:inherit;text-decoration:none}h2{break-after:avoid}tr,li{break-inside:avoid}}";

/// A whole page; `title` is escaped here, `body` is HTML already.
pub fn page(is_chinese: bool, title: &str, body: &str) -> String {
    let language = if is_chinese { "zh-CN" } else { "en" };
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )
}

/// `?lang=` first, then `Accept-Language`; Chinese when neither says.
pub fn wants_chinese(asked: Option<&str>, accept_language: Option<&str>) -> bool {
    if let Some(asked) = asked {
        return !asked.to_ascii_lowercase().starts_with("en");
    }
    let Some(accepted) = accept_language else {
        return true;
    };
    let mut best: Option<(f32, bool)> = None;
    for part in accepted.split(',').take(20) {
        let mut pieces = part.split(';');
        let tag = pieces
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
        let weight = weight.map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
        let language = tag.split('-').next().unwrap_or_default();
        let is_chinese = match language {
            "zh" => true,
            "en" => false,
            _ => continue,
        };
        if best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, is_chinese));
        }
    }
    // A reader of neither language is more likely to read English.
    best.is_some_and(|(_, is_chinese)| is_chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_could_be_markup_is_escaped() {
        assert_eq!(
            escape("<script>alert('x\"&')</script>"),
            "&lt;script&gt;alert(&#39;x&quot;&amp;&#39;)&lt;/script&gt;"
        );
        assert_eq!(escape("园区之舞"), "园区之舞");
    }

    #[test]
    fn language_choice() {
        for (asked, accepted, chinese) in [
            (None, None, true),
            (Some("en"), Some("zh-CN"), false),
            (Some("zh"), Some("en"), true),
            (None, Some("en-GB,en;q=0.9,zh;q=0.8"), false),
            (None, Some("fr, zh;q=0.9, en;q=0.5"), true),
            (None, Some("fr,de"), false),
            (None, Some("zh;q=x,en;q=0.1"), false),
        ] {
            assert_eq!(
                wants_chinese(asked, accepted),
                chinese,
                "{asked:?} {accepted:?}"
            );
        }
    }
}
