//! `/api/events`: what happens, as server-sent events.
//!
//! One task polls the store while somebody listens and tells all listeners. Every fact carries its
//! journal number as the event id, so a listener that comes back names the last one it has and is
//! given what it missed; jobs and runs are told as they are now.
//!
//! Invariant: per listener, facts come in journal order, each once, none missing.

use crate::WebState;
use crate::extract::Who;
use crate::problem::{Answer, Problem};
use crate::views::FactEvent;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use backlot_facts::{ChainedFact, UtcMicros};
use backlot_flows::House;
use backlot_flows::accounts::{Action, session::by_session};
use backlot_ports::jobs::JobQuery;
use backlot_ports::records::StoryRun;
use backlot_ports::store::{StoreError, get};
use futures::Stream;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use utoipa_axum::{router::OpenApiRouter, routes};

const POLL_MS: u64 = 400;
/// A listener that falls this far behind is cut off and comes back with its last id.
const BACKLOG_MAX: usize = 1024;
/// Facts told to a listener that comes back; one that missed more starts at the newest.
const CATCH_UP_MAX: u32 = 1000;
/// Jobs changed within this time are looked at again, because commits may come out of clock order.
const OVERLAP_SECS: i64 = 3;
const PING_SECS: u64 = 15;
/// How often a listener's session is looked up again.
const SESSION_CHECK_SECS: u64 = 30;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(listen))
}

#[derive(Debug, Clone)]
struct Told {
    name: &'static str,
    data: Arc<str>,
    /// Journal number, facts only.
    seq: Option<i64>,
}

impl Told {
    fn fact(fact: &ChainedFact) -> Self {
        let view = FactEvent {
            seq: fact.seq,
            kind: fact.kind.clone(),
            stream: fact.stream.clone(),
            at: fact.at.0,
        };
        Self {
            seq: Some(fact.seq),
            ..Self::of("fact", &view)
        }
    }

    fn of<T: serde::Serialize>(name: &'static str, body: &T) -> Self {
        let data = serde_json::to_string(body).unwrap_or_else(|_| "null".to_owned());
        Self {
            name,
            data: data.into(),
            seq: None,
        }
    }

    fn event(&self) -> Event {
        let event = Event::default().event(self.name).data(&*self.data);
        match self.seq {
            Some(seq) => event.id(seq.to_string()),
            None => event,
        }
    }
}

/// Polls while there are listeners.
pub struct Hub {
    house: House,
    sender: broadcast::Sender<Told>,
    is_polling: AtomicBool,
    stopped: watch::Sender<bool>,
}

impl Hub {
    pub fn new(house: House) -> Self {
        let (sender, _) = broadcast::channel(BACKLOG_MAX);
        let (stopped, _) = watch::channel(false);
        Self {
            house,
            sender,
            is_polling: AtomicBool::new(false),
            stopped,
        }
    }

    /// Ends all listening, for shutdown.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// A receiver of everything after the journal number that comes with it.
    async fn subscribe(self: &Arc<Self>) -> Result<(broadcast::Receiver<Told>, i64), StoreError> {
        let receiver = self.sender.subscribe();
        let seq = newest(&self.house).await?;
        if !self.is_polling.swap(true, Ordering::SeqCst) {
            tokio::spawn(Arc::clone(self).poll(seq));
        }
        Ok((receiver, seq))
    }

    async fn poll(self: Arc<Self>, from_seq: i64) {
        let mut seen = Seen::new(from_seq, self.house.now());
        let mut tick = tokio::time::interval(Duration::from_millis(POLL_MS));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if self.sender.receiver_count() == 0 {
                self.is_polling.store(false, Ordering::SeqCst);
                let is_heard_again = self.sender.receiver_count() > 0;
                if !is_heard_again || self.is_polling.swap(true, Ordering::SeqCst) {
                    return;
                }
            }
            match seen.look(&self.house).await {
                Ok(news) => {
                    for told in news {
                        // Nobody listening any more is seen at the next tick.
                        let _ = self.sender.send(told);
                    }
                }
                Err(error) => tracing::warn!("failed to read what is new: {error}"),
            }
        }
    }
}

async fn newest(house: &House) -> Result<i64, StoreError> {
    let facts = house.store.audit(i64::MAX, None, None, 1).await?;
    Ok(facts.first().map_or(0, |fact| fact.seq))
}

/// What the poller has already told.
struct Seen {
    seq: i64,
    since: UtcMicros,
    /// `updated` and progress of recent jobs.
    jobs: BTreeMap<String, (UtcMicros, i64, String)>,
    runs: BTreeMap<String, String>,
}

impl Seen {
    fn new(seq: i64, since: UtcMicros) -> Self {
        Self {
            seq,
            since,
            jobs: BTreeMap::new(),
            runs: BTreeMap::new(),
        }
    }

    async fn look(&mut self, house: &House) -> Result<Vec<Told>, StoreError> {
        let mut news = Vec::new();
        let mut touched: BTreeSet<String> = BTreeSet::new();
        for fact in house.store.facts_after(self.seq, 500).await? {
            self.seq = fact.seq;
            touched.extend(fact.stream.strip_prefix("story-run/").map(str::to_owned));
            news.push(Told::fact(&fact));
        }
        let after = self.since.plus_secs(-OVERLAP_SECS);
        let query = JobQuery {
            updated_after: Some(after),
            limit: 500,
            ..JobQuery::default()
        };
        let mut recent = BTreeMap::new();
        for job in house.store.jobs(&query).await?.into_iter().rev() {
            self.since = self.since.max(job.updated);
            let now = (job.updated, job.progress_ppm, job.stage.clone());
            if self.jobs.get(job.id.as_str()) != Some(&now) {
                touched.extend(job.subject.strip_prefix("story-run/").map(str::to_owned));
                news.push(Told::of("job", &job));
            }
            recent.insert(job.id.to_string(), now);
        }
        self.jobs = recent;
        for id in touched {
            let Some(run) = get::<StoryRun>(house.store.as_ref(), &id).await? else {
                continue;
            };
            let told = Told::of("run", &run);
            if self.runs.get(&id).map(String::as_str) != Some(&*told.data) {
                if self.runs.len() >= 100 {
                    self.runs.pop_first();
                }
                self.runs.insert(id, told.data.to_string());
                news.push(told);
            }
        }
        Ok(news)
    }
}

/// Facts, jobs and story runs as they change. Resumes after `Last-Event-ID`.
#[utoipa::path(get, path = "/api/events", tag = "events",
    params(("last-event-id" = Option<i64>, Header)),
    responses((status = 200, content_type = "text/event-stream"),
              (status = 401, body = Problem)))]
async fn listen(
    State(state): State<WebState>,
    Who(who): Who,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let last = last
        .and_then(|text| text.parse::<i64>().ok())
        .filter(|seq| *seq >= 0);
    let (receiver, newest) = state.hub.subscribe().await?;
    // A licensee's page keeps its line open, but what happens in the house is not for him.
    let hears = who.role.may(Action::ReadJobs);
    let mut waiting = VecDeque::new();
    let mut sent_seq = newest;
    if let Some(last) = last.filter(|last| hears && *last < newest) {
        let missed = state.house.store.facts_after(last, CATCH_UP_MAX).await?;
        if missed.len() < CATCH_UP_MAX as usize {
            sent_seq = missed.last().map_or(newest, |fact| fact.seq);
            waiting.extend(missed.iter().map(Told::fact));
        }
    }
    let hello = Told::of("hello", &serde_json::json!({ "seq": sent_seq }));
    waiting.push_back(Told {
        seq: Some(sent_seq),
        ..hello
    });
    let mut check = tokio::time::interval(Duration::from_secs(SESSION_CHECK_SECS));
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener {
        stopped: state.hub.stopped.subscribe(),
        house: state.house.clone(),
        session_id: who.session_id,
        receiver,
        waiting,
        sent_seq,
        hears,
        check,
    };
    let events = futures::stream::unfold(listener, |mut listener| async move {
        let told = listener.next().await?;
        Some((Ok(told.event()), listener))
    });
    let ping = KeepAlive::new().interval(Duration::from_secs(PING_SECS));
    Ok(Sse::new(events).keep_alive(ping))
}

/// One open line.
struct Listener {
    house: House,
    session_id: String,
    receiver: broadcast::Receiver<Told>,
    stopped: watch::Receiver<bool>,
    waiting: VecDeque<Told>,
    sent_seq: i64,
    hears: bool,
    check: tokio::time::Interval,
}

impl Listener {
    /// The next event; none ends the line: shutdown, a lost session, or too far behind.
    async fn next(&mut self) -> Option<Told> {
        if let Some(told) = self.waiting.pop_front() {
            return Some(told);
        }
        loop {
            tokio::select! {
                told = self.receiver.recv() => {
                    let told = told.ok()?;
                    let is_new = told.seq.is_none_or(|seq| seq > self.sent_seq);
                    if self.hears && is_new {
                        self.sent_seq = told.seq.unwrap_or(self.sent_seq);
                        return Some(told);
                    }
                }
                _ = self.check.tick() => {
                    let session = by_session(&self.house, &self.session_id).await;
                    session.ok().flatten()?;
                }
                _ = self.stopped.changed() => return None,
            }
        }
    }
}
