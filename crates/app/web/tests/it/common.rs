//! A house in a temporary folder, and a browser that talks to its router without a network.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use backlot_authority_direct::AuthorityDirect;
use backlot_blobs_opendal::BlobsOpendal;
use backlot_facts::Clock;
use backlot_flows::accounts::people::{self, Invite};
use backlot_flows::accounts::{self, SignedIn};
use backlot_flows::{House, Random, Settings};
use backlot_media_ffmpeg::{FfmpegMedia, FfmpegSettings};
use backlot_ports::store::{Commit, Record, Store};
use backlot_store_sql::{SqlOptions, SqlStore};
use backlot_testkit::{MockClock, SeededRandom};
use backlot_web::WebState;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tower::ServiceExt;

struct Seeded(Mutex<SeededRandom>);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill(bytes);
    }
}

pub struct Lot {
    pub house: House,
    pub clock: Arc<MockClock>,
    pub router: Router,
    pub owner_email: String,
    pub owner_password: String,
    _dir: TempDir,
}

impl Lot {
    pub async fn open() -> Self {
        Self::open_with("http://lot.test", 8 << 30).await
    }

    pub async fn open_with(public_url: &str, upload_bytes_max: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(MockClock::default());
        let url = format!("sqlite://{}", dir.path().join("lot.db").display());
        let store = SqlStore::open(&url, SqlOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let mut random = SeededRandom::new(7);
        let authorities =
            AuthorityDirect::open(&dir.path().join("ledger"), clock.now(), &mut |seed| {
                random.fill(seed)
            });
        let work_dir = dir.path().join("work");
        std::fs::create_dir_all(&work_dir).unwrap();
        let house = House {
            store: Arc::new(store),
            blobs: Arc::new(
                BlobsOpendal::folder(dir.path().join("blobs"))
                    .await
                    .unwrap(),
            ),
            media: Arc::new(FfmpegMedia::new(FfmpegSettings::default())),
            authorities: Arc::new(authorities.unwrap()),
            clock: clock.clone(),
            random: Arc::new(Seeded(Mutex::new(SeededRandom::new(11)))),
            settings: Arc::new(Settings {
                work_dir,
                upload_bytes_max,
                preview_secs_max: 10.0,
                worker_name: "test".to_owned(),
                job_attempts_max: 3,
                public_url: public_url.to_owned(),
            }),
        };
        let first = accounts::first_run(&house).await.unwrap().unwrap();
        let router = backlot_web::router(WebState::new(house.clone(), "0.0.0-test"));
        Self {
            house,
            clock,
            router,
            owner_email: first.email,
            owner_password: first.password,
            _dir: dir,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
        }
    }

    /// The owner, signed in.
    pub async fn owner(&self) -> Browser {
        self.signed_in(&self.owner_email, &self.owner_password)
            .await
    }

    pub async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let mut browser = self.browser();
        let body = json!({ "email": email, "password": password });
        let answer = browser.post("/api/session", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser
    }

    /// Somebody new in this role, signed in.
    pub async fn person(&self, role: &str, organisation: Option<&str>) -> Browser {
        let (email, password) = self.invite(role, organisation).await;
        self.signed_in(&email, &password).await
    }

    pub async fn invite(&self, role: &str, organisation: Option<&str>) -> (String, String) {
        let owner = self.owner_as_flow().await;
        let invite = Invite {
            email: format!("{role}-{}@lot.test", self.house.new_id()),
            name: format!("{role} person"),
            role: role.to_owned(),
            locale: "en".to_owned(),
            organisation: organisation.map(str::to_owned),
        };
        let invited = people::invite(&self.house, &owner, &invite).await.unwrap();
        (invited.person.email, invited.one_time_password)
    }

    /// The owner as flows see him.
    pub async fn owner_as_flow(&self) -> SignedIn {
        let request = accounts::SignInRequest {
            email: &self.owner_email,
            password: &self.owner_password,
            user_agent: "",
            replaces: None,
        };
        accounts::sign_in(&self.house, request)
            .await
            .unwrap_or_else(|e| panic!("{e}"))
            .who
    }

    pub async fn put<R: Record>(&self, record: &R) {
        let fact = backlot_facts::NewFact::new("test/rows", "row-put", json!({}));
        let commit = Commit::new("system", self.house.now())
            .fact(fact)
            .put(record)
            .unwrap();
        self.house.store.commit(commit).await.unwrap();
    }
}

pub struct Browser {
    pub router: Router,
    /// The session token.
    pub cookie: Option<String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn json(&mut self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json"), ("x-backlot", "1")];
        self.send(method, path, &headers, Body::from(body.to_string()))
            .await
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let response = self.begin(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// The answer with its body still to come.
    pub async fn begin(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> axum::response::Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "lot.test");
        if let Some(token) = &self.cookie {
            request = request.header(header::COOKIE, format!("backlot_session={token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        if let Some(set) = response.headers().get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let token = pair.strip_prefix("backlot_session=").unwrap();
            self.cookie = (!token.is_empty()).then(|| token.to_owned());
        }
        response
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Status and problem code.
    pub fn problem(&self) -> (u16, String) {
        let code = self.value()["code"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code)
    }
}
