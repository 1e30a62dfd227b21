//! From the members of a verified token to a [`Policy`]. Members that this version does not know are
//! read over; a known one that is malformed refuses the whole policy.
use serde_json::{Map, Value};

use super::reader::Node;
use super::{
    AppUpdate, Book, BookAuth, Command, CommandKind, CustomerIds, LicenceTerms, Organization,
    Policy, PolicyContacts, PolicyError, Support, Updates,
};
use crate::http::check_url;
use crate::licence::EraseCause;
use crate::limits;
use crate::secret::Secret;
use crate::time::DAY_MS;

/// Seconds until the next check when the policy does not say: a day.
const NEXT_CHECK_S: i64 = DAY_MS / 1_000;

pub(super) fn parse(members: &Map<String, Value>) -> Result<Policy, PolicyError> {
    let root = Node::root(members);
    let (issued_at, expires_at) = (root.required_moment("iat")?, root.required_moment("exp")?);
    if expires_at <= issued_at {
        return Err(root.wrong("exp"));
    }
    let next_check_s = root.number("next_check_s")?.unwrap_or(NEXT_CHECK_S);
    Ok(Policy {
        seq: root.required_number("seq")?,
        issued_at,
        expires_at,
        next_check_s: next_check_s.clamp(limits::NEXT_CHECK_MIN_S, limits::NEXT_CHECK_MAX_S),
        organization: organization(&root.object("organization")?)?,
        settings: root.map("settings")?.unwrap_or_default(),
        individual: root.map("individual")?.unwrap_or_default(),
        rules: root.list("rules", limits::POLICY_RULES)?.to_vec(),
        contacts: contacts(&root.object("contacts")?)?,
        licence: licence(&root.object("licence")?)?,
        commands: commands(&root)?,
        update: updates(&root.object("update")?)?,
    })
}

fn organization(node: &Node<'_>) -> Result<Organization, PolicyError> {
    let support = node.object("support")?;
    let ids = node.object("customer_ids")?;
    Ok(Organization {
        name: node.text("name")?,
        support: Support {
            email: support.text("email")?,
            phone: support.text("phone")?,
            url: support.text("url")?,
        },
        customer_ids: CustomerIds {
            apple_dep: ids.text("apple_dep")?,
            samsung_kme: ids.text("samsung_kme")?,
            android_zero_touch: ids.text("android_zero_touch")?,
        },
    })
}

fn contacts(node: &Node<'_>) -> Result<PolicyContacts, PolicyError> {
    let books = node.nodes("books", limits::POLICY_BOOKS)?;
    Ok(PolicyContacts {
        books: books.iter().map(book).collect::<Result<_, _>>()?,
        filter: filter(node)?,
        export: node.map("export")?,
    })
}

fn book(node: &Node<'_>) -> Result<Book, PolicyError> {
    let url = node.required_text("url")?;
    check_url(&url).map_err(|_| node.wrong("url"))?;
    let auth = match node.required_text("auth")?.as_str() {
        "dpop" => BookAuth::Dpop,
        "basic" => BookAuth::Basic,
        "none" => BookAuth::None,
        _ => return Err(node.wrong("auth")),
    };
    let name = node.text("name")?.unwrap_or_default();
    Ok(Book { url: Secret::new(url), name, auth })
}

fn filter(node: &Node<'_>) -> Result<Option<Vec<String>>, PolicyError> {
    let terms = node.list("filter", limits::CONFIG_KEYS)?;
    let terms: Option<Vec<String>> =
        terms.iter().map(|term| term.as_str().map(str::to_owned)).collect();
    let terms = terms.ok_or_else(|| node.wrong("filter"))?;
    Ok((!terms.is_empty()).then_some(terms))
}

fn licence(node: &Node<'_>) -> Result<LicenceTerms, PolicyError> {
    let grace = node.number("offline_grace_s")?;
    Ok(LicenceTerms {
        valid_until: node.moment("valid_until")?,
        offline_grace_s: grace.map(|seconds| seconds.min(limits::OFFLINE_GRACE_MAX_S)),
    })
}

fn commands(root: &Node<'_>) -> Result<Vec<Command>, PolicyError> {
    let nodes = root.nodes("commands", limits::POLICY_COMMANDS)?;
    let commands: Vec<Command> = nodes.iter().map(command).collect::<Result<_, _>>()?;
    // Two commands of one name could not be told apart when they are acknowledged.
    for (i, command) in commands.iter().enumerate() {
        if commands[..i].iter().any(|earlier| earlier.jti == command.jti) {
            return Err(nodes[i].wrong("jti"));
        }
    }
    Ok(commands)
}

fn command(node: &Node<'_>) -> Result<Command, PolicyError> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let kind = match node.required_text("kind")?.as_str() {
        "sync" => CommandKind::Sync,
        "lock" => CommandKind::Lock,
        "unlock" => CommandKind::Unlock,
        "erase" => CommandKind::Erase(match node.text("cause")? {
            // An admin who just says "erase" takes the phone out of service.
            None => EraseCause::Retired,
            Some(cause) => EraseCause::from_token(&cause).ok_or_else(|| node.wrong("cause"))?,
        }),
        other if other.len() <= 64 && other.chars().all(harmless) => {
            CommandKind::Unknown(other.to_owned())
        }
        _ => return Err(node.wrong("kind")),
    };
    let jti = node.required_text("jti")?;
    if jti.len() > 128 || !jti.bytes().all(|c| c.is_ascii_graphic()) {
        return Err(node.wrong("jti"));
    }
    Ok(Command {
        jti,
        kind,
        expires_at: node.required_moment("exp")?,
        message: node.text("message")?,
    })
}

fn updates(node: &Node<'_>) -> Result<Updates, PolicyError> {
    let update = |name: &str| -> Result<Option<AppUpdate>, PolicyError> {
        let node = node.object(name)?;
        if node.is_absent() {
            return Ok(None);
        }
        let url = node.required_text("url")?;
        check_url(&url).map_err(|_| node.wrong("url"))?;
        Ok(Some(AppUpdate { latest: node.required_text("latest")?, url }))
    };
    Ok(Updates { android: update("android")?, ios: update("ios")? })
}
