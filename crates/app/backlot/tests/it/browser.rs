//! A person with a browser: signs in, runs the story from the button, plays the take, steps the
//! master by one frame, is granted one licence and refused another, opens the public page, switches
//! language and theme. Every page passes axe and fits 1280 and 390 pixels, in both languages.

use crate::support::{PATIENCE, Server, skip_without};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RETRY: Duration = Duration::from_millis(100);
/// A page that shows nothing for this long is broken; steps of the story have longer.
const PAGE_PATIENCE: Duration = Duration::from_secs(180);

/// Chromium through its driver, both ended when dropped.
struct Browser {
    driver: Child,
    client: Client,
    profile: PathBuf,
}

impl Browser {
    async fn start(profile: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let folder = format!("--user-data-dir={}", profile.display());
        let capabilities = json!({ "goog:chromeOptions": { "args": [
            "--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--disable-gpu", "--enable-unsafe-swiftshader", "--window-size=1280,900", "--lang=en", folder,
        ] } });
        let capabilities = capabilities.as_object().unwrap().clone();
        let started = Instant::now();
        loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            match builder.connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => {
                    return Self {
                        driver,
                        client,
                        profile: profile.to_path_buf(),
                    };
                }
                Err(error) => assert!(started.elapsed() < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn script(&self, code: &str) -> Value {
        self.client
            .execute(code, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{error}: {code}"))
    }

    /// Polls a JavaScript expression until it is true.
    async fn until(&self, what: &str, expression: &str) {
        self.until_within(PAGE_PATIENCE, what, expression).await;
    }

    async fn until_within(&self, patience: Duration, what: &str, expression: &str) {
        let started = Instant::now();
        while self.script(&format!("return Boolean({expression})")).await != Value::Bool(true) {
            if started.elapsed() > patience {
                let text = self
                    .script("return document.body.innerText.slice(0, 2000)")
                    .await;
                let path = self.script("return location.pathname").await;
                panic!("waited too long for {what} at {path}; the page says: {text}");
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn there(&self, testid: &str) {
        self.until(
            testid,
            &format!("document.querySelector('{}')", selector(testid)),
        )
        .await;
    }

    async fn click(&self, testid: &str) {
        self.there(testid).await;
        let element = self
            .client
            .find(Locator::Css(&selector(testid)))
            .await
            .unwrap();
        self.script(&format!(
            "document.querySelector('{}').scrollIntoView({{block: 'center'}})",
            selector(testid)
        ))
        .await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{testid}: {error}"));
    }

    /// Types as React sees it: the native setter and an input event.
    async fn fill(&self, testid: &str, value: &str) {
        self.there(testid).await;
        let code = format!(
            "const e = document.querySelector('{}'); const p = e instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
             Object.getOwnPropertyDescriptor(p.prototype, 'value').set.call(e, {});
             e.dispatchEvent(new Event('input', {{bubbles: true}})); e.dispatchEvent(new Event('change', {{bubbles: true}}));",
            selector(testid),
            json!(value)
        );
        self.script(&code).await;
    }

    async fn attribute(&self, testid: &str, name: &str) -> String {
        self.there(testid).await;
        let code = format!(
            "return document.querySelector('{}').getAttribute('{name}')",
            selector(testid)
        );
        self.script(&code)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    async fn open(&self, server: &Server, path: &str) {
        self.client.goto(&server.url(path)).await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.kill().ok();
        self.driver.wait().ok();
        // A driver that is killed leaves its browser running.
        Command::new("pkill")
            .arg("-f")
            .arg(&self.profile)
            .status()
            .ok();
    }
}

fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_tells_the_story_in_the_browser() {
    if skip_without("chromedriver") || skip_without("chromium") || skip_without("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let browser = Browser::start(&folder.path().join("profile")).await;
    sign_in(&browser, &server).await;
    tell_the_story(&browser).await;
    play_the_take(&browser, &server).await;
    step_the_master(&browser, &server).await;
    be_refused_and_granted(&browser, &server).await;
    open_the_public_page(&browser, &server).await;
    switch_language_and_theme(&browser, &server).await;
    picture_for_the_readme(&browser, &server).await;
    every_page_is_accessible_and_fits(&browser, &server).await;
    browser.client.clone().close().await.unwrap();
}

async fn sign_in(browser: &Browser, server: &Server) {
    let (email, password) = server.sign_in.clone().unwrap();
    browser.open(server, "/").await;
    browser.fill("sign-in-email", &email).await;
    browser.fill("sign-in-password", "certainly wrong").await;
    browser.click("sign-in-submit").await;
    browser
        .until(
            "the refusal of a wrong password",
            "document.querySelector('[role=alert]')",
        )
        .await;
    browser.fill("sign-in-password", &password).await;
    browser.click("sign-in-submit").await;
    browser.there("run-story").await;
}

async fn tell_the_story(browser: &Browser) {
    browser.click("run-story").await;
    for step in [
        "capture", "animate", "master", "register", "license", "monitor",
    ] {
        let done = format!(
            "document.querySelector('{}')?.dataset.state === 'done'",
            selector(&format!("story-step-{step}"))
        );
        browser
            .until_within(PATIENCE, &format!("step {step}"), &done)
            .await;
    }
    browser
        .until(
            "the end",
            "document.querySelector('[data-testid=story]')?.dataset.state === 'done'",
        )
        .await;
}

/// Opens the first row of a list.
async fn open_first(browser: &Browser, server: &Server, list: &str, row: &str) {
    browser.open(server, list).await;
    browser.there(row).await;
    let link = format!(
        "return (document.querySelector('{0} a') ?? document.querySelector('{0}')).getAttribute('href')",
        selector(row)
    );
    let href = browser.script(&link).await;
    browser
        .open(
            server,
            href.as_str().unwrap_or_else(|| panic!("{row} has no link")),
        )
        .await;
}

async fn play_the_take(browser: &Browser, server: &Server) {
    open_first(browser, server, "/takes", "take-row").await;
    browser
        .until(
            "the character",
            "document.querySelector('[data-testid=take-player]')?.dataset.ready === 'true'",
        )
        .await;
    assert_eq!(browser.attribute("take-player", "data-bones").await, "22");
    browser.click("play").await;
    browser
        .until(
            "frames that pass",
            "Number(document.querySelector('[data-testid=take-player]').dataset.frame) > 2",
        )
        .await;
}

async fn step_the_master(browser: &Browser, server: &Server) {
    open_first(browser, server, "/masters", "master-row").await;
    browser
        .until(
            "the film",
            "document.querySelector('video')?.readyState >= 2",
        )
        .await;
    for expected in ["1", "2"] {
        browser.click("step-forward").await;
        let shown = format!(
            "document.querySelector('[data-testid=master-player]').dataset.frame === '{expected}'"
        );
        browser.until(&format!("frame {expected}"), &shown).await;
    }
    browser.click("step-back").await;
    browser
        .until(
            "frame 1 again",
            "document.querySelector('[data-testid=master-player]').dataset.frame === '1'",
        )
        .await;
}

async fn be_refused_and_granted(browser: &Browser, server: &Server) {
    let year = browser
        .script("return new Date().getFullYear()")
        .await
        .as_i64()
        .unwrap();
    browser.open(server, "/licences/new").await;
    browser.fill("grant-licensee", "Browser Broadcasting").await;
    browser.fill("grant-territories", "DE").await;
    tick(browser, "grant-media-on-demand/svod").await;
    browser
        .fill("grant-starts-on", &format!("{}-01-01", year + 1))
        .await;
    browser
        .fill("grant-ends-on", &format!("{}-01-01", year + 2))
        .await;
    browser
        .until(
            "the live refusal",
            "document.querySelector('[data-testid=grant-answer]')?.dataset.state === 'refused'",
        )
        .await;
    let witness = browser.attribute("grant-witness", "href").await;
    assert!(witness.starts_with("/licences/"), "{witness}");
    browser.fill("grant-territories", "BR").await;
    browser
        .until(
            "a free answer",
            "document.querySelector('[data-testid=grant-answer]')?.dataset.state === 'free'",
        )
        .await;
    browser.fill("grant-price", "1000").await;
    browser.click("grant-submit").await;
    browser.there("licence-state").await;
    assert_eq!(
        browser.attribute("licence-state", "data-state").await,
        "granted"
    );
}

/// Ticks a box, or leaves it ticked.
async fn tick(browser: &Browser, testid: &str) {
    browser.there(testid).await;
    let code = format!(
        "const box = document.querySelector('{}'); if (!box.checked) box.click();",
        selector(testid)
    );
    browser.script(&code).await;
}

async fn open_the_public_page(browser: &Browser, server: &Server) {
    open_first(browser, server, "/ledger", "evidence-row").await;
    let href = browser.attribute("public-page", "href").await;
    browser.client.delete_all_cookies().await.unwrap();
    browser.open(server, &href).await;
    browser
        .until("the public page", "document.querySelector('h1')")
        .await;
    assert_eq!(
        browser.script("return document.scripts.length").await,
        json!(0),
        "no JavaScript on /v/CODE"
    );
    let text = browser.script("return document.body.innerText").await;
    assert!(text.as_str().unwrap().contains("SHA-256"), "{text}");
    assert_eq!(axe(browser).await, json!([]), "axe on {href}");
    sign_in_again(browser, server).await;
}

async fn sign_in_again(browser: &Browser, server: &Server) {
    let (email, password) = server.sign_in.clone().unwrap();
    browser.open(server, "/").await;
    browser.fill("sign-in-email", &email).await;
    browser.fill("sign-in-password", &password).await;
    browser.click("sign-in-submit").await;
    browser.there("run-story").await;
}

async fn switch_language_and_theme(browser: &Browser, server: &Server) {
    browser.open(server, "/").await;
    let before = browser.script("return document.documentElement.lang").await;
    browser.click("lang-toggle").await;
    browser
        .until(
            "the other language",
            &format!("document.documentElement.lang !== {before}"),
        )
        .await;
    let theme = browser
        .script("return document.documentElement.dataset.theme ?? ''")
        .await;
    browser.click("theme-toggle").await;
    browser
        .until(
            "the other theme",
            &format!("(document.documentElement.dataset.theme ?? '') !== {theme}"),
        )
        .await;
}

/// The README's picture, made by this test when it is asked to.
async fn picture_for_the_readme(browser: &Browser, server: &Server) {
    let Some(path) = std::env::var_os("BACKLOT_SCREENSHOT") else {
        return;
    };
    set_look(browser, server, "zh-CN", "dark", 1280).await;
    open_first(browser, server, "/takes", "take-row").await;
    browser
        .until(
            "the character",
            "document.querySelector('[data-testid=take-player]')?.dataset.ready === 'true'",
        )
        .await;
    browser.click("play").await;
    browser
        .until(
            "frames that pass",
            "Number(document.querySelector('[data-testid=take-player]').dataset.frame) > 120",
        )
        .await;
    browser.click("play").await;
    browser.script("window.scrollTo(0, 0)").await;
    std::fs::write(path, browser.client.screenshot().await.unwrap()).unwrap();
}

async fn set_look(browser: &Browser, server: &Server, language: &str, theme: &str, width: u32) {
    browser
        .client
        .set_window_size(width.max(500), 900)
        .await
        .unwrap();
    browser.open(server, "/settings").await;
    browser.there("settings-language").await;
    let now = browser
        .script("return [document.documentElement.lang, document.documentElement.dataset.theme]")
        .await;
    if now[0] != language {
        browser.click("lang-toggle").await;
        browser
            .until(
                language,
                &format!("document.documentElement.lang === '{language}'"),
            )
            .await;
    }
    for _ in 0..3 {
        let now = browser
            .script("return document.documentElement.dataset.theme")
            .await;
        if now == theme {
            break;
        }
        browser.click("theme-toggle").await;
        browser
            .until(
                "another theme",
                &format!("document.documentElement.dataset.theme !== {now}"),
            )
            .await;
    }
}

async fn every_page_is_accessible_and_fits(browser: &Browser, server: &Server) {
    let mut pages: Vec<String> = [
        "/",
        "/takes",
        "/masters",
        "/ledger",
        "/rights",
        "/licences/new",
        "/monitoring",
        "/admin",
        "/settings",
        "/docs",
        "/nowhere",
    ]
    .map(str::to_owned)
    .to_vec();
    set_look(browser, server, "en", "dark", 1280).await;
    for (list, row) in [
        ("/takes", "take-row"),
        ("/masters", "master-row"),
        ("/ledger", "evidence-row"),
        ("/rights", "licence-row"),
        ("/monitoring", "match-row"),
        ("/monitoring?tab=cases", "case-row"),
    ] {
        open_first(browser, server, list, row).await;
        pages.push(
            browser
                .script("return location.pathname")
                .await
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    for tab in ["people", "audit", "jobs", "health"] {
        pages.push(format!("/admin/{tab}"));
    }
    for (language, theme, width, with_axe) in [
        ("en", "dark", 1280, true),
        ("zh-CN", "light", 1280, true),
        ("en", "light", 390, false),
        ("zh-CN", "dark", 390, false),
    ] {
        set_look(browser, server, language, theme, width).await;
        narrow(browser, width).await;
        for page in &pages {
            browser.open(server, page).await;
            browser
                .until(
                    page,
                    "document.querySelector('h1') && !document.querySelector('[aria-busy=true]')",
                )
                .await;
            let wide = browser
                .script("return [document.documentElement.scrollWidth, window.innerWidth]")
                .await;
            assert!(
                wide[0].as_i64() <= wide[1].as_i64(),
                "{page} scrolls sideways at {width} in {language}: {wide}"
            );
            if with_axe {
                let findings = axe(browser).await;
                assert_eq!(findings, json!([]), "axe on {page} in {language}, {theme}");
            }
        }
    }
}

/// Headless windows have a least width; the device emulation of the driver goes below it.
async fn narrow(browser: &Browser, width: u32) {
    let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
    browser
        .client
        .issue_cmd(ChromeCommand(command))
        .await
        .unwrap();
}

/// `POST /session/{id}/goog/cdp/execute`.
#[derive(Debug)]
struct ChromeCommand(Value);

impl fantoccini::wd::WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// Rule and target of every violation.
async fn axe(browser: &Browser) -> Value {
    browser
        .client
        .execute(&axe_source(), Vec::new())
        .await
        .unwrap();
    let code = "const done = arguments[arguments.length - 1];
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | '))),
                  e => done(['axe failed: ' + e]))";
    browser
        .client
        .execute_async(code, Vec::new())
        .await
        .unwrap()
}

/// axe-core as the build of the web app installed it.
fn axe_source() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .to_path_buf();
    let note = target.join("backlot-web/node_modules.path");
    let modules = std::fs::read_to_string(&note)
        .unwrap_or_else(|error| panic!("{}: {error}", note.display()));
    let file = PathBuf::from(modules.trim()).join("axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
