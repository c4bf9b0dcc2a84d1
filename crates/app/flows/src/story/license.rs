//! License: the house records what it holds, grants three licences, is refused the fourth, and
//! books a payment that is split to the last minor unit. One commit.

use super::{Outcome, Step};
use crate::licences::{self, LicenceFlowError, RefusalView, licence_row, rights_in_row};
use crate::worker::JobError;
use backlot_facts::UtcMicros;
use backlot_license::{
    Command, Currency, Date, GrantRequest, LicenceId, Money, PartyShare, Receipt, RightsIn,
    RightsInId, Scope, ScopeText, WorkRights, decide,
};
use backlot_ports::records::Work;
use backlot_ports::store;
use serde_json::{Value, json};

/// What the demo grants: role, licensee, territories, media, languages, years, exclusive, price in
/// minor units, currency. The fourth overlaps the first.
struct Wish {
    role: &'static str,
    licensee: &'static str,
    territories: &'static str,
    media: &'static str,
    languages: &'static str,
    from_year: i32,
    until_year: i32,
    exclusive: bool,
    price_minor: i64,
    currency: &'static str,
}

const GRANTED: [Wish; 3] = [
    Wish {
        role: "licence-1",
        licensee: "Nordlicht Streaming GmbH",
        territories: "DACH + Benelux",
        media: "SVOD",
        languages: "en:dub+sub; de:dub+sub",
        from_year: 1,
        until_year: 3,
        exclusive: true,
        price_minor: 12_345_677,
        currency: "EUR",
    },
    Wish {
        role: "licence-2",
        licensee: "东海卫视",
        territories: "CN",
        media: "Free TV",
        languages: "zh-Hans:audio+sub",
        from_year: 1,
        until_year: 2,
        exclusive: false,
        price_minor: 68_000_000,
        currency: "CNY",
    },
    Wish {
        role: "licence-3",
        licensee: "Mekong Airlines",
        territories: "ASEAN",
        media: "Airline",
        languages: "en:sub; zh:audio",
        from_year: 1,
        until_year: 2,
        exclusive: false,
        price_minor: 250_000,
        currency: "USD",
    },
];

const REFUSED: Wish = Wish {
    role: "licence-4",
    licensee: "Alpenglühen TV AG",
    territories: "DE, AT",
    media: "SVOD",
    languages: "de:sub",
    from_year: 2,
    until_year: 4,
    exclusive: false,
    price_minor: 1_000_000,
    currency: "EUR",
};

/// Producer, performer, studio: parts of ten thousand.
const SHARES: [(&str, &str, u32); 3] = [
    ("Backlot", "producer", 5_500),
    ("Performer", "performer", 2_833),
    ("Capture stage", "studio", 1_667),
];

pub(super) async fn run(step: &Step<'_>) -> Result<Outcome, JobError> {
    let house = &step.context.house;
    let work = store::get::<Work>(house.store.as_ref(), &step.run.work_id)
        .await?
        .ok_or_else(|| {
            JobError::Refused(format!("the work `{}` does not exist", step.run.work_id))
        })?;
    let (mut rights, version) = licences::load(house, &work.id)
        .await
        .map_err(|error| failed(&error))?;
    let today = licences::today(step.started);
    let mut desk = Desk {
        step,
        rights: &mut rights,
        facts: Vec::new(),
        today,
    };
    desk.accept(Command::RecordRightsIn(desk.rights_in()?))?;
    for wish in &GRANTED {
        desk.accept(Command::GrantLicence(desk.request(wish)?))?;
    }
    let refused = desk.refused(&REFUSED)?;
    desk.accept(Command::RecordPayment(desk.receipt()?))?;
    let facts = desk.facts;

    let mut commit = step.commit().expect(rights.work.stream(), version);
    for fact in &facts {
        commit = commit.fact(fact.to_new_fact(&rights.work));
    }
    for held in &rights.rights_in {
        commit = commit.put(&rights_in_row(&work, held, step.started))?;
    }
    let mut granted = Vec::new();
    for (index, standing) in rights.licences.iter().enumerate() {
        // Three rows of one commit: a microsecond apart, so that lists keep their order.
        let row = licence_row(&work, standing, UtcMicros(step.started.0 + index as i64));
        granted.push(json!({
            "id": row.id, "licensee": row.licensee, "territories": row.territories, "media": row.media,
            "languages": row.languages, "starts_on": row.starts_on, "ends_on": row.ends_on,
            "exclusive": row.exclusive, "price_minor": row.price_minor, "currency": row.currency,
            "state": row.state,
        }));
        commit = commit.put(&row)?;
    }
    let figures = figures(&rights, granted, &refused);
    Ok(Outcome { figures, commit })
}

fn figures(rights: &WorkRights, granted: Vec<Value>, refused: &RefusalView) -> Value {
    let paid = rights
        .licences
        .iter()
        .find(|licence| !licence.receipts.is_empty());
    let payment = paid
        .and_then(|licence| licence.receipts.last())
        .map(|booked| {
            json!({
                "licence_id": booked.receipt.licence,
                "receipt_no": booked.receipt.receipt_no,
                "amount_minor": booked.receipt.amount.minor,
                "currency": booked.receipt.amount.currency.code(),
                "shares": booked.shares,
            })
        });
    let headline = format!(
        "{} licences granted, the fourth refused by {}, {} paid and split in {}",
        granted.len(),
        refused
            .witness
            .as_ref()
            .map_or("nobody", |w| w.licensee.as_str()),
        paid.map_or_else(String::new, |licence| licence.granted.price.to_string()),
        SHARES.len()
    );
    json!({
        "headline": headline,
        "rights_in": rights.rights_in.len(),
        "granted": granted,
        "refused": refused,
        "payment": payment,
    })
}

/// Decides one command after the other on the same state.
struct Desk<'a> {
    step: &'a Step<'a>,
    rights: &'a mut WorkRights,
    facts: Vec<backlot_license::Fact>,
    today: Date,
}

impl Desk<'_> {
    fn accept(&mut self, command: Command) -> Result<(), JobError> {
        let facts = decide(self.rights, command, self.today).map_err(|refusal| {
            JobError::Refused(format!("a licence of the story was refused: {refusal}"))
        })?;
        for fact in facts {
            self.rights.apply(&fact);
            self.facts.push(fact);
        }
        Ok(())
    }

    /// The fourth licence must not be granted; its refusal names the first.
    fn refused(&self, wish: &Wish) -> Result<RefusalView, JobError> {
        match decide(
            self.rights,
            Command::GrantLicence(self.request(wish)?),
            self.today,
        ) {
            Err(refusal) => Ok(RefusalView::of(&refusal)),
            Ok(_) => Err(JobError::Refused(
                "the overlapping licence was not refused".to_owned(),
            )),
        }
    }

    fn rights_in(&self) -> Result<RightsIn, JobError> {
        Ok(RightsIn {
            id: RightsInId(self.step.id("rights-in")),
            licensor: "Backlot Studio".to_owned(),
            scope: self.scope("World", "all", "*", 0, 10)?,
            exclusive: true,
            reference: "own production".to_owned(),
        })
    }

    fn request(&self, wish: &Wish) -> Result<GrantRequest, JobError> {
        let parties = SHARES.iter().map(|(party, role, basis_points)| PartyShare {
            party: (*party).to_owned(),
            role: (*role).to_owned(),
            basis_points: *basis_points,
        });
        Ok(GrantRequest {
            id: LicenceId(self.step.id(wish.role)),
            licensee: wish.licensee.to_owned(),
            scope: self.scope(
                wish.territories,
                wish.media,
                wish.languages,
                wish.from_year,
                wish.until_year,
            )?,
            exclusive: wish.exclusive,
            price: Money::new(wish.price_minor, currency(wish.currency)?),
            shares: parties.collect(),
            reference: String::new(),
        })
    }

    fn receipt(&self) -> Result<Receipt, JobError> {
        let paid = &GRANTED[0];
        Ok(Receipt {
            receipt_no: format!(
                "DEMO-{}",
                &self.step.run.id[..8.min(self.step.run.id.len())]
            ),
            licence: LicenceId(self.step.id(paid.role)),
            amount: Money::new(paid.price_minor, currency(paid.currency)?),
            paid_on: self.today,
            payer: paid.licensee.to_owned(),
        })
    }

    /// From 1 January of this year plus `from_year` until 1 January of this year plus `until_year`.
    fn scope(
        &self,
        territories: &str,
        media: &str,
        languages: &str,
        from_year: i32,
        until_year: i32,
    ) -> Result<Scope, JobError> {
        let (year, _, _) = self.today.ymd();
        let text = ScopeText {
            territories: territories.to_owned(),
            media: media.to_owned(),
            languages: languages.to_owned(),
            starts_on: format!("{:04}-01-01", year + from_year),
            ends_on: Some(format!("{:04}-01-01", year + until_year)),
        };
        Scope::parse(&text, self.today)
            .map_err(|refusal| JobError::Refused(format!("{territories}: {refusal}")))
    }
}

fn currency(code: &str) -> Result<Currency, JobError> {
    Currency::parse(code).map_err(|error| JobError::failed(&error))
}

fn failed(error: &LicenceFlowError) -> JobError {
    JobError::Failed(error.to_string())
}
