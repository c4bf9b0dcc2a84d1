//! Record rows: put, delete, one, a keyset page, a count.

use crate::cursor::{self, Place};
use crate::engine::{Engine, SqlStore};
use crate::fault::{Doing, Fault, refused};
use crate::schema::{Column, Kind, Table, check_id, fold, searches_in_order, table};
use crate::sql::{Sql, int, text};
use backlot_ports::store::{Compare, Filter, Page, Query, RowPut, StoreError, Value};
use sqlx::{AnyConnection, any::AnyRow};

/// Longer search words match nothing (SQLite refuses patterns over 50,000 bytes).
const NEEDLE_BYTES_MAX: usize = 10_000;
/// A search with at most this many hits is sorted; one with more walks its order and soon fills a
/// page.
const SORTED_MAX: usize = 1_000;

/// Insert or replace; a second row with the same unique value is [`StoreError::Taken`].
pub async fn put(connection: &mut AnyConnection, put: &RowPut) -> Result<(), Fault> {
    let table = table(put.table)?;
    let arranged = table.arrange(&put.index)?;
    check_id(table, &put.id)?;
    let mut columns = Vec::with_capacity(arranged.len() * 2 + 1);
    let mut values = vec![Value::from(put.id.as_str())];
    for (column, value) in &arranged {
        columns.push(column.name.to_owned());
        values.push((*value).clone());
        if let (Kind::Searched, Value::Text(text)) = (column.kind, value) {
            columns.push(format!("{}_folded", column.name));
            values.push(fold(text).into());
        }
    }
    columns.push("body".to_owned());
    values.push(put.body.as_str().into());
    let mut upsert = Sql::new("INSERT INTO ");
    upsert.push(table.name);
    upsert.push(&format!(" (id, {}) VALUES ", columns.join(", ")));
    upsert.bind_list(values);
    upsert.push(" ON CONFLICT (id) DO UPDATE SET ");
    let set: Vec<_> = columns
        .iter()
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    upsert.push(&set.join(", "));
    match upsert.query().execute(connection).await.doing("put a row") {
        Err(fault) if fault.is_unique_violation() => {
            Err(StoreError::Taken { table: table.name }.into())
        }
        outcome => outcome.map(drop),
    }
}

pub async fn delete(
    connection: &mut AnyConnection,
    table_name: &'static str,
    id: &str,
) -> Result<(), Fault> {
    let mut delete = Sql::new("DELETE FROM ");
    delete.push(table(table_name)?.name);
    delete.push(" WHERE id = ");
    delete.bind(id);
    delete
        .query()
        .execute(connection)
        .await
        .doing("delete a row")?;
    Ok(())
}

pub async fn one(
    store: &SqlStore,
    table_name: &'static str,
    id: &str,
) -> Result<Option<String>, Fault> {
    let mut select = Sql::new("SELECT body FROM ");
    select.push(table(table_name)?.name);
    select.push(" WHERE id = ");
    if id.contains('\0') {
        return Ok(None);
    }
    select.bind(id);
    let row = select
        .query()
        .fetch_optional(store.readers())
        .await
        .doing("read a row")?;
    row.as_ref().map(|row| text(row, "body")).transpose()
}

pub async fn page(
    store: &SqlStore,
    table_name: &'static str,
    query: &Query,
) -> Result<Page<String>, Fault> {
    let table = table(table_name)?;
    let order = table.column(query.order_by)?;
    let limit = query.limit.clamp(1, Query::LIMIT_MAX);
    let mut select = Sql::new("SELECT id, body");
    if order.name != "id" {
        select.push(", ");
        select.push(order.name);
    }
    select.push(" FROM ");
    select.push(table.name);
    push_filters(&mut select, table, &query.filters)?;
    if let Some(after) = &query.after {
        let place = cursor::decode(table, order, query, after)?;
        push_after(&mut select, order, query.descending, place);
    }
    let searches = |filter: &Filter| filter.compare == Compare::Contains;
    // PostgreSQL's planner chooses by itself between walking the order and sorting the hits.
    if store.engine == Engine::Sqlite
        && query.filters.iter().any(searches)
        && !searches_in_order(table, order)
    {
        match few_ids(store, table, &query.filters).await? {
            Some(ids) if ids.is_empty() => return Ok(nothing()),
            Some(ids) => {
                select.push(" AND id IN ");
                select.bind_list(ids);
            }
            None => {}
        }
    }
    let way = if query.descending { "DESC" } else { "ASC" };
    if order.name == "id" {
        select.push(&format!(" ORDER BY id {way} LIMIT "));
    } else {
        select.push(&format!(" ORDER BY {} {way}, id {way} LIMIT ", order.name));
    }
    select.bind(i64::from(limit) + 1);
    let rows = select
        .query()
        .fetch_all(store.readers())
        .await
        .doing("read a page")?;
    let shown = rows.len().min(limit as usize);
    let next = match rows[..shown].last() {
        Some(last) if rows.len() > shown => {
            Some(cursor::encode(table, query, &place_of(last, order)?))
        }
        _ => None,
    };
    let rows = rows[..shown]
        .iter()
        .map(|row| text(row, "body"))
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, next })
}

const fn nothing() -> Page<String> {
    Page {
        rows: Vec::new(),
        next: None,
    }
}

/// The ids of all rows that pass, in no order, when they are [`SORTED_MAX`] or fewer. The engine is
/// free to take the index that holds the searched text, where walking another order would fetch
/// every row. The page still applies all filters: a row may change in between.
async fn few_ids(
    store: &SqlStore,
    table: &Table,
    filters: &[Filter],
) -> Result<Option<Vec<String>>, Fault> {
    let mut select = Sql::new("SELECT id FROM ");
    select.push(table.name);
    push_filters(&mut select, table, filters)?;
    select.push(" LIMIT ");
    select.bind(SORTED_MAX as i64 + 1);
    let rows = select
        .query()
        .fetch_all(store.readers())
        .await
        .doing("search rows")?;
    if rows.len() > SORTED_MAX {
        return Ok(None);
    }
    rows.iter()
        .map(|row| text(row, "id"))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn place_of(row: &AnyRow, order: Column) -> Result<Place, Fault> {
    let value = match order.kind {
        Kind::Int => Value::Int(int(row, order.name)?),
        Kind::Text | Kind::Searched => Value::Text(text(row, order.name)?),
    };
    Ok(Place {
        value,
        id: text(row, "id")?,
    })
}

fn push_after(select: &mut Sql, order: Column, descending: bool, place: Place) {
    let way = if descending { "<" } else { ">" };
    if order.name == "id" {
        select.push(&format!(" AND id {way} "));
        select.bind(place.id);
    } else {
        select.push(&format!(" AND ({}, id) {way} ", order.name));
        select.bind_list([place.value, place.id.into()]);
    }
}

/// Counts rows, at most `limit` of them.
pub async fn count_up_to(
    store: &SqlStore,
    table_name: &'static str,
    filters: &[Filter],
    limit: u32,
) -> Result<i64, Fault> {
    let table = table(table_name)?;
    let mut select = Sql::new("SELECT COUNT(*) AS n FROM (SELECT id FROM ");
    select.push(table.name);
    push_filters(&mut select, table, filters)?;
    select.push(" LIMIT ");
    select.bind(i64::from(limit));
    select.push(") AS found");
    let row = select
        .query()
        .fetch_one(store.readers())
        .await
        .doing("count rows")?;
    int(&row, "n")
}

pub async fn count(
    store: &SqlStore,
    table_name: &'static str,
    filters: &[Filter],
) -> Result<i64, Fault> {
    let table = table(table_name)?;
    let mut select = Sql::new("SELECT COUNT(*) AS n FROM ");
    select.push(table.name);
    push_filters(&mut select, table, filters)?;
    let row = select
        .query()
        .fetch_one(store.readers())
        .await
        .doing("count rows")?;
    int(&row, "n")
}

/// ` WHERE …`, always at least one condition, so that callers can go on with `AND`.
fn push_filters(select: &mut Sql, table: &Table, filters: &[Filter]) -> Result<(), Fault> {
    select.push(" WHERE 1 = 1");
    for filter in filters {
        let column = table.column(filter.column)?;
        // A value no row can hold is not an error of the reader: nothing matches.
        let unheld = match &filter.value {
            Value::Null => true,
            Value::Text(text) => text.contains('\0') || text.len() > NEEDLE_BYTES_MAX,
            Value::Int(_) => false,
        };
        if unheld {
            select.push(" AND 1 = 0");
            continue;
        }
        select.push(" AND (");
        push_comparison(select, table, column, filter)?;
        for further in filter.or_columns {
            select.push(" OR ");
            push_comparison(select, table, table.column(further)?, filter)?;
        }
        select.push(")");
    }
    Ok(())
}

fn push_comparison(
    select: &mut Sql,
    table: &Table,
    column: Column,
    filter: &Filter,
) -> Result<(), Fault> {
    table.check_kind(column, &filter.value)?;
    match (filter.compare, &filter.value) {
        (Compare::Contains, Value::Text(needle)) => push_contains(select, column, needle),
        (Compare::Contains, _) => {
            let why = format!("`{}.{}` holds no text to search", table.name, column.name);
            return Err(refused("filter rows", why));
        }
        (compare, value) => {
            select.push(&format!("{} {} ", column.name, operator(compare)));
            select.bind(value.clone());
        }
    }
    Ok(())
}

const fn operator(compare: Compare) -> &'static str {
    match compare {
        Compare::Equal | Compare::Contains => "=",
        Compare::Less => "<",
        Compare::LessOrEqual => "<=",
        Compare::Greater => ">",
        Compare::GreaterOrEqual => ">=",
    }
}

/// `LIKE` on the folded column; a text column without one is folded by SQL, for ASCII only.
fn push_contains(select: &mut Sql, column: Column, needle: &str) {
    match column.kind {
        Kind::Searched => select.push(&format!("{}_folded LIKE ", column.name)),
        Kind::Text | Kind::Int => select.push(&format!("LOWER({}) LIKE ", column.name)),
    }
    let mut pattern = String::with_capacity(needle.len() + 2);
    pattern.push('%');
    for c in fold(needle).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    select.bind(pattern);
    select.push(" ESCAPE '!'");
}
