//! Who may do what: one table, `Role × Action → bool`, asked by every flow.
//!
//! Invariant: what the table does not name is refused; a new action starts with nobody but the
//! owner.

use std::fmt;

/// What a person is in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Owner,
    Producer,
    RightsManager,
    Licensee,
    Authority,
    Auditor,
    ParkStaff,
}

impl Role {
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Producer,
        Self::RightsManager,
        Self::Licensee,
        Self::Authority,
        Self::Auditor,
        Self::ParkStaff,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Producer => "producer",
            Self::RightsManager => "rights-manager",
            Self::Licensee => "licensee",
            Self::Authority => "authority",
            Self::Auditor => "auditor",
            Self::ParkStaff => "park-staff",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role table. A licensee sees only his own licences; everyone else reads the story.
    pub const fn may(self, action: Action) -> bool {
        use Role::{Auditor, Authority, Licensee, Owner, ParkStaff, Producer, RightsManager};
        match action {
            Action::ReadLicences => true,
            Action::ReadStory
            | Action::ReadTakes
            | Action::ReadMasters
            | Action::ReadWorks
            | Action::ReadRights
            | Action::ReadEvidence
            | Action::ReadMatches
            | Action::ReadJobs
            | Action::ReadHealth
            | Action::CheckLicence => !matches!(self, Licensee),
            Action::RunStory | Action::ControlJobs => matches!(self, Owner | Producer),
            Action::Upload => {
                matches!(
                    self,
                    Owner | Producer | RightsManager | Authority | ParkStaff
                )
            }
            Action::ChangeLicences | Action::CloseCase => matches!(self, Owner | RightsManager),
            Action::ManagePeople => matches!(self, Owner),
            Action::ReadAudit => matches!(self, Owner | Auditor),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Story runs and the figures of their steps.
    ReadStory,
    RunStory,
    Upload,
    ReadTakes,
    ReadMasters,
    ReadWorks,
    ReadRights,
    /// Evidence and the ledger it stands in.
    ReadEvidence,
    /// A licensee reads only licences of his own organisation.
    ReadLicences,
    /// Asking whether a window is free; the answer may name another licensee.
    CheckLicence,
    /// Grant, record a payment, terminate.
    ChangeLicences,
    /// Matches and cases.
    ReadMatches,
    CloseCase,
    ReadJobs,
    ControlJobs,
    ManagePeople,
    ReadAudit,
    ReadHealth,
}

impl Action {
    pub const ALL: [Self; 18] = [
        Self::ReadStory,
        Self::RunStory,
        Self::Upload,
        Self::ReadTakes,
        Self::ReadMasters,
        Self::ReadWorks,
        Self::ReadRights,
        Self::ReadEvidence,
        Self::ReadLicences,
        Self::CheckLicence,
        Self::ChangeLicences,
        Self::ReadMatches,
        Self::CloseCase,
        Self::ReadJobs,
        Self::ControlJobs,
        Self::ManagePeople,
        Self::ReadAudit,
        Self::ReadHealth,
    ];
}

/// The role table said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("role `{role}` may not {action:?}")]
pub struct Forbidden {
    pub role: Role,
    pub action: Action,
}

#[cfg(test)]
mod tests {
    use super::{Action, Role};

    /// The whole table, written out by hand: a slip in `may` shows as one changed cell.
    #[test]
    fn the_table_is_as_agreed() {
        // owner, producer, rights manager, licensee, authority, auditor, park staff
        let table = [
            (Action::ReadStory, "yyy-yyy"),
            (Action::RunStory, "yy-----"),
            (Action::Upload, "yyy-y-y"),
            (Action::ReadTakes, "yyy-yyy"),
            (Action::ReadMasters, "yyy-yyy"),
            (Action::ReadWorks, "yyy-yyy"),
            (Action::ReadRights, "yyy-yyy"),
            (Action::ReadEvidence, "yyy-yyy"),
            (Action::ReadLicences, "yyyyyyy"),
            (Action::CheckLicence, "yyy-yyy"),
            (Action::ChangeLicences, "y-y----"),
            (Action::ReadMatches, "yyy-yyy"),
            (Action::CloseCase, "y-y----"),
            (Action::ReadJobs, "yyy-yyy"),
            (Action::ControlJobs, "yy-----"),
            (Action::ManagePeople, "y------"),
            (Action::ReadAudit, "y----y-"),
            (Action::ReadHealth, "yyy-yyy"),
        ];
        assert_eq!(table.map(|(action, _)| action), Action::ALL);
        for (action, allowed) in table {
            let found = Role::ALL.map(|role| if role.may(action) { 'y' } else { '-' });
            assert_eq!(String::from_iter(found), allowed, "{action:?}");
        }
    }

    #[test]
    fn names_round_trip_and_nothing_else_parses() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.name()), Some(role));
        }
        for wrong in ["", "Owner", "admin", "owner "] {
            assert_eq!(Role::parse(wrong), None, "{wrong}");
        }
    }
}
