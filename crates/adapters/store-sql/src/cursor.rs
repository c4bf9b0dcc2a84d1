//! Page cursors: the order value and id of the last row shown, as opaque text.
//!
//! A cursor names its table, order and direction, so one page's cursor cannot be used on
//! another list.

use crate::schema::{Column, Kind, Table};
use backlot_ports::store::{Query, StoreError, Value};
use serde_json::json;

/// Twice the longest cursor text we would ever hand out for a title.
const LENGTH_MAX: usize = 16_384;

/// Where the page before ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub value: Value,
    pub id: String,
}

pub fn encode(table: &Table, query: &Query, place: &Place) -> String {
    let value = match &place.value {
        Value::Text(text) => json!(text),
        Value::Int(int) => json!(int),
        Value::Null => json!(null),
    };
    let all = json!([
        1,
        table.name,
        query.order_by,
        query.descending,
        value,
        place.id
    ]);
    hex::encode(all.to_string())
}

/// Strict: version, table, order, direction and the value's kind must all fit.
pub fn decode(
    table: &Table,
    column: Column,
    query: &Query,
    text: &str,
) -> Result<Place, StoreError> {
    let refuse = || StoreError::Cursor(text.chars().take(80).collect());
    if text.len() > LENGTH_MAX {
        return Err(refuse());
    }
    let bytes = hex::decode(text).map_err(|_| refuse())?;
    let parsed: (i64, String, String, bool, serde_json::Value, String) =
        serde_json::from_slice(&bytes).map_err(|_| refuse())?;
    let (version, of_table, order_by, descending, value, id) = parsed;
    let fits = version == 1
        && of_table == table.name
        && order_by == query.order_by
        && descending == query.descending
        && !id.contains('\0');
    let value = match (column.kind, value) {
        (Kind::Int, serde_json::Value::Number(number)) => number.as_i64().map(Value::Int),
        (Kind::Text | Kind::Searched, serde_json::Value::String(text)) => Some(text)
            .filter(|text| !text.contains('\0'))
            .map(Value::Text),
        _ => None,
    };
    value
        .filter(|_| fits)
        .map(|value| Place { value, id })
        .ok_or_else(refuse)
}
