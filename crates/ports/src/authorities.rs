//! Authorities: the institutions that sign the copyright log together.
