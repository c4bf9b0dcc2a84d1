//! People and their organisations: the first sign-in, inviting, changing, resetting.
//!
//! Invariant: there is always an enabled owner; whoever loses access loses all sessions with it.

use super::{AccountError, Action, FieldProblem, Role, SignedIn, normal_email, password};
use super::{person_by_email, session, stream_of, stream_version};
use crate::House;
use backlot_facts::NewFact;
use backlot_ports::records::{Organisation, Person};
use backlot_ports::store::{Commit, Compare, Query, StoreError, get, list};
use serde_json::json;

/// The e-mail of the first owner unless the binary is told another.
pub const FIRST_EMAIL: &str = "owner@backlot.local";
const TEXT_CHARS_MAX: usize = 200;

/// Printed once by the binary, never stored in clear.
pub struct FirstSignIn {
    pub email: String,
    pub password: String,
}

/// A new person and the password to hand over.
pub struct Invited {
    pub person: Person,
    pub one_time_password: String,
}

#[derive(Debug, Clone)]
pub struct Invite {
    pub email: String,
    pub name: String,
    pub role: String,
    pub locale: String,
    /// Name of the organisation; none = the inviter's own. A new name makes a new organisation.
    pub organisation: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct PersonChange {
    pub role: Option<String>,
    pub enabled: Option<bool>,
    pub reset_password: bool,
}

#[derive(Debug, Clone, Default)]
pub struct OwnChange {
    pub locale: Option<String>,
    pub name: Option<String>,
    pub old_password: Option<String>,
    pub new_password: Option<String>,
}

/// Creates the organisation and its owner when there is nobody yet; `None` on every later start.
pub async fn first_run(house: &House) -> Result<Option<FirstSignIn>, AccountError> {
    if house.store.count("people", &[]).await? > 0 {
        return Ok(None);
    }
    let word = password::one_time(house.random.as_ref());
    let hash = hash(house, &word).await?;
    let organisation = Organisation {
        id: house.new_id().to_string(),
        name: "Backlot".to_owned(),
        created: house.now(),
    };
    let person = Person {
        id: house.new_id().to_string(),
        organisation_id: organisation.id.clone(),
        email: FIRST_EMAIL.to_owned(),
        name: "Owner".to_owned(),
        role: Role::Owner.name().to_owned(),
        password_hash: hash,
        locale: "zh-CN".to_owned(),
        failed_sign_ins: 0,
        locked_until: None,
        enabled: true,
        created: house.now(),
    };
    let commit = Commit::new("system", house.now())
        .fact(organisation_created(&organisation))
        .fact(person_added(&person))
        .put(&organisation)?
        .put(&person)?;
    match house.store.commit(commit).await {
        Ok(_) => Ok(Some(FirstSignIn {
            email: person.email,
            password: word,
        })),
        // Two starts at the same moment: the other one printed it.
        Err(StoreError::Taken { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Everybody, by name. For the owner.
pub async fn people(house: &House, who: &SignedIn) -> Result<Vec<(Person, String)>, AccountError> {
    who.allow(Action::ManagePeople)?;
    let query = Query::by("name").limit(Query::LIMIT_MAX);
    let rows = list::<Person>(house.store.as_ref(), &query).await?.rows;
    let mut out = Vec::with_capacity(rows.len());
    for person in rows {
        let organisation = organisation_name(house, &person).await?;
        out.push((person, organisation));
    }
    Ok(out)
}

/// Name of a person's organisation, empty when it is gone.
pub async fn organisation_name(house: &House, person: &Person) -> Result<String, StoreError> {
    let found = get::<Organisation>(house.store.as_ref(), &person.organisation_id).await?;
    Ok(found
        .map(|organisation| organisation.name)
        .unwrap_or_default())
}

/// Adds a person with a one-time password.
pub async fn invite(
    house: &House,
    who: &SignedIn,
    invite: &Invite,
) -> Result<Invited, AccountError> {
    who.allow(Action::ManagePeople)?;
    let email = normal_email(&invite.email);
    if !looks_like_email(&email) {
        return Err(field("email", FieldProblem::Email));
    }
    let role = Role::parse(&invite.role).ok_or(field("role", FieldProblem::Role))?;
    let name = text("name", &invite.name)?;
    let locale = locale(&invite.locale)?;
    if person_by_email(house, &email).await?.is_some() {
        return Err(AccountError::EmailTaken);
    }
    let mut commit = Commit::new(who.actor(), house.now());
    let organisation_id = match &invite.organisation {
        None => who.person.organisation_id.clone(),
        Some(given) => {
            let name = text("organisation", given)?;
            let (organisation, is_new) = organisation_named(house, name).await?;
            if is_new {
                commit = commit
                    .fact(organisation_created(&organisation))
                    .put(&organisation)?;
            }
            organisation.id
        }
    };
    let word = password::one_time(house.random.as_ref());
    let person = Person {
        id: house.new_id().to_string(),
        organisation_id,
        email,
        name,
        role: role.name().to_owned(),
        password_hash: hash(house, &word).await?,
        locale,
        failed_sign_ins: 0,
        locked_until: None,
        enabled: true,
        created: house.now(),
    };
    match house
        .store
        .commit(commit.fact(person_added(&person)).put(&person)?)
        .await
    {
        Ok(_) => Ok(Invited {
            person,
            one_time_password: word,
        }),
        Err(StoreError::Taken { .. }) => Err(AccountError::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

/// Changes role, access or password of a person; the person's sessions end.
pub async fn change_person(
    house: &House,
    who: &SignedIn,
    person_id: &str,
    change: &PersonChange,
) -> Result<(Person, Option<String>), AccountError> {
    who.allow(Action::ManagePeople)?;
    let stream = stream_of(person_id);
    let version = stream_version(house, &stream).await?;
    let mut person = load(house, person_id).await?;
    let mut commit = Commit::new(who.actor(), house.now()).expect(stream.clone(), version);
    if let Some(given) = &change.role {
        let role = Role::parse(given).ok_or(field("role", FieldProblem::Role))?;
        if person.role != role.name() {
            let body = json!({ "from": person.role, "to": role.name() });
            commit = commit.fact(NewFact::new(stream.clone(), "role-changed", body));
            person.role = role.name().to_owned();
        }
    }
    if let Some(enabled) = change.enabled
        && person.enabled != enabled
    {
        let kind = if enabled {
            "person-enabled"
        } else {
            "person-disabled"
        };
        commit = commit.fact(NewFact::new(stream.clone(), kind, json!({})));
        person.enabled = enabled;
    }
    let mut word = None;
    if change.reset_password {
        let fresh = password::one_time(house.random.as_ref());
        set_password(house, &mut person, &fresh).await?;
        commit = commit.fact(NewFact::new(stream.clone(), "password-reset", json!({})));
        word = Some(fresh);
    }
    let stays_owner = person.enabled && person.role == Role::Owner.name();
    if !stays_owner {
        let (others, owners_version) = other_owners(house, person_id).await?;
        if others == 0 && was_owner(house, person_id).await? {
            return Err(AccountError::LastOwner);
        }
        commit = commit.expect(OWNERS, owners_version);
    }
    if commit.facts.is_empty() {
        return Ok((person, None));
    }
    if change.role.is_some() || change.enabled.is_some() {
        // Every change of role or access passes through one stream, so that two owners who
        // remove each other at the same moment cannot both succeed.
        commit = commit.fact(NewFact::new(
            OWNERS,
            "access-changed",
            json!({ "person": person.id }),
        ));
    }
    commit = session::end_others(house, commit, person_id, None).await?;
    save(house, commit.put(&person)?).await?;
    Ok((person, word))
}

/// Changes one's own name, language or password; a new password ends all other sessions.
pub async fn change_own(
    house: &House,
    who: &SignedIn,
    change: &OwnChange,
) -> Result<Person, AccountError> {
    let stream = who.actor();
    let version = stream_version(house, &stream).await?;
    let mut person = load(house, &who.person.id).await?;
    let mut commit = Commit::new(stream.clone(), house.now()).expect(stream.clone(), version);
    if let Some(given) = &change.locale {
        person.locale = locale(given)?;
    }
    if let Some(given) = &change.name {
        person.name = text("name", given)?;
    }
    if let Some(fresh) = &change.new_password {
        if !password::acceptable(fresh) {
            return Err(field("new_password", FieldProblem::Password));
        }
        let old = change.old_password.as_deref().unwrap_or_default();
        let right = password::verify(Some(&person.password_hash), old).await;
        if !right.map_err(|_| AccountError::Hash)? {
            return Err(AccountError::WrongPassword);
        }
        set_password(house, &mut person, fresh).await?;
        commit = commit.fact(NewFact::new(stream.clone(), "password-changed", json!({})));
        commit = session::end_others(house, commit, &person.id, Some(&who.session_id)).await?;
    }
    if change.locale.is_some() || change.name.is_some() {
        let body = json!({ "name": person.name, "locale": person.locale });
        commit = commit.fact(NewFact::new(stream, "profile-changed", body));
    }
    if !commit.facts.is_empty() {
        save(house, commit.put(&person)?).await?;
    }
    Ok(person)
}

/// For the command line of the machine's own administrator: a new password, the account unlocked.
pub async fn reset_password(house: &House, email: &str) -> Result<FirstSignIn, AccountError> {
    let found = person_by_email(house, &normal_email(email)).await?;
    let mut person = found.ok_or(AccountError::NoSuchPerson)?;
    let stream = stream_of(&person.id);
    let version = stream_version(house, &stream).await?;
    let word = password::one_time(house.random.as_ref());
    set_password(house, &mut person, &word).await?;
    person.enabled = true;
    let commit = Commit::new("system", house.now())
        .expect(stream.clone(), version)
        .fact(NewFact::new(
            stream,
            "password-reset",
            json!({ "by": "command-line" }),
        ))
        .put(&person)?;
    let commit = session::end_others(house, commit, &person.id, None).await?;
    save(house, commit).await?;
    Ok(FirstSignIn {
        email: person.email,
        password: word,
    })
}

/// The stream that orders changes of access.
const OWNERS: &str = "accounts/access";

async fn other_owners(house: &House, person_id: &str) -> Result<(usize, i64), StoreError> {
    let version = stream_version(house, OWNERS).await?;
    let query = Query::by("created").filter("role", Compare::Equal, Role::Owner.name());
    let rows = list::<Person>(house.store.as_ref(), &query.limit(Query::LIMIT_MAX))
        .await?
        .rows;
    let others = rows
        .iter()
        .filter(|person| person.enabled && person.id != person_id)
        .count();
    Ok((others, version))
}

async fn was_owner(house: &House, person_id: &str) -> Result<bool, StoreError> {
    let before = get::<Person>(house.store.as_ref(), person_id).await?;
    Ok(before.is_some_and(|person| person.enabled && person.role == Role::Owner.name()))
}

async fn load(house: &House, person_id: &str) -> Result<Person, AccountError> {
    let found = get::<Person>(house.store.as_ref(), person_id).await?;
    found.ok_or(AccountError::NoSuchPerson)
}

async fn save(house: &House, commit: Commit) -> Result<(), AccountError> {
    match house.store.commit(commit).await {
        Ok(_) => Ok(()),
        Err(StoreError::StreamMoved { .. }) => Err(AccountError::Busy),
        Err(error) => Err(error.into()),
    }
}

async fn set_password(house: &House, person: &mut Person, word: &str) -> Result<(), AccountError> {
    person.password_hash = hash(house, word).await?;
    person.failed_sign_ins = 0;
    person.locked_until = None;
    Ok(())
}

async fn hash(house: &House, word: &str) -> Result<String, AccountError> {
    password::hash(house.random.as_ref(), word)
        .await
        .map_err(|_| AccountError::Hash)
}

async fn organisation_named(
    house: &House,
    name: String,
) -> Result<(Organisation, bool), StoreError> {
    let query = Query::by("created")
        .filter("name", Compare::Equal, name.as_str())
        .limit(1);
    let found = list::<Organisation>(house.store.as_ref(), &query)
        .await?
        .rows
        .into_iter()
        .next();
    Ok(match found {
        Some(organisation) => (organisation, false),
        None => {
            let id = house.new_id().to_string();
            (
                Organisation {
                    id,
                    name,
                    created: house.now(),
                },
                true,
            )
        }
    })
}

fn organisation_created(organisation: &Organisation) -> NewFact {
    let stream = format!("organisation/{}", organisation.id);
    NewFact::new(
        stream,
        "organisation-created",
        json!({ "name": organisation.name }),
    )
}

fn person_added(person: &Person) -> NewFact {
    let body = json!({
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "organisation_id": person.organisation_id,
    });
    NewFact::new(stream_of(&person.id), "person-added", body)
}

const fn field(field: &'static str, problem: FieldProblem) -> AccountError {
    AccountError::Field { field, problem }
}

fn text(name: &'static str, given: &str) -> Result<String, AccountError> {
    let trimmed = given.trim();
    if trimmed.is_empty() || trimmed.chars().count() > TEXT_CHARS_MAX {
        return Err(field(name, FieldProblem::Length));
    }
    Ok(trimmed.to_owned())
}

fn locale(given: &str) -> Result<String, AccountError> {
    match given {
        "zh-CN" | "en" => Ok(given.to_owned()),
        _ => Err(field("locale", FieldProblem::Locale)),
    }
}

/// One `@` with something on both sides and no white space; the mail itself is the real test.
fn looks_like_email(email: &str) -> bool {
    let sides = email.split_once('@');
    email.len() <= 254
        && !email.contains(char::is_whitespace)
        && sides
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}
