//! Accounts: organisations, people, roles, sign-in and sessions.
//!
//! Invariant: no secret leaves this module except a one-time password in an answer meant for one
//! pair of eyes. Facts and errors carry neither passwords nor session tokens.
//!
//! Reading order: [`roles`], [`password`], [`sign_in`], [`session`], [`people`].

pub mod password;
pub mod people;
pub mod roles;
pub mod session;
pub mod sign_in;

pub use people::{FirstSignIn, first_run, reset_password};
pub use roles::{Action, Forbidden, Role};
pub use session::{SignedIn, lookup, sign_out};
pub use sign_in::{SignInError, SignInRequest, sign_in};

use crate::House;
use backlot_ports::records::Person;
use backlot_ports::store::{Compare, Query, StoreError, list};

/// Why an account could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("nobody with this id or e-mail is known")]
    NoSuchPerson,
    #[error("the e-mail address is used by another person")]
    EmailTaken,
    #[error("the old password is not right")]
    WrongPassword,
    #[error("the last enabled owner cannot be disabled or lose the role")]
    LastOwner,
    /// A field that cannot be accepted, and why.
    #[error("field `{field}`: {problem}")]
    Field {
        field: &'static str,
        problem: FieldProblem,
    },
    #[error("somebody else changed the same account; try again")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("failed to hash a password")]
    Hash,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    #[error("must not be empty or longer than 200 characters")]
    Length,
    #[error("must be an e-mail address")]
    Email,
    #[error("must be a role of the house")]
    Role,
    #[error("must be `zh-CN` or `en`")]
    Locale,
    #[error("must have 12 to 200 characters")]
    Password,
}

/// The journal stream of one person.
pub fn stream_of(person_id: &str) -> String {
    format!("person/{person_id}")
}

/// Version of a stream: how many facts it holds.
pub(crate) async fn stream_version(house: &House, stream: &str) -> Result<i64, StoreError> {
    let newest = house.store.audit(i64::MAX, None, Some(stream), 1).await?;
    Ok(newest.first().map_or(0, |fact| fact.stream_seq))
}

pub(crate) async fn person_by_email(
    house: &House,
    email: &str,
) -> Result<Option<Person>, StoreError> {
    let query = Query::by("email")
        .filter("email", Compare::Equal, email)
        .limit(1);
    Ok(list::<Person>(house.store.as_ref(), &query)
        .await?
        .rows
        .into_iter()
        .next())
}

/// Trimmed and lowercase, the form under which people are stored and found.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
