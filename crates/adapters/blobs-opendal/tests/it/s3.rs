//! A bucket on the server at `BACKLOT_TEST_S3_ENDPOINT` (with `…_BUCKET`, `…_ACCESS_KEY`,
//! `…_SECRET_KEY` when they are not `backlot`, `test`, `test`); the bucket must exist.

use backlot_blobs_opendal::{BlobsOpendal, S3Config};
use backlot_ports::blobs::Blobs;
use backlot_testkit::blob_suite::AnyBlobs;
use std::sync::Arc;

fn config() -> Option<S3Config> {
    let setting = |name: &str, default: &str| {
        std::env::var(format!("BACKLOT_TEST_S3_{name}")).unwrap_or_else(|_| default.to_owned())
    };
    let endpoint = setting("ENDPOINT", "");
    if endpoint.is_empty() {
        println!("skipped: BACKLOT_TEST_S3_ENDPOINT is not set");
        return None;
    }
    Some(S3Config {
        endpoint,
        bucket: setting("BUCKET", "backlot"),
        region: "us-east-1".into(),
        access_key: setting("ACCESS_KEY", "test"),
        secret_key: setting("SECRET_KEY", "test"),
        root: format!("/test-{}", hex::encode(rand::random::<[u8; 8]>())),
        virtual_host: false,
    })
}

async fn open() -> Option<(AnyBlobs, ())> {
    Some((Arc::new(BlobsOpendal::s3(&config()?).unwrap()), ()))
}

backlot_testkit::blob_suite!(open);

#[test]
fn addresses_are_checked_and_secrets_not_shown() {
    let mut config = S3Config {
        endpoint: "https://s3.example.org/".into(),
        bucket: "b".into(),
        region: "r".into(),
        access_key: "visible-to-nobody".into(),
        secret_key: "hidden-from-all".into(),
        root: "/r/".into(),
        virtual_host: false,
    };
    let blobs = BlobsOpendal::s3(&config).unwrap();
    assert_eq!(blobs.describe(), "s3 https://s3.example.org/b/r");
    for shown in [format!("{blobs:?}"), format!("{config:?}")] {
        assert!(
            !shown.contains("hidden") && !shown.contains("visible"),
            "{shown}"
        );
    }
    for endpoint in [
        "",
        "ftp://x",
        "s3.example.org",
        "https://",
        "https://user:pass@host",
    ] {
        config.endpoint = endpoint.into();
        assert!(BlobsOpendal::s3(&config).is_err(), "{endpoint}");
    }
}
