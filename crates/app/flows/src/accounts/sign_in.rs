//! Signing in: the same time and text for unknown people, and a lockout after ten failures.
//!
//! Invariant: two wrong passwords at the same moment count as two, because the counter is
//! committed against the version of the person's stream that was read.

use super::{Role, session::SESSION_SECS};
use super::{
    SignedIn, normal_email, password, person_by_email, session, stream_of, stream_version,
};
use crate::House;
use backlot_facts::{NewFact, UtcMicros};
use backlot_ports::records::{Organisation, Person, Session};
use backlot_ports::store::{Commit, StoreError, get};
use serde_json::json;

/// Wrong passwords in a row that lock an account.
pub const FAILURES_MAX: i64 = 10;
/// How long it stays locked.
pub const LOCK_SECS: i64 = 15 * 60;
/// Tries to count a failure when others count at the same moment.
const RETRIES_MAX: u32 = 20;

#[derive(Debug, Clone, Copy)]
pub struct SignInRequest<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub user_agent: &'a str,
    /// Session id of the cookie the browser already has; it ends.
    pub replaces: Option<&'a str>,
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, disabled or wrong password; never says which.
    #[error("e-mail and password do not belong together")]
    Wrong,
    #[error("too many failures; locked until {}", until.to_rfc3339())]
    Locked { until: UtcMicros },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] password::HashFailed),
}

/// A signed-in person and the token for the cookie.
pub struct Opened {
    pub token: String,
    pub who: SignedIn,
    /// Lifetime for the cookie.
    pub max_age_secs: i64,
}

/// Checks a password and opens a session with a new token.
pub async fn sign_in(house: &House, request: SignInRequest<'_>) -> Result<Opened, SignInError> {
    let email = normal_email(request.email);
    let person = person_by_email(house, &email).await?;
    let stored = person.as_ref().map(|known| known.password_hash.as_str());
    let right = password::verify(stored, request.password).await?;
    let Some(person) = person else {
        // The same write as for a known person, so that both take the same time.
        let fact = NewFact::new("accounts/unknown", "sign-in-failed", json!({}));
        house
            .store
            .commit(Commit::new("system", house.now()).fact(fact))
            .await?;
        return Err(SignInError::Wrong);
    };
    if let Some(until) = locked(&person, house.now()) {
        return Err(SignInError::Locked { until });
    }
    let role = Role::parse(&person.role).filter(|_| person.enabled);
    match role {
        Some(role) if right => open(house, person, role, &request).await,
        _ => Err(count_failure(house, &person.id).await?),
    }
}

fn locked(person: &Person, now: UtcMicros) -> Option<UtcMicros> {
    person.locked_until.filter(|until| *until > now)
}

async fn open(
    house: &House,
    mut person: Person,
    role: Role,
    request: &SignInRequest<'_>,
) -> Result<Opened, SignInError> {
    let (token, row) = session::open(house, &person.id, request.user_agent);
    let stream = stream_of(&person.id);
    let mut commit = Commit::new(stream.clone(), house.now())
        .fact(NewFact::new(
            stream,
            "signed-in",
            json!({ "user_agent": row.user_agent }),
        ))
        .put(&row)?;
    if person.failed_sign_ins != 0 || person.locked_until.is_some() {
        person.failed_sign_ins = 0;
        person.locked_until = None;
        commit = commit.put(&person)?;
    }
    if let Some(old) = request.replaces {
        commit = commit.delete::<Session>(old);
    }
    commit = session::end_stale(house, commit, &person.id).await?;
    house.store.commit(commit).await?;
    let organisation = get::<Organisation>(house.store.as_ref(), &person.organisation_id).await?;
    let who = SignedIn {
        role,
        organisation: organisation.map(|found| found.name).unwrap_or_default(),
        session_id: row.id,
        person,
    };
    Ok(Opened {
        token,
        who,
        max_age_secs: SESSION_SECS,
    })
}

/// Counts one failure and locks at the tenth; returns what the asker is told.
async fn count_failure(house: &House, person_id: &str) -> Result<SignInError, StoreError> {
    let stream = stream_of(person_id);
    for _ in 0..RETRIES_MAX {
        let version = stream_version(house, &stream).await?;
        let Some(mut person) = get::<Person>(house.store.as_ref(), person_id).await? else {
            return Ok(SignInError::Wrong);
        };
        let now = house.now();
        if let Some(until) = locked(&person, now) {
            return Ok(SignInError::Locked { until });
        }
        if person.locked_until.take().is_some() {
            person.failed_sign_ins = 0; // A lock that ran out starts a new count.
        }
        person.failed_sign_ins += 1;
        let failures = person.failed_sign_ins;
        let mut commit = Commit::new("system", now)
            .expect(stream.clone(), version)
            .fact(NewFact::new(
                stream.clone(),
                "sign-in-failed",
                json!({ "failures": failures }),
            ));
        let mut answer = SignInError::Wrong;
        if failures >= FAILURES_MAX {
            let until = now.plus_secs(LOCK_SECS);
            person.locked_until = Some(until);
            let body = json!({ "until": until });
            commit = commit.fact(NewFact::new(stream.clone(), "locked-out", body));
            answer = SignInError::Locked { until };
        }
        match house.store.commit(commit.put(&person)?).await {
            Ok(_) => return Ok(answer),
            Err(StoreError::StreamMoved { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(SignInError::Wrong)
}
