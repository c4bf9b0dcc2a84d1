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
use backlot_ports::store::{Compare, Filter, Query, Record, StoreError, get, list};

/// Longest page.
pub const LIMIT_MAX: u32 = Query::LIMIT_MAX;
/// Longest search text, characters.
pub const SEARCH_CHARS_MAX: usize = 100;
/// A search counts its hits up to here.
const FOUND_MAX: u32 = 1000;

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
    Filter::new(column, Compare::Equal, value)
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
    /// Rows on all pages together. A search of more than one page stops counting at 1,000: there,
    /// 1,000 means "1,000 or more".
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
    let mut filters: Vec<Filter> = R::scope(who)
        .into_iter()
        .chain(request.filters.iter().cloned())
        .collect();
    let q = request.q.as_deref().map(str::trim);
    let searched = q.filter(|text| !text.is_empty());
    if let Some(text) = searched {
        if text.chars().count() > SEARCH_CHARS_MAX {
            return Err(ReadError::SearchText);
        }
        filters.extend(Filter::any_contains(R::SEARCHED, text));
    }
    let query = Query {
        filters,
        order_by,
        descending: request.descending.unwrap_or(request.sort.is_none()),
        limit,
        after: request.after.clone(),
    };
    let page = list::<R>(house.store.as_ref(), &query).await?;
    let total = match searched {
        // The first page is all there is: it is its own count.
        _ if query.after.is_none() && page.next.is_none() => page.rows.len() as i64,
        Some(_) => {
            let store = house.store.as_ref();
            store
                .count_up_to(R::TABLE, &query.filters, FOUND_MAX)
                .await?
        }
        None => house.store.count(R::TABLE, &query.filters).await?,
    };
    Ok(Listing {
        rows: page.rows,
        next: page.next,
        total,
    })
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
