//! Reading: pages and single rows of what the story wrote, as far as the asker's role sees them.
//!
//! Invariant: a row the role may not see is absent, from lists, totals, searches and by id alike.
//! Words: a *listing* is one page with the total; its cursor is opaque and belongs to the same
//! filters, sorting and search text.

use crate::House;
use crate::accounts::{Action, Forbidden, SignedIn};
use backlot_ports::blobs::BlobError;
use backlot_ports::records::{
    Case, Evidence, Licence, Master, Match, RightsIn, StoryRun, Take, Work,
};
use backlot_ports::store::{Compare, Filter, Query, Record, StoreError, Value, get, list};

/// Longest page.
pub const LIMIT_MAX: u32 = Query::LIMIT_MAX;
/// Longest search text, characters.
pub const SEARCH_CHARS_MAX: usize = 100;

/// A record with lists: who reads it, by what it sorts, in which columns a search looks.
pub trait Listed: Record {
    const READ: Action;
    /// NOT NULL index columns a list sorts by.
    const SORTS: &'static [&'static str];
    /// The order when none is asked for, newest first.
    const NEWEST: &'static str;
    const SEARCHED: &'static [&'static str];
    /// What narrows the rows to those this person sees.
    fn scope(_who: &SignedIn) -> Vec<Filter> {
        Vec::new()
    }
    /// The same decision for one row.
    fn visible(&self, _who: &SignedIn) -> bool {
        true
    }
}

impl Listed for StoryRun {
    const READ: Action = Action::ReadStory;
    const SORTS: &'static [&'static str] = &["created", "state"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["state", "work_id"];
}

impl Listed for Take {
    const READ: Action = Action::ReadTakes;
    const SORTS: &'static [&'static str] = &["created", "name"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["name"];
}

impl Listed for Master {
    const READ: Action = Action::ReadMasters;
    const SORTS: &'static [&'static str] = &["created", "name"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["name"];
}

impl Listed for Work {
    const READ: Action = Action::ReadWorks;
    const SORTS: &'static [&'static str] = &["created", "title_zh", "title_en"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["title_zh", "title_en"];
}

impl Listed for Evidence {
    const READ: Action = Action::ReadEvidence;
    const SORTS: &'static [&'static str] = &["registered", "leaf_index", "act", "code"];
    const NEWEST: &'static str = "registered";
    const SEARCHED: &'static [&'static str] = &["code", "act"];
}

impl Listed for Licence {
    const READ: Action = Action::ReadLicences;
    const SORTS: &'static [&'static str] = &[
        "created",
        "licensee",
        "title_zh",
        "title_en",
        "state",
        "starts_on",
        "price_minor",
    ];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["licensee", "title_zh", "title_en"];
    fn scope(who: &SignedIn) -> Vec<Filter> {
        let own = who.only_licensee().map(|name| equal("licensee", name));
        own.into_iter().collect()
    }
    fn visible(&self, who: &SignedIn) -> bool {
        who.only_licensee().is_none_or(|name| name == self.licensee)
    }
}

impl Listed for RightsIn {
    const READ: Action = Action::ReadRights;
    const SORTS: &'static [&'static str] = &["created"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["work_id"];
}

impl Listed for Match {
    const READ: Action = Action::ReadMatches;
    const SORTS: &'static [&'static str] = &["created", "verdict"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["verdict", "work_id"];
}

impl Listed for Case {
    const READ: Action = Action::ReadMatches;
    const SORTS: &'static [&'static str] = &["created", "state"];
    const NEWEST: &'static str = "created";
    const SEARCHED: &'static [&'static str] = &["state", "work_id"];
}

/// `column = value`, for the filters of a request.
pub fn equal(column: &'static str, value: &str) -> Filter {
    Filter {
        column,
        compare: Compare::Equal,
        value: value.into(),
    }
}

#[derive(Debug, Clone, Default)]
pub struct ListRequest {
    /// 1 to [`LIMIT_MAX`]; 0 means 50.
    pub limit: u32,
    pub after: Option<String>,
    pub q: Option<String>,
    pub sort: Option<String>,
    pub descending: Option<bool>,
    pub filters: Vec<Filter>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Listing<R> {
    pub rows: Vec<R>,
    pub next: Option<String>,
    pub total: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("nothing with this id is known")]
    NotFound,
    #[error("lists of this kind sort by {}", allowed.join(", "))]
    Sort { allowed: &'static [&'static str] },
    #[error("the search text is longer than {SEARCH_CHARS_MAX} characters")]
    SearchText,
    #[error("the page cursor belongs to no page of this list")]
    Cursor,
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Blob(BlobError),
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor(_) => Self::Cursor,
            other => Self::Store(other),
        }
    }
}

/// One row by id.
pub async fn one<R: Listed>(house: &House, who: &SignedIn, id: &str) -> Result<R, ReadError> {
    who.allow(R::READ)?;
    let found = get::<R>(house.store.as_ref(), id).await?;
    found
        .filter(|row| row.visible(who))
        .ok_or(ReadError::NotFound)
}

/// How many rows this person sees.
pub async fn count<R: Listed>(
    house: &House,
    who: &SignedIn,
    filters: &[Filter],
) -> Result<i64, ReadError> {
    if !who.role.may(R::READ) {
        return Ok(0);
    }
    let all: Vec<Filter> = R::scope(who)
        .into_iter()
        .chain(filters.iter().cloned())
        .collect();
    Ok(house.store.count(R::TABLE, &all).await?)
}

/// One page.
pub async fn page<R: Listed>(
    house: &House,
    who: &SignedIn,
    request: &ListRequest,
) -> Result<Listing<R>, ReadError> {
    who.allow(R::READ)?;
    let order_by = match &request.sort {
        None => R::NEWEST,
        Some(name) => {
            let found = R::SORTS.iter().find(|column| *column == name);
            found
                .copied()
                .ok_or(ReadError::Sort { allowed: R::SORTS })?
        }
    };
    let limit = if request.limit == 0 {
        50
    } else {
        request.limit.min(LIMIT_MAX)
    };
    let query = Query {
        filters: R::scope(who)
            .into_iter()
            .chain(request.filters.iter().cloned())
            .collect(),
        order_by,
        descending: request.descending.unwrap_or(request.sort.is_none()),
        limit,
        after: request.after.clone(),
    };
    match request
        .q
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        None => {
            let page = list::<R>(house.store.as_ref(), &query).await?;
            let total = house.store.count(R::TABLE, &query.filters).await?;
            Ok(Listing {
                rows: page.rows,
                next: page.next,
                total,
            })
        }
        Some(text) if text.chars().count() > SEARCH_CHARS_MAX => Err(ReadError::SearchText),
        Some(text) => search::<R>(house, query, text).await,
    }
}

/// Rows with the text in any searched column: one query per column, merged. A search looks at the
/// first [`LIMIT_MAX`] rows of each column, so its total is exact up to there.
async fn search<R: Listed>(
    house: &House,
    query: Query,
    text: &str,
) -> Result<Listing<R>, ReadError> {
    let skip = match query.after.as_deref() {
        None => 0,
        Some(cursor) => {
            let digits = cursor.strip_prefix("found-").ok_or(ReadError::Cursor)?;
            digits.parse::<usize>().map_err(|_| ReadError::Cursor)?
        }
    };
    let mut found: Vec<R> = Vec::new();
    for column in R::SEARCHED {
        let mut one = query
            .clone()
            .filter(column, Compare::Contains, text)
            .limit(LIMIT_MAX);
        one.after = None;
        found.extend(list::<R>(house.store.as_ref(), &one).await?.rows);
    }
    found.sort_by(|a, b| {
        let order = key(a, query.order_by).cmp(&key(b, query.order_by));
        let order = order.then_with(|| a.id().cmp(b.id()));
        if query.descending {
            order.reverse()
        } else {
            order
        }
    });
    found.dedup_by(|a, b| a.id() == b.id());
    let total = found.len();
    let limit = query.limit as usize;
    let rows: Vec<R> = found.into_iter().skip(skip).take(limit).collect();
    let end = skip.saturating_add(rows.len());
    let next = (end < total).then(|| format!("found-{end}"));
    Ok(Listing {
        rows,
        next,
        total: i64::try_from(total).unwrap_or(i64::MAX),
    })
}

/// A sort key in the store's own order: numbers by value, texts by bytes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Null,
    Int(i64),
    Text(String),
}

fn key<R: Record>(row: &R, column: &str) -> Key {
    match row.index().into_iter().find(|(name, _)| *name == column) {
        Some((_, Value::Int(int))) => Key::Int(int),
        Some((_, Value::Text(text))) => Key::Text(text),
        _ => Key::Null,
    }
}

/// Everything of one work that hangs on it by `work_id`, oldest first, at most [`LIMIT_MAX`].
pub async fn of_work<R: Listed>(
    house: &House,
    who: &SignedIn,
    work_id: &str,
) -> Result<Vec<R>, ReadError> {
    let request = ListRequest {
        limit: LIMIT_MAX,
        sort: Some(R::NEWEST.to_owned()),
        descending: Some(false),
        filters: vec![equal("work_id", work_id)],
        ..ListRequest::default()
    };
    Ok(page::<R>(house, who, &request).await?.rows)
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_order_like_the_store() {
        assert!(Key::Int(9) < Key::Int(10));
        assert!(Key::Text("b".into()) > Key::Text("a".into()));
    }
}
