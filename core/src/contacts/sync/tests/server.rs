//! A CardDAV server in memory that plays the ways of real ones.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use url::Url;

use crate::contacts::dav::Collection;
use crate::http::{Answer, Head, Method, Request};

/// How a server behaves.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    /// Puts cards in sync reports, as Radicale and Cyrus do; Xandikos answers 404 for them.
    pub(crate) inline: bool,
    /// Members in one answer; then 507 on the collection, as Cyrus does.
    pub(crate) page: Option<usize>,
    /// What comes instead of a sync report.
    pub(crate) no_reports: Option<(u16, &'static str)>,
    /// What comes for a token from another time.
    pub(crate) unknown_token: Unknown,
    /// Whether a listing has a sign for the whole book.
    pub(crate) ctag: bool,
    /// How addresses are written.
    pub(crate) hrefs: Hrefs,
    /// Whether the collection is listed among its members.
    pub(crate) lists_itself: bool,
    /// Content type of answers.
    pub(crate) content_type: &'static str,
    /// What comes instead of a multiget answer.
    pub(crate) no_multiget: Option<u16>,
    /// One missing address fails a multiget as a whole.
    pub(crate) multiget_fails_whole: bool,
    /// Members left out of multiget answers.
    pub(crate) withheld: BTreeSet<String>,
    /// Members never handed out, not even alone.
    pub(crate) broken: BTreeSet<String>,
    /// `Authorization` that is wanted.
    pub(crate) login: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
    Error(u16),
    Everything,
    Nothing,
    Forbidden,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hrefs {
    Path,
    Relative,
    Absolute,
    /// As typed, with letters and spaces in them.
    Unencoded,
    /// go-webdav writes `+` where `%2B` was asked for.
    PlusForEscaped,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            inline: true,
            page: None,
            no_reports: None,
            unknown_token: Unknown::Error(403),
            ctag: true,
            hrefs: Hrefs::Path,
            lists_itself: false,
            content_type: "application/xml; charset=utf-8",
            no_multiget: None,
            multiget_fails_whole: false,
            withheld: BTreeSet::new(),
            broken: BTreeSet::new(),
            login: None,
        }
    }
}

#[derive(Clone, Debug)]
struct Member {
    card: String,
    changed: u64,
}

/// One book at `https://dav.example/u/book/`.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) ways: Ways,
    members: BTreeMap<String, Member>,
    /// By normalised address.
    names: BTreeMap<String, String>,
    gone: BTreeMap<String, u64>,
    clock: u64,
    /// Grows when all tokens handed out before become worthless.
    era: u64,
    /// Every request, in short.
    pub(crate) log: Vec<String>,
    /// How often each card went out.
    pub(crate) handed_out: BTreeMap<String, u32>,
    /// Fixed answers for paths other than the book's.
    pub(crate) pages: BTreeMap<String, Page>,
}

/// Status, header fields and body.
pub(crate) type Page = (u16, Vec<(&'static str, String)>, String);

pub(crate) const BOOK: &str = "https://dav.example/u/book/";
const PATH: &str = "/u/book/";

impl Server {
    pub(crate) fn new(ways: Ways) -> Self {
        Self {
            ways,
            members: BTreeMap::new(),
            names: BTreeMap::new(),
            gone: BTreeMap::new(),
            clock: 0,
            era: 1,
            log: Vec::new(),
            handed_out: BTreeMap::new(),
            pages: BTreeMap::new(),
        }
    }

    /// With `count` people in the book.
    pub(crate) fn with_people(ways: Ways, count: usize) -> Self {
        let mut server = Self::new(ways);
        for i in 0..count {
            server.puts(&format!("{i:03}.vcf"), &format!("Person {i:03}"));
        }
        server
    }

    pub(crate) fn puts(&mut self, name: &str, display: &str) {
        let number: u32 = name.bytes().map(u32::from).sum();
        self.puts_card(
            name,
            &format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\nFN:{display}\r\nORG:Brücke AG;Sales\r\nTEL;TYPE=CELL:+4917112{number:05}\r\nEND:VCARD\r\n"
            ),
        );
    }

    pub(crate) fn puts_card(&mut self, name: &str, card: &str) {
        self.clock += 1;
        let key = key_of(&format!("{PATH}{}", percent_encoded(name))).unwrap();
        self.names.insert(key, name.to_owned());
        self.gone.remove(name);
        self.members.insert(name.to_owned(), Member { card: card.to_owned(), changed: self.clock });
    }

    pub(crate) fn deletes(&mut self, name: &str) {
        self.clock += 1;
        assert!(self.members.remove(name).is_some(), "{name}");
        self.gone.insert(name.to_owned(), self.clock);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Every token becomes worthless; with it the memory of what is gone.
    pub(crate) fn forgets_tokens(&mut self) {
        self.era += 1;
        self.gone.clear();
    }

    /// The names on the cards, in order.
    pub(crate) fn people(&self) -> Vec<String> {
        let name = |member: &Member| {
            let line = member.card.lines().find(|l| l.starts_with("FN:"))?;
            Some(line[3..].to_owned())
        };
        let mut people: Vec<String> = self.members.values().filter_map(name).collect();
        people.sort();
        people
    }

    pub(crate) fn page(&mut self, path: &str, status: u16, body: &str) {
        self.pages.insert(path.to_owned(), (status, vec![], body.to_owned()));
    }

    pub(crate) fn redirect(&mut self, path: &str, status: u16, location: &str) {
        let headers = vec![("Location", location.to_owned())];
        self.pages.insert(path.to_owned(), (status, headers, String::new()));
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        let url = Url::parse(&request.url).unwrap();
        let body = String::from_utf8(request.body.clone()).unwrap();
        let authorization =
            request.headers.iter().find(|(n, _)| n == "Authorization").map(|(_, v)| v.clone());
        self.log.push(format!("{} {}{}", request.method.as_str(), url.path(), about(request)));
        if self.ways.login.is_some() && authorization != self.ways.login {
            return self.plain(401, "");
        }
        if let Some((status, headers, body)) = self.pages.get(url.path()).cloned() {
            let headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            return Answer { head: Head { status, headers }, body: body.into_bytes() };
        }
        if !url.path().starts_with(PATH) {
            return self.plain(404, "");
        }
        match request.method {
            Method::Get => self.get(url.path()),
            Method::Propfind => self.list(body.contains("getetag"), depth(request)),
            Method::Report if body.contains("sync-collection") => self.report(&body),
            Method::Report => self.multiget(&body),
            Method::Post => self.plain(405, ""),
        }
    }

    fn plain(&self, status: u16, body: &str) -> Answer {
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        Answer { head: Head { status, headers }, body: body.as_bytes().to_vec() }
    }

    fn xml(&self, status: u16, inner: &str) -> Answer {
        let root = if status == 207 { "multistatus" } else { "error" };
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<d:{root} xmlns:d=\"DAV:\" \
             xmlns:c=\"urn:ietf:params:xml:ns:carddav\" xmlns:s=\"http://calendarserver.org/ns/\">\
             {inner}</d:{root}>\n"
        );
        let headers = vec![("Content-Type".to_owned(), self.ways.content_type.to_owned())];
        Answer { head: Head { status, headers }, body: body.into_bytes() }
    }

    fn href(&self, name: &str) -> String {
        let encoded = percent_encoded(name);
        let href = match self.ways.hrefs {
            Hrefs::Path => format!("{PATH}{encoded}"),
            Hrefs::Relative => encoded,
            Hrefs::Absolute => format!("http://dav.example{PATH}{encoded}"),
            Hrefs::Unencoded => format!("{PATH}{name}"),
            Hrefs::PlusForEscaped => format!("{PATH}{}", encoded.replace("%2B", "+")),
        };
        href.replace('&', "&amp;")
    }

    fn etag(&self, member: &Member) -> String {
        format!("W/\"{}\"", member.changed)
    }

    fn token(&self, at: u64) -> String {
        format!("data:,{}-{at}", self.era)
    }

    fn member_xml(&mut self, name: &str, with_card: bool) -> String {
        let member = self.members[name].clone();
        let mut xml = format!(
            "<d:response><d:href>{}</d:href><d:propstat><d:prop><d:getetag>{}</d:getetag>",
            self.href(name),
            self.etag(&member)
        );
        if with_card {
            *self.handed_out.entry(name.to_owned()).or_default() += 1;
            let _ = write!(xml, "<c:address-data>{}</c:address-data>", escaped(&member.card));
        }
        xml + "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    }

    fn report(&mut self, body: &str) -> Answer {
        if let Some((status, error)) = self.ways.no_reports {
            return match error {
                "" => self.plain(status, "Bad Request"),
                error => self.xml(status, error),
            };
        }
        let token = between(body, "<sync-token>", "</sync-token>");
        let known = token.strip_prefix(&format!("data:,{}-", self.era));
        let mut since = match known {
            Some(number) => number.parse().unwrap(),
            None => 0,
        };
        if known.is_none() && !token.is_empty() {
            match self.ways.unknown_token {
                Unknown::Error(status) => return self.xml(status, "<d:valid-sync-token/>"),
                Unknown::Forbidden => return self.plain(403, "no"),
                Unknown::Everything => {}
                Unknown::Nothing => since = self.clock,
            }
        }
        let with_cards = body.contains("address-data");
        let mut changes: Vec<(u64, String, bool)> = self
            .members
            .iter()
            .map(|(name, m)| (m.changed, name.clone(), true))
            .chain(self.gone.iter().map(|(name, at)| (*at, name.clone(), false)))
            .filter(|(at, _, _)| *at > since)
            .collect();
        if since == 0 {
            changes.retain(|(_, _, alive)| *alive);
        }
        changes.sort();
        let more = self.ways.page.is_some_and(|page| changes.len() > page);
        changes.truncate(self.ways.page.unwrap_or(usize::MAX));
        let reached = if more { changes.last().unwrap().0 } else { self.clock };
        let mut xml = String::new();
        if self.ways.lists_itself {
            let _ = write!(
                xml,
                "<d:response><d:href>{PATH}</d:href><d:propstat><d:prop><d:getetag>\"c\"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
            );
        }
        for (_, name, alive) in changes {
            if alive {
                xml += &self.member_xml(&name, with_cards && self.ways.inline);
                if with_cards && !self.ways.inline {
                    let refused = "<d:propstat><d:prop><c:address-data/></d:prop><d:status>HTTP/1.1 404 Not Discovered</d:status></d:propstat></d:response>";
                    xml.truncate(xml.len() - "</d:response>".len());
                    xml += refused;
                }
            } else {
                let href = self.href(&name);
                let _ = write!(
                    xml,
                    "<d:response><d:href>{href}</d:href><d:status>HTTP/1.1 404 Not Discovered</d:status></d:response>"
                );
            }
        }
        if more {
            let _ = write!(
                xml,
                "<d:response><d:href>{PATH}</d:href><d:status>HTTP/1.1 507 Insufficient Storage</d:status></d:response>"
            );
        }
        let _ = write!(xml, "<d:sync-token>{}</d:sync-token>", self.token(reached));
        self.xml(207, &xml)
    }

    fn list(&mut self, etags: bool, depth: u8) -> Answer {
        let ctag = match self.ways.ctag && etags {
            true => format!("<s:getctag>{}-{}</s:getctag>", self.era, self.clock),
            false => String::new(),
        };
        let mut xml = format!(
            "<d:response><d:href>{PATH}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/>\
             <c:addressbook/></d:resourcetype><d:displayname>Staff</d:displayname>{ctag}</d:prop>\
             <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        );
        if depth == 1 {
            let names: Vec<String> = self.members.keys().cloned().collect();
            for name in names {
                xml += &self.member_xml(&name, false);
            }
        }
        self.xml(207, &xml)
    }

    fn name_of(&self, path: &str) -> Option<String> {
        self.names.get(&key_of(path)?).filter(|name| self.has(name)).cloned()
    }

    fn multiget(&mut self, body: &str) -> Answer {
        if let Some(status) = self.ways.no_multiget {
            return self.plain(status, "");
        }
        let mut xml = String::new();
        for part in body.split("<href>").skip(1) {
            let path = part.split("</href>").next().unwrap().replace("&amp;", "&");
            match self.name_of(&path) {
                Some(name) if self.ways.broken.contains(&name) => {
                    if self.ways.multiget_fails_whole {
                        return self.plain(500, "");
                    }
                }
                Some(name) if self.ways.withheld.contains(&name) => {}
                Some(name) => xml += &self.member_xml(&name, true),
                None if self.ways.multiget_fails_whole => return self.plain(404, ""),
                None => {
                    let _ = write!(
                        xml,
                        "<d:response><d:href>{path}</d:href><d:status>HTTP/1.1 404 Not Discovered</d:status></d:response>"
                    );
                }
            }
        }
        self.xml(207, &xml)
    }

    fn get(&mut self, path: &str) -> Answer {
        match self.name_of(path) {
            Some(name) if !self.ways.broken.contains(&name) => {
                *self.handed_out.entry(name.clone()).or_default() += 1;
                let member = &self.members[&name];
                let headers = vec![("etag".to_owned(), self.etag(member))];
                let body = member.card.clone().into_bytes();
                Answer { head: Head { status: 200, headers }, body }
            }
            Some(_) => self.plain(500, ""),
            None => self.plain(404, ""),
        }
    }
}

fn key_of(path: &str) -> Option<String> {
    Some(Collection::new(Url::parse(BOOK).unwrap()).member(path).ok()?.key)
}

fn depth(request: &Request) -> u8 {
    let depth = request.headers.iter().find(|(n, _)| n == "Depth").map(|(_, v)| v.as_str());
    u8::from(depth == Some("1"))
}

/// What kind of request it is, for the log.
fn about(request: &Request) -> String {
    let body = String::from_utf8_lossy(&request.body);
    let cards = if body.contains("address-data") { " with cards" } else { "" };
    match request.method {
        Method::Report if body.contains("sync-collection") => {
            let token = between(&body, "<sync-token>", "</sync-token>");
            format!(" since {token:?}{cards}")
        }
        Method::Report => format!(" of {}", body.matches("<href>").count()),
        Method::Propfind => format!(" depth {}", depth(request)),
        _ => String::new(),
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_default();
    rest.split_once(end).unwrap_or_default().0
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;")
}

fn percent_encoded(name: &str) -> String {
    name.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect()
}
