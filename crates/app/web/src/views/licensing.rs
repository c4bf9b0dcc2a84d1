//! Shapes of the licensing calls. `GrantRequest`, `PaymentBody` and `Vocab` mirror types of the
//! flows; a test holds them together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A licence as a form asks for it.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    pub work_id: String,
    pub licensee: String,
    /// `World ex CN,US`, in Chinese or English.
    pub territories: String,
    /// Codes or names of media.
    pub media: Vec<String>,
    /// `zh-Hans:audio`, `en:sub`; a tag alone means every use.
    pub languages: Vec<String>,
    /// First day, ISO date.
    pub starts_on: String,
    /// First day no longer licensed; null = open.
    #[schema(required)]
    pub ends_on: Option<String>,
    pub exclusive: bool,
    pub price_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Who gets which part of the price; none = all to the house.
    #[serde(default)]
    pub shares: Vec<Share>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub party: String,
    /// Hundredths of a percent; all together 10,000.
    pub basis_points: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    pub receipt_no: String,
    /// ISO date.
    pub paid_on: String,
    pub amount_minor: i64,
    pub currency: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminateBody {
    pub reason: String,
}

/// What the form shows while it is filled in.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantCheck {
    pub free: bool,
    #[schema(required)]
    pub refusal: Option<super::Refusal>,
    /// Shortest form of the territories, empty when they cannot be read.
    pub territories_normalised: String,
    pub territory_count: usize,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocab {
    pub media: Vec<Medium>,
    pub territory_groups: Vec<TerritoryGroup>,
    pub territories: Vec<Territory>,
    pub languages: Vec<Language>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Medium {
    pub code: String,
    /// Code of the branch above; null for branches.
    #[schema(required)]
    pub parent: Option<String>,
    pub name_zh: String,
    pub name_en: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerritoryGroup {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub members: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Language {
    pub tag: String,
    pub name_zh: String,
    pub name_en: String,
}
