//! Sessions: a random token in a cookie, its SHA-256 in the store, 14 days, sliding.
//!
//! Invariant: the token itself is never stored, so a stolen database signs nobody in.

use super::{Action, Forbidden, Role, stream_of};
use crate::House;
use backlot_facts::{NewFact, sha256_hex};
use backlot_ports::records::{Organisation, Person, Session};
use backlot_ports::store::{Commit, Compare, Query, StoreError, get, list};
use serde_json::json;

/// Length of a session.
pub const SESSION_SECS: i64 = 14 * 86_400;
/// A session is extended at most this often, so that reading a page is rarely a write.
const EXTEND_AFTER_SECS: i64 = 3_600;
/// Longest stored user agent, characters.
const USER_AGENT_CHARS_MAX: usize = 200;
/// Sessions one person may have; the oldest ends first.
const SESSIONS_MAX: usize = 20;

/// Who asks, as every flow is given it.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: Person,
    pub role: Role,
    /// Name of the person's organisation.
    pub organisation: String,
    /// SHA-256 of the cookie token.
    pub session_id: String,
}

impl SignedIn {
    /// Refuses what the role table does not allow.
    pub fn allow(&self, action: Action) -> Result<(), Forbidden> {
        if self.role.may(action) {
            Ok(())
        } else {
            Err(Forbidden {
                role: self.role,
                action,
            })
        }
    }

    /// The name under which facts are journalled.
    pub fn actor(&self) -> String {
        stream_of(&self.person.id)
    }

    /// For a licensee, the only licensee name whose licences he sees.
    pub fn only_licensee(&self) -> Option<&str> {
        (self.role == Role::Licensee).then_some(self.organisation.as_str())
    }
}

/// A fresh token and its session row. The caller commits the row with what caused it.
pub(super) fn open(house: &House, person_id: &str, user_agent: &str) -> (String, Session) {
    let mut bytes = [0u8; 32];
    house.random.fill(&mut bytes);
    let token = hex::encode(bytes);
    let now = house.now();
    let session = Session {
        id: sha256_hex(token.as_bytes()).to_string(),
        person_id: person_id.to_owned(),
        created: now,
        expires: now.plus_secs(SESSION_SECS),
        user_agent: user_agent.chars().take(USER_AGENT_CHARS_MAX).collect(),
    };
    (token, session)
}

/// Who a cookie token belongs to: `None` for unknown, expired and disabled. Extends the session.
pub async fn lookup(house: &House, token: &str) -> Result<Option<SignedIn>, StoreError> {
    if token.len() != 64 {
        return Ok(None);
    }
    let session_id = sha256_hex(token.as_bytes()).to_string();
    let Some(who) = by_session(house, &session_id).await? else {
        return Ok(None);
    };
    let now = house.now();
    let Some(mut session) = get::<Session>(house.store.as_ref(), &session_id).await? else {
        return Ok(None);
    };
    let fresh_until = now.plus_secs(SESSION_SECS - EXTEND_AFTER_SECS);
    if session.expires < fresh_until {
        session.expires = now.plus_secs(SESSION_SECS);
        house
            .store
            .commit(Commit::new(who.actor(), now).put(&session)?)
            .await?;
    }
    Ok(Some(who))
}

/// The same by the stored session id, without extending it: for long answers that look again.
pub async fn by_session(house: &House, session_id: &str) -> Result<Option<SignedIn>, StoreError> {
    let store = house.store.as_ref();
    let Some(session) = get::<Session>(store, session_id).await? else {
        return Ok(None);
    };
    if session.expires <= house.now() {
        return Ok(None);
    }
    let Some(person) = get::<Person>(store, &session.person_id).await? else {
        return Ok(None);
    };
    let Some(role) = Role::parse(&person.role) else {
        return Ok(None);
    };
    if !person.enabled {
        return Ok(None);
    }
    let organisation = get::<Organisation>(store, &person.organisation_id).await?;
    Ok(Some(SignedIn {
        role,
        organisation: organisation.map(|found| found.name).unwrap_or_default(),
        session_id: session.id,
        person,
    }))
}

/// Ends this session.
pub async fn sign_out(house: &House, who: &SignedIn) -> Result<(), StoreError> {
    let commit = Commit::new(who.actor(), house.now())
        .fact(NewFact::new(
            stream_of(&who.person.id),
            "signed-out",
            json!({}),
        ))
        .delete::<Session>(&who.session_id);
    house.store.commit(commit).await.map(|_| ())
}

/// Adds the end of all sessions of a person but `keep` to a commit.
pub(super) async fn end_others(
    house: &House,
    mut commit: Commit,
    person_id: &str,
    keep: Option<&str>,
) -> Result<Commit, StoreError> {
    for session in of_person(house, person_id).await? {
        if Some(session.id.as_str()) != keep {
            commit = commit.delete::<Session>(&session.id);
        }
    }
    Ok(commit)
}

/// Adds the end of expired and surplus sessions of a person to a commit.
pub(super) async fn end_stale(
    house: &House,
    mut commit: Commit,
    person_id: &str,
) -> Result<Commit, StoreError> {
    let now = house.now();
    for (newer, session) in of_person(house, person_id).await?.into_iter().enumerate() {
        if session.expires <= now || newer + 1 >= SESSIONS_MAX {
            commit = commit.delete::<Session>(&session.id);
        }
    }
    Ok(commit)
}

/// Newest first.
async fn of_person(house: &House, person_id: &str) -> Result<Vec<Session>, StoreError> {
    let query = Query::by("created")
        .descending()
        .filter("person_id", Compare::Equal, person_id)
        .limit(Query::LIMIT_MAX);
    Ok(list::<Session>(house.store.as_ref(), &query).await?.rows)
}
