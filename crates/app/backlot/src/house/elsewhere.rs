//! What stands in for the authorities in a process that does not hold them: the ledger has one
//! writer, the server.

use backlot_facts::UtcMicros;
use backlot_ports::authorities::{
    Authorities, AuthorityError, Consistency, LedgerEntry, LedgerStatus, Receipt,
};
use backlot_register::{AuthorityList, Hash, Policy};
use std::path::PathBuf;

/// Every call says that the server has the ledger at this path open.
pub struct AuthoritiesElsewhere(pub PathBuf);

impl AuthoritiesElsewhere {
    fn locked<T>(&self) -> Result<T, AuthorityError> {
        Err(AuthorityError::Locked {
            path: self.0.clone(),
        })
    }
}

impl Authorities for AuthoritiesElsewhere {
    fn submit(&self, _leaf: &[u8], _at: UtcMicros) -> Result<Receipt, AuthorityError> {
        self.locked()
    }

    fn status(&self) -> Result<LedgerStatus, AuthorityError> {
        self.locked()
    }

    fn prove(&self, _index: u64) -> Result<Receipt, AuthorityError> {
        self.locked()
    }

    fn find(&self, _leaf_hash: &Hash) -> Result<Option<u64>, AuthorityError> {
        self.locked()
    }

    fn checkpoint(&self) -> Result<Option<String>, AuthorityError> {
        self.locked()
    }

    fn policy(&self) -> Result<Policy, AuthorityError> {
        self.locked()
    }

    fn authorities(&self) -> Result<AuthorityList, AuthorityError> {
        self.locked()
    }

    fn entries(&self, _start: u64, _limit: u32) -> Result<Vec<LedgerEntry>, AuthorityError> {
        self.locked()
    }

    fn consistency(&self, _old_size: u64) -> Result<Consistency, AuthorityError> {
        self.locked()
    }
}
