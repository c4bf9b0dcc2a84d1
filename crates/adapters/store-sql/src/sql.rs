//! A statement under construction: text from constants, values only as `$1`, `$2` … arguments.
//!
//! SQLite and PostgreSQL both read `$n` (sqlx maps SQLite's named `$n` to the n-th argument), so
//! one text serves both.

use backlot_ports::store::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AssertSqlSafe, Row};

use crate::fault::{Doing, Fault};

pub type AnyQuery = sqlx::query::Query<'static, Any, AnyArguments>;

#[derive(Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends `$n` for this value. Callers bind no `Value::Null`: a null has no type of its own.
    pub fn bind(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
    }

    /// Appends `($n, $n+1, …)`.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) {
        self.push("(");
        for (nth, value) in values.into_iter().enumerate() {
            if nth > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")");
    }

    pub fn query(self) -> AnyQuery {
        let query = sqlx::query(AssertSqlSafe(self.text));
        self.values
            .into_iter()
            .fold(query, |query, value| match value {
                Value::Text(text) => query.bind(text),
                Value::Int(int) => query.bind(int),
                Value::Null => query.bind(None::<String>),
            })
    }
}

pub fn int(row: &AnyRow, column: &'static str) -> Result<i64, Fault> {
    row.try_get::<i64, _>(column)
        .doing("read an integer column")
}

pub fn text(row: &AnyRow, column: &'static str) -> Result<String, Fault> {
    row.try_get::<String, _>(column).doing("read a text column")
}

pub fn opt_int(row: &AnyRow, column: &'static str) -> Result<Option<i64>, Fault> {
    row.try_get::<Option<i64>, _>(column)
        .doing("read an integer column")
}

pub fn opt_text(row: &AnyRow, column: &'static str) -> Result<Option<String>, Fault> {
    row.try_get::<Option<String>, _>(column)
        .doing("read a text column")
}
