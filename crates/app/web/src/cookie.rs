//! The session cookie: HttpOnly, SameSite=Strict, Secure when the public address is https.

use axum::http::{HeaderMap, HeaderValue, header};

pub const NAME: &str = "backlot_session";

/// The token of the request, if its shape is right. The last cookie of the name counts.
pub fn read(headers: &HeaderMap) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut tokens = pairs
        .filter(|(name, _)| *name == NAME)
        .map(|(_, token)| token);
    tokens
        .rfind(|token| token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(str::to_owned)
}

/// Sets or, with an empty token and no lifetime, ends the cookie.
pub fn set(token: &str, max_age_secs: i64, public_url: &str) -> HeaderValue {
    let secure = if public_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let text = format!(
        "{NAME}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age_secs}{secure}"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("backlot_session="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_tokens_are_read() {
        let token = "ab".repeat(32);
        for (line, found) in [
            (format!("a=b; {NAME}={token}; c=d"), true),
            (format!("{NAME}=short"), false),
            (format!("x{NAME}={token}"), false),
            (format!("{NAME}={}", "zz".repeat(32)), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&line).unwrap());
            assert_eq!(read(&headers).is_some(), found, "{line}");
        }
    }

    #[test]
    fn flags() {
        let plain = set("t", 60, "http://127.0.0.1:8470");
        assert_eq!(
            plain,
            "backlot_session=t; HttpOnly; SameSite=Strict; Path=/; Max-Age=60"
        );
        let secure = set("t", 60, "https://lot.example");
        assert!(secure.to_str().unwrap().ends_with("; Secure"));
    }
}
