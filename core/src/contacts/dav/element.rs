//! The elements that mean something, as one table.

/// An element by namespace and name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    /// Any other.
    Unknown,
    Multistatus,
    Response,
    Href,
    Status,
    Propstat,
    Prop,
    Etag,
    ResourceType,
    DavCollection,
    DisplayName,
    CurrentUserPrincipal,
    Unauthenticated,
    SupportedReportSet,
    SupportedReport,
    Report,
    SyncCollection,
    SyncToken,
    Error,
    ValidSyncToken,
    AddressData,
    AddressBook,
    HomeSet,
    Multiget,
    Ctag,
}

use Element as E;

/// RFC 4918, RFC 3253, RFC 5397, RFC 6578.
const DAV: [(&str, Element); 19] = [
    ("multistatus", E::Multistatus),
    ("response", E::Response),
    ("href", E::Href),
    ("status", E::Status),
    ("propstat", E::Propstat),
    ("prop", E::Prop),
    ("getetag", E::Etag),
    ("resourcetype", E::ResourceType),
    ("collection", E::DavCollection),
    ("displayname", E::DisplayName),
    ("current-user-principal", E::CurrentUserPrincipal),
    ("unauthenticated", E::Unauthenticated),
    ("supported-report-set", E::SupportedReportSet),
    ("supported-report", E::SupportedReport),
    ("report", E::Report),
    ("sync-collection", E::SyncCollection),
    ("sync-token", E::SyncToken),
    ("error", E::Error),
    ("valid-sync-token", E::ValidSyncToken),
];
/// RFC 6352.
const CARDDAV: [(&str, Element); 4] = [
    ("address-data", E::AddressData),
    ("addressbook", E::AddressBook),
    ("addressbook-home-set", E::HomeSet),
    ("addressbook-multiget", E::Multiget),
];
/// Older servers' sign that something in a collection changed.
const CALENDARSERVER: [(&str, Element); 1] = [("getctag", E::Ctag)];

pub(super) fn look_up(namespace: &str, name: &str) -> Element {
    let table: &[(&str, Element)] = match namespace {
        "DAV:" => &DAV,
        "urn:ietf:params:xml:ns:carddav" => &CARDDAV,
        "http://calendarserver.org/ns/" => &CALENDARSERVER,
        _ => &[],
    };
    table.iter().find(|(n, _)| *n == name).map_or(E::Unknown, |(_, element)| *element)
}
