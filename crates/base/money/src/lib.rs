//! Money: integer minor units of one currency. Never a float; conversion may refuse.
//!
//! A *minor unit* is the smallest booked unit of a currency: the fen, the cent; the yen itself
//! (ISO 4217 gives JPY no minor digits). A [`Money`] is a count of them with its [`Currency`].
//! Invariant: two amounts meet only in the same currency, and parts of a [`split()`] always sum to
//! the whole. Sources: ISO 4217 (codes and digits), largest remainder (Hamilton) for splitting.
//!
//! Reading order: [`Currency`], [`Money`], [`split()`].

mod currency;
mod lang;
mod money;
mod split;
mod text;

pub use currency::{Currency, CurrencyError};
pub use lang::Lang;
pub use money::{Money, MoneyError};
pub use split::{BASIS_POINTS, SplitError, split, split_basis_points};
pub use text::MoneyTextError;
