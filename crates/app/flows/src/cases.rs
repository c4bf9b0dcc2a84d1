//! Closing an infringement case.

use crate::House;
use crate::accounts::{Action, SignedIn, stream_version};
use crate::reading::{ReadError, one};
use backlot_facts::NewFact;
use backlot_ports::records::Case;
use backlot_ports::store::Commit;
use serde_json::json;

/// Closes an open case; a closed one stays as it is.
pub async fn close(house: &House, who: &SignedIn, id: &str) -> Result<Case, ReadError> {
    who.allow(Action::CloseCase)?;
    let stream = format!("case/{id}");
    let version = stream_version(house, &stream).await?;
    let mut case = one::<Case>(house, who, id).await?;
    if case.state != "closed" {
        case.state = "closed".to_owned();
        let commit = Commit::new(who.actor(), house.now())
            .expect(stream.clone(), version)
            .fact(NewFact::new(
                stream,
                "case-closed",
                json!({ "match_id": case.match_id }),
            ))
            .put(&case)?;
        house.store.commit(commit).await?;
    }
    Ok(case)
}
