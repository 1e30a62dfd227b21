//! Names of the values in the agent file. They stand there in the open, so none is made of data.

pub(super) const LICENCE: &str = "licence";
pub(super) const TIME: &str = "time";
pub(super) const CONFIG_TREE: &str = "config.tree";
pub(super) const CONFIG_LAST_GOOD: &str = "config.last_good";
pub(super) const CONFIG_STATE: &str = "config.state";
pub(super) const SIGNALS: &str = "compliance.signals";
pub(super) const FINDINGS: &str = "compliance.memory";
pub(super) const REPORTED: &str = "compliance.reported";
pub(super) const PENDING: &str = "activation.pending";
pub(super) const REFUSED: &str = "activation.refused";
pub(super) const EVIDENCE: &str = "activation.evidence";
pub(super) const GRANT: &str = "server.grant";
pub(super) const METADATA: &str = "server.metadata";
pub(super) const CONTACT: &str = "server.contact";
pub(super) const POLICY: &str = "policy";
pub(super) const BOOKS: &str = "contacts.books";
pub(super) const TOTALS: &str = "contacts.totals";
pub(super) const FEEDBACK: &str = "feedback";
