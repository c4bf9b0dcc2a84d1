//! The one byte form of a JSON value: JCS, RFC 8785.

use serde::Serialize;

#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    #[error("failed to write canonical JSON")]
    Write(#[source] serde_json::Error),
}

/// RFC 8785 bytes: sorted keys, shortest numbers, no spaces.
pub fn canonical_json<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    serde_json_canonicalizer::to_vec(value).map_err(CanonicalError::Write)
}

#[cfg(test)]
mod tests {
    use super::canonical_json;

    /// The worked example of RFC 8785, section 3.2.2 and 3.2.3.
    #[test]
    fn rfc_8785_example() {
        let input: serde_json::Value = serde_json::from_str(
            r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
                "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
        )
        .unwrap();
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(
            String::from_utf8(canonical_json(&input).unwrap()).unwrap(),
            expected
        );
    }
}
