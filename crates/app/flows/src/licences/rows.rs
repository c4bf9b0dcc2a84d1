//! Rows of the lists, made from the state that the facts give.

use backlot_facts::UtcMicros;
use backlot_license::{Licence as Standing, PaymentState, RightsIn as Held, Scope};
use backlot_ports::records::{Licence, Payment, PaymentShare, RightsIn, Work};

/// A licence as lists and pages show it.
pub fn licence_row(work: &Work, standing: &Standing, created: UtcMicros) -> Licence {
    let granted = &standing.granted;
    let words = Words::of(&granted.scope);
    let state = match (&standing.termination, standing.payment_state()) {
        (Some(_), _) => "terminated",
        (None, PaymentState::Paid) => "paid",
        (None, PaymentState::Unpaid | PaymentState::PartlyPaid) => "granted",
    };
    Licence {
        id: granted.id.to_string(),
        work_id: work.id.clone(),
        title_zh: work.title_zh.clone(),
        title_en: work.title_en.clone(),
        licensee: granted.licensee.clone(),
        territories: words.territories,
        media: words.media,
        languages: words.languages,
        starts_on: words.starts_on,
        ends_on: standing
            .termination
            .as_ref()
            .map(|t| t.ends_on.to_string())
            .or(words.ends_on),
        exclusive: granted.exclusive,
        state: state.to_owned(),
        price_minor: granted.price.minor,
        currency: granted.price.currency.code().to_owned(),
        paid_minor: standing.paid_minor,
        payments: payments(standing),
        created,
    }
}

fn payments(standing: &Standing) -> Vec<Payment> {
    let parties = &standing.granted.shares;
    let booked = standing.receipts.iter().map(|booked| Payment {
        receipt_no: booked.receipt.receipt_no.clone(),
        paid_on: booked.receipt.paid_on.to_string(),
        amount_minor: booked.receipt.amount.minor,
        shares: booked
            .shares
            .iter()
            .zip(parties)
            .map(|(share, party)| PaymentShare {
                party: share.party.clone(),
                basis_points: i64::from(party.basis_points),
                amount_minor: share.amount_minor,
            })
            .collect(),
    });
    booked.collect()
}

/// Rights held, as the work's page shows them.
pub fn rights_in_row(work: &Work, held: &Held, created: UtcMicros) -> RightsIn {
    let words = Words::of(&held.scope);
    RightsIn {
        id: held.id.to_string(),
        work_id: work.id.clone(),
        from_party: held.licensor.clone(),
        territories: words.territories,
        media: words.media,
        languages: words.languages,
        starts_on: words.starts_on,
        ends_on: words.ends_on,
        exclusive: held.exclusive,
        created,
    }
}

struct Words {
    territories: String,
    media: Vec<String>,
    languages: Vec<String>,
    starts_on: String,
    ends_on: Option<String>,
}

impl Words {
    fn of(scope: &Scope) -> Self {
        let window = scope.window();
        Self {
            territories: scope.territories().code_text(window.starts_on()),
            media: scope
                .media()
                .iter()
                .map(|medium| medium.key().to_owned())
                .collect(),
            languages: scope
                .languages()
                .code_text()
                .split("; ")
                .map(str::to_owned)
                .collect(),
            starts_on: window.starts_on().to_string(),
            ends_on: window.ends_on().map(|day| day.to_string()),
        }
    }
}
