//! Licences: check, grant, pay, terminate. The decision is `backlot_license::decide`; here the
//! work's facts are loaded with their version and the outcome is committed against that version, so
//! two sellers can never both win.

mod rows;
mod view;
mod vocabulary;

pub use rows::{licence_row, rights_in_row};
pub use view::{FreeWindow, RefusalView, WitnessView};
pub use vocabulary::{
    LanguageWord, MediaWord, TerritoryGroupWord, TerritoryWord, Vocabulary, vocabulary,
};

use crate::House;
use backlot_facts::{Id, UtcMicros};
use backlot_license::{
    self as license, Command, Currency, Date, Fact, FactError, LicenceId, Money, PartyShare,
    Refusal, Scope, ScopeText, Termination, WorkId, WorkRights, decide,
};
use backlot_ports::records::{Licence, Organisation, Work};
use backlot_ports::store::{self, Commit, StoreError};
use serde::{Deserialize, Serialize};

/// Dates of contracts are those of the house: UTC+8.
pub const HOUSE_UTC_OFFSET_SECS: i64 = 8 * 3600;
const TRIES_MAX: usize = 5;
const LIST_MAX: usize = 500;

/// A licence as a form asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    pub work_id: String,
    pub licensee: String,
    /// `World ex CN,US`, in Chinese or English.
    pub territories: String,
    /// Keys or names of media.
    pub media: Vec<String>,
    /// `zh-Hans:audio`, `en:sub`; a tag alone means every use.
    pub languages: Vec<String>,
    /// First day.
    pub starts_on: String,
    /// First day no longer licensed; none = open.
    pub ends_on: Option<String>,
    pub exclusive: bool,
    pub price_minor: i64,
    pub currency: String,
    /// Who gets which part of the price; none = all to the house.
    #[serde(default)]
    pub shares: Vec<ShareRequest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRequest {
    pub party: String,
    pub basis_points: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    pub receipt_no: String,
    pub paid_on: String,
    pub amount_minor: i64,
    pub currency: String,
}

/// What the form shows while it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckAnswer {
    pub free: bool,
    pub refusal: Option<RefusalView>,
    /// Shortest form of the territories asked for, empty when they cannot be read.
    pub territories_normalised: String,
    pub territory_count: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum LicenceFlowError {
    #[error("{}: {}", .0.code, .0.text_en)]
    Refused(Box<RefusalView>),
    #[error("the work `{0}` does not exist")]
    NoSuchWork(String),
    #[error("the licence `{0}` does not exist")]
    NoSuchLicence(String),
    #[error("the work was changed by others {TRIES_MAX} times while deciding; try again")]
    Contended,
    #[error(transparent)]
    Facts(#[from] FactError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for LicenceFlowError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(RefusalView::of(&refusal)))
    }
}

/// Whether the grant would be accepted now; writes nothing.
pub async fn check(house: &House, request: &GrantRequest) -> Result<CheckAnswer, LicenceFlowError> {
    let (rights, _) = load(house, &request.work_id).await?;
    let as_at = Date::parse(request.starts_on.trim()).unwrap_or_else(|_| today(house.now()));
    let territories = license::TerritorySet::parse(&request.territories, as_at);
    let (territories_normalised, territory_count) = match &territories {
        Ok(set) => (set.code_text(as_at), set.len()),
        Err(_) => (String::new(), 0),
    };
    let refusal = match asked(house, request, LicenceId(house.new_id())).await {
        Ok(asked) => license::check(&rights, &asked)
            .refusal
            .map(|refusal| RefusalView::of(&refusal)),
        Err(LicenceFlowError::Refused(refusal)) => Some(*refusal),
        Err(error) => return Err(error),
    };
    Ok(CheckAnswer {
        free: refusal.is_none(),
        refusal,
        territories_normalised,
        territory_count,
    })
}

pub async fn grant(
    house: &House,
    request: &GrantRequest,
    actor: &str,
) -> Result<Licence, LicenceFlowError> {
    let id = LicenceId(house.new_id());
    let asked = asked(house, request, id.clone()).await?;
    change(house, &request.work_id, &id, actor, || {
        Command::GrantLicence(asked.clone())
    })
    .await
}

pub async fn pay(
    house: &House,
    licence_id: &str,
    request: &PaymentRequest,
    actor: &str,
) -> Result<Licence, LicenceFlowError> {
    let standing = row(house, licence_id).await?;
    let id = parse_id(licence_id)?;
    let receipt = license::Receipt {
        receipt_no: request.receipt_no.trim().to_owned(),
        licence: id.clone(),
        amount: Money::new(request.amount_minor, currency(&request.currency)?),
        paid_on: Date::parse(request.paid_on.trim()).map_err(Refusal::from)?,
        payer: standing.licensee,
    };
    change(house, &standing.work_id, &id, actor, || {
        Command::RecordPayment(receipt.clone())
    })
    .await
}

/// Ends a licence today.
pub async fn terminate(
    house: &House,
    licence_id: &str,
    reason: &str,
    actor: &str,
) -> Result<Licence, LicenceFlowError> {
    let standing = row(house, licence_id).await?;
    let id = parse_id(licence_id)?;
    let termination = Termination {
        licence: id.clone(),
        ends_on: today(house.now()),
        reason: reason.trim().to_owned(),
    };
    change(house, &standing.work_id, &id, actor, || {
        Command::TerminateLicence(termination.clone())
    })
    .await
}

/// Loads, decides and commits; again when somebody else changed the work in between.
async fn change(
    house: &House,
    work_id: &str,
    licence: &LicenceId,
    actor: &str,
    command: impl Fn() -> Command,
) -> Result<Licence, LicenceFlowError> {
    let work = work(house, work_id).await?;
    for _ in 0..TRIES_MAX {
        let (mut rights, version) = load(house, work_id).await?;
        let now = house.now();
        let facts = decide(&rights, command(), today(now))?;
        for fact in &facts {
            rights.apply(fact);
        }
        let standing = rights
            .licence(licence)
            .ok_or_else(|| LicenceFlowError::NoSuchLicence(licence.to_string()))?;
        let created = row(house, &licence.to_string())
            .await
            .map_or(now, |row| row.created);
        let changed = licence_row(&work, standing, created);
        if facts.is_empty() {
            return Ok(changed);
        }
        let commit = commit_of(actor, now, &rights.work, version, &facts).put(&changed)?;
        match house.store.commit(commit).await {
            Ok(_) => return Ok(changed),
            Err(StoreError::StreamMoved { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(LicenceFlowError::Contended)
}

fn commit_of(actor: &str, now: UtcMicros, work: &WorkId, version: i64, facts: &[Fact]) -> Commit {
    let start = Commit::new(actor, now).expect(work.stream(), version);
    facts
        .iter()
        .fold(start, |commit, fact| commit.fact(fact.to_new_fact(work)))
}

/// The work's rights and the version of its stream.
pub(crate) async fn load(
    house: &House,
    work_id: &str,
) -> Result<(WorkRights, i64), LicenceFlowError> {
    let id = Id::parse(work_id).map_err(|_| LicenceFlowError::NoSuchWork(shown(work_id)))?;
    let work = WorkId(id);
    let stream = house.store.stream(&work.stream()).await?;
    let version = stream.last().map_or(0, |fact| fact.stream_seq);
    Ok((WorkRights::replay(work, &stream)?, version))
}

async fn work(house: &House, work_id: &str) -> Result<Work, LicenceFlowError> {
    store::get::<Work>(house.store.as_ref(), work_id)
        .await?
        .ok_or_else(|| LicenceFlowError::NoSuchWork(shown(work_id)))
}

async fn row(house: &House, licence_id: &str) -> Result<Licence, LicenceFlowError> {
    store::get::<Licence>(house.store.as_ref(), licence_id)
        .await?
        .ok_or_else(|| LicenceFlowError::NoSuchLicence(shown(licence_id)))
}

fn parse_id(licence_id: &str) -> Result<LicenceId, LicenceFlowError> {
    Id::parse(licence_id)
        .map(LicenceId)
        .map_err(|_| LicenceFlowError::NoSuchLicence(shown(licence_id)))
}

fn shown(id: &str) -> String {
    id.chars().take(60).collect()
}

/// The form's words as the typed request.
async fn asked(
    house: &House,
    request: &GrantRequest,
    id: LicenceId,
) -> Result<license::GrantRequest, LicenceFlowError> {
    let work = work(house, &request.work_id).await?;
    if request.media.len() > LIST_MAX || request.languages.len() > LIST_MAX {
        return Err(Refusal::FieldTooLong { field: "media" }.into());
    }
    let as_at = Date::parse(request.starts_on.trim()).map_err(Refusal::from)?;
    let text = ScopeText {
        territories: request.territories.clone(),
        media: request.media.join(" + "),
        languages: request.languages.join("; "),
        starts_on: request.starts_on.clone(),
        ends_on: request.ends_on.clone(),
    };
    let shares = if request.shares.is_empty() {
        vec![PartyShare {
            party: owner_name(house, &work).await?,
            role: String::new(),
            basis_points: 10_000,
        }]
    } else {
        let shares = request.shares.iter().map(|share| PartyShare {
            party: share.party.trim().to_owned(),
            role: String::new(),
            basis_points: share.basis_points,
        });
        shares.collect()
    };
    Ok(license::GrantRequest {
        id,
        licensee: request.licensee.trim().to_owned(),
        scope: Scope::parse(&text, as_at)?,
        exclusive: request.exclusive,
        price: Money::new(request.price_minor, currency(&request.currency)?),
        shares,
        reference: String::new(),
    })
}

async fn owner_name(house: &House, work: &Work) -> Result<String, StoreError> {
    let owner = store::get::<Organisation>(house.store.as_ref(), &work.organisation_id).await?;
    Ok(owner.map_or_else(|| "Backlot".to_owned(), |organisation| organisation.name))
}

fn currency(code: &str) -> Result<Currency, LicenceFlowError> {
    Currency::parse(code.trim()).map_err(|_| {
        LicenceFlowError::Refused(Box::new(RefusalView {
            code: "licence.unknown-currency".to_owned(),
            text_zh: format!(
                "货币代码“{}”不是 ISO 4217 的三字母代码，例如 CNY、USD。",
                shown(code)
            ),
            text_en: format!(
                "`{}` is not a three-letter ISO 4217 currency code, such as CNY or USD.",
                shown(code)
            ),
            witness: None,
            nearest_free: None,
            field: Some("currency".to_owned()),
        }))
    })
}

/// The house's date.
pub fn today(now: UtcMicros) -> Date {
    Date::of_unix_secs(now.as_secs() + HOUSE_UTC_OFFSET_SECS)
}
