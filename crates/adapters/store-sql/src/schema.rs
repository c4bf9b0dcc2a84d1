//! The tables and columns SQL may name. Anything else is refused before a statement is built.
//!
//! Invariant: text that goes into a statement comes from here, never from a caller's string, so
//! no value can become SQL. One entry per record of `backlot_ports::records`.

use crate::fault::{Fault, refused};
use backlot_ports::store::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Text,
    /// Text with a lower-case copy in `<name>_folded`.
    Searched,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
}

const fn int(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Int,
    }
}
const fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Text,
    }
}
const fn searched(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Searched,
    }
}

/// PostgreSQL refuses index rows over 2,704 bytes; both engines refuse the same texts.
const TEXT_BYTES_MAX: usize = 2_000;
const ID_BYTES_MAX: usize = 200;
/// Streams, kinds, actors and subjects.
const NAME_BYTES_MAX: usize = 500;

const ID: Column = text("id");

pub const TABLES: &[Table] = &[
    Table {
        name: "organisations",
        columns: &[searched("name"), int("created")],
    },
    Table {
        name: "people",
        columns: &[
            text("organisation_id"),
            searched("email"),
            searched("name"),
            text("role"),
            int("created"),
        ],
    },
    Table {
        name: "sessions",
        columns: &[text("person_id"), int("created"), int("expires")],
    },
    Table {
        name: "uploads",
        columns: &[text("person_id"), int("created")],
    },
    Table {
        name: "story_runs",
        columns: &[text("work_id"), text("state"), int("created")],
    },
    Table {
        name: "works",
        columns: &[searched("title_zh"), searched("title_en"), int("created")],
    },
    Table {
        name: "takes",
        columns: &[text("work_id"), searched("name"), int("created")],
    },
    Table {
        name: "masters",
        columns: &[text("work_id"), searched("name"), int("created")],
    },
    Table {
        name: "evidence",
        columns: &[
            searched("code"),
            text("work_id"),
            text("act"),
            int("leaf_index"),
            int("registered"),
        ],
    },
    Table {
        name: "licences",
        columns: &[
            text("work_id"),
            searched("licensee"),
            searched("title_zh"),
            searched("title_en"),
            text("state"),
            text("starts_on"),
            int("price_minor"),
            int("created"),
        ],
    },
    Table {
        name: "rights_in",
        columns: &[text("work_id"), int("created")],
    },
    Table {
        name: "matches",
        columns: &[text("work_id"), text("verdict"), int("created")],
    },
    Table {
        name: "cases",
        columns: &[text("work_id"), text("state"), int("created")],
    },
];

/// Whether the index of this order holds the searched text too (migration 0003).
pub fn searches_in_order(table: &Table, order: Column) -> bool {
    (table.name, order.name) == ("licences", "created")
}

/// The table of this name.
pub fn table(name: &str) -> Result<&'static Table, Fault> {
    TABLES
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| refused("find a table", format!("`{name}` is not a record table")))
}

impl Table {
    /// A column lists may filter or sort by; `id` is one.
    pub fn column(&self, name: &str) -> Result<Column, Fault> {
        if name == ID.name {
            return Ok(ID);
        }
        let found = self.columns.iter().find(|column| column.name == name);
        found.copied().ok_or_else(|| {
            refused(
                "find a column",
                format!("`{}` has no column `{name}`", self.name),
            )
        })
    }

    /// The values of a put in the order of `columns`; all of them, each of its own kind.
    pub fn arrange<'v>(
        &self,
        index: &'v [(&'static str, Value)],
    ) -> Result<Vec<(Column, &'v Value)>, Fault> {
        let mut arranged = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            let given = index.iter().find(|(name, _)| *name == column.name);
            let Some((_, value)) = given else {
                let why = format!("`{}` needs a value for `{}`", self.name, column.name);
                return Err(refused("put a row", why));
            };
            self.check_kind(*column, value)?;
            if matches!(value, Value::Text(text) if text.len() > TEXT_BYTES_MAX) {
                let why = format!(
                    "`{}.{}` holds at most {TEXT_BYTES_MAX} bytes",
                    self.name, column.name
                );
                return Err(refused("put a row", why));
            }
            arranged.push((*column, value));
        }
        match index
            .iter()
            .find(|(name, _)| !self.columns.iter().any(|c| c.name == *name))
        {
            Some((name, _)) => Err(refused(
                "put a row",
                format!("`{}` has no column `{name}`", self.name),
            )),
            None => Ok(arranged),
        }
    }

    /// Refuses a value the column cannot hold.
    pub fn check_kind(&self, column: Column, value: &Value) -> Result<(), Fault> {
        let why = match (column.kind, value) {
            (_, Value::Null) => "is never null",
            (Kind::Int, Value::Text(_)) => "holds integers, not text",
            (Kind::Text | Kind::Searched, Value::Int(_)) => "holds text, not integers",
            (_, Value::Text(text)) if text.contains('\0') => "cannot hold a NUL character",
            _ => return Ok(()),
        };
        Err(refused(
            "check a value",
            format!("`{}.{}` {why}", self.name, column.name),
        ))
    }
}

/// Refuses the id of a row when it cannot be a key on every engine.
pub fn check_id(table: &Table, id: &str) -> Result<(), Fault> {
    if id.is_empty() || id.len() > ID_BYTES_MAX || id.contains('\0') {
        let why = format!(
            "a `{}` id has 1 to {ID_BYTES_MAX} bytes and no NUL",
            table.name
        );
        return Err(refused("put a row", why));
    }
    Ok(())
}

/// Refuses a stream, kind, actor or subject that cannot be a key on every engine.
pub fn check_name(doing: &'static str, what: &str, name: &str) -> Result<(), Fault> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains('\0') {
        let why = format!("the {what} has 1 to {NAME_BYTES_MAX} bytes and no NUL");
        return Err(refused(doing, why));
    }
    Ok(())
}

/// Lower case, character by character, so that a part of a text folds to a part of the folded text.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
