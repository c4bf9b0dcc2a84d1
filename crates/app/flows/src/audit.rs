//! Who did what when: the journal, newest first, with the names of people.

use crate::House;
use crate::accounts::{Action, Forbidden, SignedIn};
use backlot_facts::ChainedFact;
use backlot_ports::records::Person;
use backlot_ports::store::{StoreError, get};
use std::collections::BTreeMap;

pub const LIMIT_MAX: u32 = 500;

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Clone, Default)]
pub struct AuditRequest {
    /// Journal number; none = from the newest.
    pub before: Option<i64>,
    pub actor: Option<String>,
    pub stream: Option<String>,
    /// 1 to [`LIMIT_MAX`].
    pub limit: u32,
}

#[derive(Debug)]
pub struct Audit {
    /// Fact and, when a person did it, the name.
    pub rows: Vec<(ChainedFact, Option<String>)>,
    pub next_before: Option<i64>,
}

pub async fn audit(
    house: &House,
    who: &SignedIn,
    request: &AuditRequest,
) -> Result<Audit, AuditError> {
    who.allow(Action::ReadAudit)?;
    let limit = request.limit.clamp(1, LIMIT_MAX);
    let before = request.before.unwrap_or(i64::MAX);
    let (actor, stream) = (request.actor.as_deref(), request.stream.as_deref());
    let facts = house.store.audit(before, actor, stream, limit).await?;
    let is_full = facts.len() == limit as usize;
    let next_before = facts.last().filter(|_| is_full).map(|fact| fact.seq);
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(facts.len());
    for fact in facts {
        if !names.contains_key(&fact.actor) {
            names.insert(fact.actor.clone(), name_of(house, &fact.actor).await?);
        }
        let name = names.get(&fact.actor).cloned().flatten();
        rows.push((fact, name));
    }
    Ok(Audit { rows, next_before })
}

async fn name_of(house: &House, actor: &str) -> Result<Option<String>, StoreError> {
    let Some(id) = actor.strip_prefix("person/") else {
        return Ok(None);
    };
    Ok(get::<Person>(house.store.as_ref(), id)
        .await?
        .map(|person| person.name))
}
