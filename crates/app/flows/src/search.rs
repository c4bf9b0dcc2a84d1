//! One search over everything a role sees, for the command palette.

use crate::House;
use crate::accounts::people::people;
use crate::accounts::{AccountError, Action, SignedIn};
use crate::reading::{ListRequest, Listed, ReadError, page};
use backlot_ports::records::{Evidence, Licence, Master, Person, Take, Work};

/// Hits of each kind.
pub const HITS_PER_KIND: u32 = 5;

/// What was found, in the order of the story.
#[derive(Debug)]
pub struct Found {
    pub works: Vec<Work>,
    pub takes: Vec<Take>,
    pub masters: Vec<Master>,
    pub evidence: Vec<Evidence>,
    pub licences: Vec<Licence>,
    pub people: Vec<Person>,
}

pub async fn search(house: &House, who: &SignedIn, text: &str) -> Result<Found, ReadError> {
    Ok(Found {
        works: hits(house, who, text).await?,
        takes: hits(house, who, text).await?,
        masters: hits(house, who, text).await?,
        evidence: hits(house, who, text).await?,
        licences: hits(house, who, text).await?,
        people: people_hits(house, who, text).await?,
    })
}

async fn hits<R: Listed>(house: &House, who: &SignedIn, text: &str) -> Result<Vec<R>, ReadError> {
    if !who.role.may(R::READ) {
        return Ok(Vec::new());
    }
    let request = ListRequest {
        limit: HITS_PER_KIND,
        q: Some(text.to_owned()),
        ..ListRequest::default()
    };
    Ok(page::<R>(house, who, &request).await?.rows)
}

async fn people_hits(house: &House, who: &SignedIn, text: &str) -> Result<Vec<Person>, ReadError> {
    if text.trim().is_empty() || !who.role.may(Action::ManagePeople) {
        return Ok(Vec::new());
    }
    let wanted = text.trim().to_lowercase();
    let everybody = people(house, who).await.map_err(|error| match error {
        AccountError::Forbidden(refused) => ReadError::Forbidden(refused),
        AccountError::Store(error) => error.into(),
        _ => ReadError::NotFound,
    })?;
    let named = everybody.into_iter().map(|(person, _)| person);
    let found = named.filter(|person| {
        person.name.to_lowercase().contains(&wanted) || person.email.contains(&wanted)
    });
    Ok(found.take(HITS_PER_KIND as usize).collect())
}
