//! `/api/evidence/{id}/package`, `/verify`, and `/api/ledger`.

use crate::extract::Who;
use crate::problem::{Answer, Problem, Raised};
use crate::views::{Authority, Ledger, Verdict, VerdictFailure, VerdictLine};
use crate::{WebState, codes};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use backlot_flows::accounts::Action;
use backlot_flows::evidence::{self, EvidenceError};
use backlot_flows::reading::one;
use backlot_ports::authorities::AuthorityHealth;
use backlot_ports::records::Evidence;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(package))
        .routes(routes!(verify))
        .routes(routes!(ledger))
}

impl From<EvidenceError> for Raised {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::NoSuchEvidence(_) => Self::new(codes::NOT_FOUND),
            EvidenceError::Store(error) => error.into(),
            EvidenceError::Blobs(error) => {
                let mut raised = Self::inside(&error);
                let inside = raised.0.inside.take();
                raised = Self::new(codes::EVIDENCE_UNREADABLE);
                raised.0.inside = inside;
                raised
            }
            other => Self::inside(&other),
        }
    }
}

/// The evidence package, a zip file that verifies offline.
#[utoipa::path(get, path = "/api/evidence/{id}/package", tag = "evidence",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/zip"), (status = 404, body = Problem)))]
async fn package(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Response> {
    let row = one::<Evidence>(&state.house, &who, &id).await?;
    package_of(&state, &row).await
}

/// The package as a download named after its code.
pub async fn package_of(state: &WebState, row: &Evidence) -> Answer<Response> {
    let bytes = evidence::package(&state.house, &row.id).await?;
    let disposition = format!("attachment; filename=\"{}.evidence.zip\"", row.code);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

/// Checks the stored package again, as the offline verifier would.
#[utoipa::path(get, path = "/api/evidence/{id}/verify", tag = "evidence",
    params(("id" = String, Path)),
    responses((status = 200, body = Verdict), (status = 404, body = Problem)))]
async fn verify(
    State(state): State<WebState>,
    Who(who): Who,
    Path(id): Path<String>,
) -> Answer<Json<Verdict>> {
    let row = one::<Evidence>(&state.house, &who, &id).await?;
    Ok(Json(verdict_of(&state, &row).await?))
}

pub async fn verdict_of(state: &WebState, row: &Evidence) -> Answer<Verdict> {
    let verdict = evidence::verify_stored(&state.house, &row.id).await?;
    let ok = verdict.is_proven();
    let proven = verdict.proven.into_iter();
    let not_proven = verdict.not_proven.into_iter();
    let failures = verdict.failures.into_iter();
    Ok(Verdict {
        ok,
        proven: proven
            .map(|line| VerdictLine {
                code: line.code,
                text_zh: line.zh,
                text_en: line.en,
            })
            .collect(),
        not_proven: not_proven
            .map(|line| VerdictLine {
                code: line.code,
                text_zh: line.zh,
                text_en: line.en,
            })
            .collect(),
        failures: failures
            .map(|failure| VerdictFailure {
                what: failure.what,
                entry: failure.entry,
                detail: failure.detail,
            })
            .collect(),
    })
}

/// The ledger and the authorities that sign it.
#[utoipa::path(get, path = "/api/ledger", tag = "evidence",
    responses((status = 200, body = Ledger), (status = 403, body = Problem)))]
async fn ledger(State(state): State<WebState>, Who(who): Who) -> Answer<Json<Ledger>> {
    who.allow(Action::ReadEvidence)?;
    let status = evidence::ledger(&state.house).await?;
    Ok(Json(Ledger {
        origin: status.origin,
        size: status.size,
        root: hex(&status.root),
        authorities: status
            .authorities
            .into_iter()
            .map(Authority::from)
            .collect(),
    }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<AuthorityHealth> for Authority {
    fn from(health: AuthorityHealth) -> Self {
        Self {
            id: health.id,
            name_zh: health.name_zh,
            name_en: health.name_en,
            vkey: health.vkey,
            last_signed_size: health.last_signed_size,
            last_signed: health.last_signed_time.map(|at| at.0),
            healthy: health.healthy,
            problem: health.problem,
        }
    }
}
