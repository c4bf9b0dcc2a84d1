//! What can go wrong below the port, and how it is named above it.
//!
//! A [`Fault`] keeps the driver's error so that a write can be retried when the database says
//! "serialisation failure" (40001) or "deadlock" (40P01). SQLITE_FULL, PostgreSQL's 53100 and
//! ENOSPC become [`StoreError::Full`].

use backlot_ports::store::StoreError;

#[derive(Debug)]
pub enum Fault {
    Store(StoreError),
    Sql {
        doing: &'static str,
        source: sqlx::Error,
    },
}

/// Names the step a driver error belongs to.
pub trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, Fault>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, Fault> {
        self.map_err(|source| Fault::Sql { doing, source })
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Fault {
    fn code(&self) -> Option<String> {
        match self {
            Self::Sql {
                source: sqlx::Error::Database(error),
                ..
            } => error.code().map(std::borrow::Cow::into_owned),
            _ => None,
        }
    }

    /// The database undid the transaction and asks for it again.
    pub fn wants_retry(&self) -> bool {
        matches!(self.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Two starters created the same thing at once (PostgreSQL, duplicate table or type).
    pub fn is_race_to_create(&self) -> bool {
        matches!(self.code().as_deref(), Some("42P07" | "42710" | "23505"))
    }

    /// SQLITE_BUSY in any of its forms.
    pub fn is_busy(&self) -> bool {
        let code = self.code().and_then(|code| code.parse::<i64>().ok());
        code.is_some_and(|code| code & 0xff == 5)
    }

    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql { source: sqlx::Error::Database(error), .. }
            if error.is_unique_violation())
    }

    fn is_full(&self) -> bool {
        match self {
            Self::Sql {
                source: sqlx::Error::Io(error),
                ..
            } => error.kind() == std::io::ErrorKind::StorageFull,
            // 13: SQLITE_FULL; 53100: disk_full. SQLite codes are decimal, so five digits of
            // PostgreSQL cannot be taken for one.
            _ => matches!(self.code().as_deref(), Some("13" | "53100")),
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let full = fault.is_full();
        match fault {
            Fault::Store(error) => error,
            Fault::Sql { source, .. } if full => Self::Full(source.to_string()),
            Fault::Sql { doing, source } => Self::Backend {
                doing,
                source: Box::new(source),
            },
        }
    }
}

/// A refusal of our own, in the shape of the port.
pub fn refused(doing: &'static str, why: impl Into<String>) -> Fault {
    Fault::Store(StoreError::Backend {
        doing,
        source: why.into().into(),
    })
}
