//! A multistatus answer (RFC 4918 §13) as it arrives: bytes in, one item per member out.
use rxml::error::EndOrError;
use rxml::parser::{CommentMode, Options, WithOptions};
use rxml::{Event, Parse, Parser};

use super::XmlError;
use super::element::{Element, look_up};
use super::prologue::Prologue;
use crate::contacts::text::{some, trimmed};
use crate::limits;

/// One part of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// What the answer says about one resource.
    Response(Response),
    /// The token that stands for the state the answer describes (RFC 6578 §6.2).
    SyncToken(String),
    /// A condition that the request did not meet (RFC 4918 §16).
    Condition(Condition),
}

/// Conditions that the agent acts on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// The sync token is unknown or too old (RFC 6578 §3.2).
    ValidSyncToken,
    /// The server does not know this report (RFC 3253 §3.6).
    SupportedReport,
    /// Any other.
    Other,
}

/// What an answer says about one resource.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Response {
    /// Its address as the server wrote it.
    pub href: String,
    /// Status of the resource as a whole. 404 in a sync report means that it is gone.
    pub status: Option<u16>,
    /// Whether there is any `propstat`.
    pub has_properties: bool,
    /// Properties that the server has.
    pub props: Props,
    /// Whether card data was asked for and the server has none to give here.
    pub card_refused: bool,
}

/// Properties with a status of 2xx.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Props {
    /// `getetag`, as it came.
    pub etag: Option<String>,
    /// `address-data`.
    pub card: Option<CardText>,
    /// Whether `resourcetype` names a collection.
    pub is_collection: bool,
    /// Whether `resourcetype` names an address book.
    pub is_address_book: bool,
    /// `displayname`.
    pub display_name: Option<String>,
    /// `current-user-principal` (RFC 5397).
    pub principal: Option<String>,
    /// The server says that nobody is signed in (RFC 5397 §3).
    pub unauthenticated: bool,
    /// `addressbook-home-set`: every address in it.
    pub home_set: Vec<String>,
    /// Whether `supported-report-set` names `sync-collection`.
    pub has_sync_collection: bool,
    /// Whether `supported-report-set` names anything.
    pub names_reports: bool,
    /// `getctag`.
    pub ctag: Option<String>,
    /// `sync-token` as a property.
    pub sync_token: Option<String>,
}

/// The text of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardText {
    /// As it came.
    Text(String),
    /// More than [`limits::CARD_BYTES`]; not kept.
    TooLarge,
}

/// Reads one answer.
pub struct Multistatus {
    prologue: Prologue,
    parser: Parser,
    path: Vec<Element>,
    capture: Option<Capture>,
    more_hrefs: Vec<String>,
    response: Response,
    propstat: Propstat,
    failed: Option<XmlError>,
}

#[derive(Default)]
struct Propstat {
    status: Option<u16>,
    props: Props,
    names_card: bool,
}

/// A text that is being collected.
struct Capture {
    depth: usize,
    limit: usize,
    text: String,
    over: bool,
}

impl Default for Multistatus {
    fn default() -> Self {
        Self::new()
    }
}

impl Multistatus {
    /// Ready for the first byte.
    pub fn new() -> Self {
        let options = Options { comments: CommentMode::Discard, ..Options::default() };
        Self {
            prologue: Prologue::default(),
            parser: Parser::with_options(options),
            path: Vec::new(),
            capture: None,
            more_hrefs: Vec::new(),
            response: Response::default(),
            propstat: Propstat::default(),
            failed: None,
        }
    }

    /// Takes the next piece of the answer, cut anywhere, and appends what is complete to `items`.
    /// After an error every further piece gives the same error.
    pub fn push(&mut self, bytes: &[u8], items: &mut Vec<Item>) -> Result<(), XmlError> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let outcome = self.read(bytes, items);
        self.failed = outcome.err();
        outcome
    }

    /// The answer is over: fails if its last element is not.
    pub fn finish(mut self) -> Result<(), XmlError> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        match self.parser.parse(&mut &b""[..], true) {
            Ok(None) => Ok(()),
            Err(EndOrError::Error(rxml::Error::InvalidEof(_)) | EndOrError::NeedMoreData) => {
                Err(XmlError::Incomplete)
            }
            _ => Err(XmlError::Malformed),
        }
    }

    fn read(&mut self, bytes: &[u8], items: &mut Vec<Item>) -> Result<(), XmlError> {
        let Some(piece) = self.prologue.pass(bytes)? else { return Ok(()) };
        let mut rest: &[u8] = &piece;
        loop {
            match self.parser.parse(&mut rest, false) {
                Ok(Some(Event::StartElement(_, (namespace, name), _))) => {
                    self.start(look_up(namespace.as_str(), name.as_str()), items)?;
                }
                Ok(Some(Event::EndElement(_))) => self.end(items)?,
                Ok(Some(Event::Text(_, text))) => self.text(text)?,
                Ok(Some(Event::XmlDeclaration(..))) => {}
                Ok(None) | Err(EndOrError::NeedMoreData) => return Ok(()),
                Err(EndOrError::Error(_)) => return Err(XmlError::Malformed),
            }
        }
    }

    fn start(&mut self, element: Element, items: &mut Vec<Item>) -> Result<(), XmlError> {
        use Element as E;
        if self.path.len() >= limits::XML_DEPTH {
            return Err(XmlError::TooDeep);
        }
        let parent = self.path.last().copied();
        self.path.push(element);
        match (parent, element) {
            (None, E::Multistatus | E::Error) => {}
            (None, _) => return Err(XmlError::NotDav),
            (Some(E::Multistatus), E::Response) => {
                self.response = Response::default();
                self.more_hrefs.clear();
            }
            (Some(E::Response), E::Propstat) => {
                self.response.has_properties = true;
                self.propstat = Propstat::default();
            }
            (Some(E::Prop), E::AddressData) => {
                self.propstat.names_card = true;
                self.capture(limits::CARD_BYTES);
            }
            (Some(E::Response | E::CurrentUserPrincipal | E::HomeSet), E::Href)
            | (Some(E::Response | E::Propstat), E::Status)
            | (Some(E::Prop), E::Etag | E::DisplayName | E::Ctag | E::SyncToken)
            | (Some(E::Multistatus), E::SyncToken) => self.capture(limits::XML_TEXT_BYTES),
            (Some(E::ResourceType), E::DavCollection) => self.propstat.props.is_collection = true,
            (Some(E::ResourceType), E::AddressBook) => self.propstat.props.is_address_book = true,
            (Some(E::CurrentUserPrincipal), E::Unauthenticated) => {
                self.propstat.props.unauthenticated = true;
            }
            (Some(E::SupportedReportSet), E::SupportedReport) => {
                self.propstat.props.names_reports = true;
            }
            (Some(E::Report), E::SyncCollection) => {
                self.propstat.props.has_sync_collection = true;
            }
            (Some(E::Error), condition) => items.push(Item::Condition(match condition {
                E::ValidSyncToken => Condition::ValidSyncToken,
                E::SupportedReport => Condition::SupportedReport,
                _ => Condition::Other,
            })),
            _ => {}
        }
        Ok(())
    }

    fn capture(&mut self, limit: usize) {
        self.capture =
            Some(Capture { depth: self.path.len(), limit, text: String::new(), over: false });
    }

    fn text(&mut self, piece: String) -> Result<(), XmlError> {
        let depth = self.path.len();
        let Some(capture) = self.capture.as_mut().filter(|c| c.depth == depth) else {
            return Ok(());
        };
        if capture.over || capture.text.len() + piece.len() > capture.limit {
            if capture.limit != limits::CARD_BYTES {
                return Err(XmlError::TextTooLong);
            }
            capture.over = true;
            capture.text = String::new();
        } else if capture.text.is_empty() {
            capture.text = piece;
        } else {
            capture.text.push_str(&piece);
        }
        Ok(())
    }

    fn end(&mut self, items: &mut Vec<Item>) -> Result<(), XmlError> {
        use Element as E;
        let depth = self.path.len();
        let Some(element) = self.path.pop() else { return Err(XmlError::Malformed) };
        if let Some(capture) = self.capture.take_if(|c| c.depth == depth) {
            self.captured(element, capture, items);
            return Ok(());
        }
        match (self.path.last(), element) {
            (Some(E::Response), E::Propstat) => self.end_propstat(),
            (Some(E::Multistatus), E::Response) => self.end_response(items),
            _ => {}
        }
        Ok(())
    }

    fn captured(&mut self, element: Element, capture: Capture, items: &mut Vec<Item>) {
        use Element as E;
        let parent = self.path.last().copied().unwrap_or(E::Unknown);
        let props = &mut self.propstat.props;
        if element == E::AddressData {
            props.card = Some(match capture.over {
                true => CardText::TooLarge,
                false => CardText::Text(capture.text),
            });
            return;
        }
        let text = trimmed(capture.text);
        match (parent, element) {
            (E::Response, E::Href) if self.response.href.is_empty() => self.response.href = text,
            (E::Response, E::Href) => self.more_hrefs.push(text),
            (E::Response, E::Status) => self.response.status = status_code(&text),
            (E::Propstat, E::Status) => self.propstat.status = status_code(&text),
            (E::Multistatus, E::SyncToken) => items.push(Item::SyncToken(text)),
            (E::CurrentUserPrincipal, _) => props.principal = some(text),
            (E::HomeSet, _) => props.home_set.extend(some(text)),
            (_, E::Etag) => props.etag = some(text),
            (_, E::DisplayName) => props.display_name = some(text),
            (_, E::Ctag) => props.ctag = some(text),
            (_, E::SyncToken) => props.sync_token = some(text),
            _ => {}
        }
    }

    fn end_propstat(&mut self) {
        let Propstat { status, props, names_card } = std::mem::take(&mut self.propstat);
        if status.is_none_or(|s| (200..300).contains(&s)) {
            self.response.props.merge(props);
        } else if names_card {
            self.response.card_refused = true;
        }
    }

    fn end_response(&mut self, items: &mut Vec<Item>) {
        let response = std::mem::take(&mut self.response);
        // RFC 4918 §14.24 allows several hrefs with one status.
        for href in self.more_hrefs.drain(..) {
            let status = response.status;
            items.push(Item::Response(Response { href, status, ..Response::default() }));
        }
        items.push(Item::Response(response));
    }
}

impl Props {
    fn merge(&mut self, other: Props) {
        if *self == Props::default() {
            *self = other;
            return;
        }
        self.etag = other.etag.or(self.etag.take());
        self.card = other.card.or(self.card.take());
        self.is_collection |= other.is_collection;
        self.is_address_book |= other.is_address_book;
        self.display_name = other.display_name.or(self.display_name.take());
        self.principal = other.principal.or(self.principal.take());
        self.unauthenticated |= other.unauthenticated;
        self.home_set.extend(other.home_set);
        self.has_sync_collection |= other.has_sync_collection;
        self.names_reports |= other.names_reports;
        self.ctag = other.ctag.or(self.ctag.take());
        self.sync_token = other.sync_token.or(self.sync_token.take());
    }
}

/// `HTTP/1.1 404 Not Found` → 404.
fn status_code(line: &str) -> Option<u16> {
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
