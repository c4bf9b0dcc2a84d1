//! Signing in, lockout, sessions, passwords, people.

use crate::common::Lot;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use backlot_flows::accounts;
use serde_json::json;

#[tokio::test]
async fn the_first_owner_signs_in_and_out() {
    let lot = Lot::open().await;
    assert_eq!(lot.owner_email, "owner@backlot.local");
    assert!(
        accounts::first_run(&lot.house).await.unwrap().is_none(),
        "only once"
    );
    let mut browser = lot.browser();
    assert_eq!(
        browser.get("/api/session").await.value()["person"],
        json!(null)
    );
    assert_eq!(
        browser.get("/api/home").await.problem(),
        (401, "E0101".into())
    );

    let body = json!({ "email": " OWNER@backlot.local ", "password": lot.owner_password });
    let answer = browser.post("/api/session", body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.value()["person"]["role"], "owner");
    assert!(
        answer
            .header("set-cookie")
            .contains("; HttpOnly; SameSite=Strict; Path=/")
    );
    assert!(!answer.header("set-cookie").contains("Secure"));
    assert!(!answer.text().contains("argon2"));
    assert_eq!(
        browser.get("/api/home").await.value()["next_action"],
        "run-story"
    );

    let token = browser.cookie.clone();
    let answer = browser
        .json(Method::DELETE, "/api/session", json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.cookie, None);
    browser.cookie = token;
    assert_eq!(
        browser.get("/api/home").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn https_cookies_are_secure() {
    let lot = Lot::open_with("https://lot.test", 1 << 30).await;
    let body = json!({ "email": lot.owner_email, "password": lot.owner_password });
    let answer = lot.browser().post("/api/session", body).await;
    assert!(
        answer.header("set-cookie").ends_with("; Secure"),
        "{}",
        answer.header("set-cookie")
    );
}

#[tokio::test]
async fn unknown_and_wrong_look_the_same_and_both_lock() {
    let lot = Lot::open().await;
    let mut told = Vec::new();
    for email in [lot.owner_email.as_str(), "nobody@lot.test"] {
        let mut answers = Vec::new();
        for _ in 0..11 {
            let body = json!({ "email": email, "password": "wrong wrong wrong" });
            let mut value = lot.browser().post("/api/session", body).await.value();
            value["trace_id"] = json!("");
            answers.push(value);
        }
        told.push(answers);
    }
    assert_eq!(told[0][0]["code"], "E0102");
    assert_eq!(told[0][10]["code"], "E0103");
    // The flow tells the owner's account at the tenth failure; strangers are told at the eleventh.
    assert_eq!(told[0][..9], told[1][..9]);
    assert_eq!(told[0][10], told[1][10]);

    // The right password does not help while locked, and does after 15 minutes.
    let body = json!({ "email": lot.owner_email, "password": lot.owner_password });
    let answer = lot.browser().post("/api/session", body.clone()).await;
    assert_eq!(answer.problem(), (429, "E0103".into()));
    lot.clock.advance_secs(15 * 60 + 1);
    assert_eq!(
        lot.browser().post("/api/session", body).await.status,
        StatusCode::OK
    );

    let kinds: Vec<String> = lot
        .house
        .store
        .audit(i64::MAX, None, None, 100)
        .await
        .unwrap()
        .into_iter()
        .map(|fact| fact.kind)
        .collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "locked-out").count(), 1);
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "sign-in-failed")
            .count(),
        20
    );
    assert_eq!(kinds[0], "signed-in");
    let journal = lot.house.store.facts_after(0, 500).await.unwrap();
    let text = serde_json::to_string(&journal).unwrap();
    assert!(!text.contains("wrong wrong") && !text.contains(&lot.owner_password));
    assert!(
        !text.contains("nobody@lot.test"),
        "what strangers type is not kept"
    );
}

/// Ten wrong passwords at once count as ten: the counter cannot be raced.
#[tokio::test]
async fn parallel_failures_all_count() {
    let lot = Lot::open().await;
    let tries = (0..10).map(|_| {
        let request = accounts::SignInRequest {
            email: &lot.owner_email,
            password: "wrong wrong wrong",
            user_agent: "",
            replaces: None,
        };
        accounts::sign_in(&lot.house, request)
    });
    let outcomes = futures::future::join_all(tries).await;
    let locked = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(accounts::SignInError::Locked { .. })))
        .count();
    assert_eq!(locked, 1, "exactly the tenth locks");
}

#[tokio::test]
async fn a_planted_token_is_never_taken_over() {
    let lot = Lot::open().await;
    let mut browser = lot.browser();
    let planted = "ab".repeat(32);
    browser.cookie = Some(planted.clone());
    let body = json!({ "email": lot.owner_email, "password": lot.owner_password });
    browser.post("/api/session", body.clone()).await;
    let first = browser.cookie.clone().unwrap();
    assert_ne!(first, planted);
    // Signing in again in the same browser ends the session before.
    browser.post("/api/session", body).await;
    assert_ne!(browser.cookie.as_deref(), Some(first.as_str()));
    browser.cookie = Some(first);
    assert_eq!(
        browser.get("/api/home").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn sessions_slide_and_expire() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    for _ in 0..3 {
        lot.clock.advance_secs(10 * 86_400);
        assert_eq!(
            browser.get("/api/home").await.status,
            StatusCode::OK,
            "used, so extended"
        );
    }
    lot.clock.advance_secs(14 * 86_400 + 1);
    assert_eq!(
        browser.get("/api/home").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let lot = Lot::open().await;
    let (mut here, mut there) = (lot.owner().await, lot.owner().await);
    let patch = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
    let wrong = here
        .json(
            Method::PATCH,
            "/api/session",
            patch("nope", "a new long password"),
        )
        .await;
    assert_eq!(wrong.problem(), (422, "E0107".into()));
    let short = here
        .json(
            Method::PATCH,
            "/api/session",
            patch(&lot.owner_password, "short"),
        )
        .await;
    assert_eq!(short.problem(), (422, "E0503".into()));
    assert_eq!(short.value()["fields"][0]["name"], "new_password");
    let body = patch(&lot.owner_password, "a new long password");
    assert_eq!(
        here.json(Method::PATCH, "/api/session", body).await.status,
        StatusCode::OK
    );
    assert_eq!(here.get("/api/home").await.status, StatusCode::OK);
    assert_eq!(
        there.get("/api/home").await.status,
        StatusCode::UNAUTHORIZED
    );
    let body = json!({ "locale": "en", "name": "New Name" });
    let answer = here.json(Method::PATCH, "/api/session", body).await;
    assert_eq!(answer.value()["person"]["locale"], "en");
    assert_eq!(answer.value()["person"]["name"], "New Name");
    let answer = here
        .json(Method::PATCH, "/api/session", json!({ "locale": "fr" }))
        .await;
    assert_eq!(answer.problem(), (422, "E0503".into()));
}

#[tokio::test]
async fn people_are_invited_changed_and_shut_out() {
    let lot = Lot::open().await;
    let mut owner = lot.owner().await;
    let body = json!({ "email": "Ma@Lot.Test", "name": "马", "role": "producer", "locale": "zh-CN",
        "organisation": "云栖影业" });
    let answer = owner.post("/api/people", body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let value = answer.value();
    assert_eq!(value["person"]["email"], "ma@lot.test");
    assert_eq!(value["person"]["organisation"], "云栖影业");
    assert!(value["person"].get("password_hash").is_none());
    let password = value["one_time_password"].as_str().unwrap().to_owned();
    let id = value["person"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        owner.post("/api/people", body).await.problem(),
        (409, "E0501".into())
    );
    assert_eq!(owner.get("/api/people").await.value()["total"], 2);

    let mut ma = lot.signed_in("ma@lot.test", &password).await;
    let path = format!("/api/people/{id}");
    let answer = owner
        .json(Method::PATCH, &path, json!({ "role": "auditor" }))
        .await;
    assert_eq!(answer.value()["person"]["role"], "auditor");
    assert_eq!(
        ma.get("/api/home").await.status,
        StatusCode::UNAUTHORIZED,
        "sessions ended"
    );
    let mut ma = lot.signed_in("ma@lot.test", &password).await;
    assert_eq!(ma.get("/api/audit").await.status, StatusCode::OK);
    owner
        .json(Method::PATCH, &path, json!({ "enabled": false }))
        .await;
    assert_eq!(ma.get("/api/home").await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "email": "ma@lot.test", "password": password });
    assert_eq!(
        lot.browser().post("/api/session", body).await.problem(),
        (401, "E0102".into())
    );

    let body = json!({ "enabled": true, "reset_password": true });
    let answer = owner.json(Method::PATCH, &path, body).await.value();
    lot.signed_in("ma@lot.test", answer["one_time_password"].as_str().unwrap())
        .await;
    for (body, code) in [
        (json!({ "role": "king" }), "E0503"),
        (json!({ "password_hash": "x" }), "E0203"),
    ] {
        assert_eq!(
            owner.json(Method::PATCH, &path, body).await.problem(),
            (422, code.into())
        );
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    let lot = Lot::open().await;
    let mut owner = lot.owner().await;
    let me = owner.get("/api/session").await.value()["person"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/people/{me}");
    for body in [json!({ "enabled": false }), json!({ "role": "auditor" })] {
        let answer = owner.json(Method::PATCH, &path, body).await;
        assert_eq!(answer.problem(), (409, "E0502".into()));
    }
    lot.invite("owner", None).await;
    let answer = owner
        .json(Method::PATCH, &path, json!({ "role": "auditor" }))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn the_command_line_resets_a_password_and_unlocks() {
    let lot = Lot::open().await;
    let mut old = lot.owner().await;
    let first = accounts::reset_password(&lot.house, "Owner@Backlot.Local")
        .await
        .unwrap();
    assert_ne!(first.password, lot.owner_password);
    lot.signed_in(&first.email, &first.password).await;
    assert_eq!(old.get("/api/home").await.status, StatusCode::UNAUTHORIZED);
    assert!(
        accounts::reset_password(&lot.house, "nobody@lot.test")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn forged_requests_are_refused() {
    let lot = Lot::open().await;
    let mut owner = lot.owner().await;
    let body = || Body::from(r#"{"locale":"en"}"#);
    let cases: [(&[(&str, &str)], u16); 6] = [
        (&[], 403),
        (&[("x-backlot", "yes")], 403),
        (&[("x-backlot", "1"), ("origin", "http://evil.test")], 403),
        (&[("x-backlot", "1"), ("origin", "null")], 403),
        (&[("x-backlot", "1"), ("origin", "http://lot.test")], 200),
        (&[("x-backlot", "1")], 200),
    ];
    for (headers, status) in cases {
        let answer = owner
            .send(Method::PATCH, "/api/session", headers, body())
            .await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}");
        if status == 403 {
            assert_eq!(answer.problem().1, "E0105");
        }
    }
}
