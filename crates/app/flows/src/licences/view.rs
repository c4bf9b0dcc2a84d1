//! Refusals as people see them: both languages, the grant in the way, a window that is free.

use backlot_license::{Lang, Refusal, Window, Witness};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalView {
    /// Stable, `licence.overlaps-exclusive`.
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
    pub witness: Option<WitnessView>,
    pub nearest_free: Option<FreeWindow>,
    /// The form field to look at.
    pub field: Option<String>,
}

/// The standing licence in the way and exactly where the two meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessView {
    pub licence_id: String,
    pub licensee: String,
    pub territories: String,
    pub media: Vec<String>,
    pub languages: Vec<String>,
    pub starts_on: String,
    pub ends_on: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeWindow {
    pub starts_on: String,
    pub ends_on: Option<String>,
}

impl RefusalView {
    pub fn of(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code().to_owned(),
            text_zh: refusal.message(Lang::Zh),
            text_en: refusal.message(Lang::En),
            witness: refusal.witness().map(witness),
            nearest_free: refusal.nearest_free().map(free),
            field: field(refusal.code()).map(str::to_owned),
        }
    }
}

fn witness(found: &Witness) -> WitnessView {
    let overlap = &found.overlap;
    let window = overlap.window();
    WitnessView {
        licence_id: found.licence.to_string(),
        licensee: found.licensee.clone(),
        territories: overlap.territories().code_text(window.starts_on()),
        media: overlap
            .media()
            .iter()
            .map(|medium| medium.key().to_owned())
            .collect(),
        languages: overlap
            .languages()
            .code_text()
            .split("; ")
            .map(str::to_owned)
            .collect(),
        starts_on: window.starts_on().to_string(),
        ends_on: window.ends_on().map(|day| day.to_string()),
    }
}

fn free(window: &Window) -> FreeWindow {
    FreeWindow {
        starts_on: window.starts_on().to_string(),
        ends_on: window.ends_on().map(|day| day.to_string()),
    }
}

fn field(code: &str) -> Option<&'static str> {
    Some(match code {
        "licence.no-territory"
        | "licence.unknown-territory"
        | "licence.bad-territory-expression" => "territories",
        "licence.no-medium" | "licence.unknown-medium" | "licence.bad-media-expression" => "media",
        "licence.no-language" | "licence.unknown-language" => "languages",
        "licence.bad-date" | "licence.empty-window" => "starts_on",
        "licence.negative-price" => "price_minor",
        "licence.share-sum" | "licence.party-twice" | "licence.too-many-parties" => "shares",
        "licence.field-missing" | "licence.field-too-long" => "licensee",
        "payment.wrong-amount" | "payment.over-outstanding" => "amount_minor",
        "payment.wrong-currency" => "currency",
        "payment.dated-in-future" => "paid_on",
        "payment.duplicate" => "receipt_no",
        _ => return None,
    })
}
