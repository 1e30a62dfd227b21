//! Reads members of a policy and knows where it is, so that an error names the path.
use serde_json::{Map, Value};

use super::PolicyError;
use crate::time::{SECOND_MS, WallMs};

/// Characters of a text in a policy that is shown or compared.
const TEXT_CHARS: usize = 2_000;

/// A JSON object at a path.
#[derive(Clone)]
pub(super) struct Node<'a> {
    path: String,
    members: Option<&'a Map<String, Value>>,
}

impl<'a> Node<'a> {
    pub(super) fn root(members: &'a Map<String, Value>) -> Self {
        Self { path: String::new(), members: Some(members) }
    }

    pub(super) fn at(value: &'a Value, path: String) -> Result<Self, PolicyError> {
        let members = value.as_object().ok_or_else(|| PolicyError::member(path.clone()))?;
        Ok(Self { path, members: Some(members) })
    }

    /// The path of the member `name`.
    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn wrong(&self, name: &str) -> PolicyError {
        PolicyError::member(self.path(name))
    }

    /// A member; null counts as absent.
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name).filter(|value| !value.is_null())
    }

    /// An object; an absent one has no members.
    pub(super) fn object(&self, name: &str) -> Result<Node<'a>, PolicyError> {
        match self.get(name) {
            Some(value) => Node::at(value, self.path(name)),
            None => Ok(Node { path: self.path(name), members: None }),
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.members.is_none()
    }

    /// An object as it stands.
    pub(super) fn map(&self, name: &str) -> Result<Option<Map<String, Value>>, PolicyError> {
        Ok(self.object(name)?.members.cloned())
    }

    /// A list of at most `most` entries; an absent one is empty.
    pub(super) fn list(&self, name: &str, most: usize) -> Result<&'a [Value], PolicyError> {
        let Some(value) = self.get(name) else { return Ok(&[]) };
        let list = value.as_array().filter(|list| list.len() <= most);
        Ok(list.ok_or_else(|| self.wrong(name))?)
    }

    /// A list of objects.
    pub(super) fn nodes(&self, name: &str, most: usize) -> Result<Vec<Node<'a>>, PolicyError> {
        let path = self.path(name);
        let list = self.list(name, most)?.iter().enumerate();
        list.map(|(i, value)| Node::at(value, format!("{path}[{i}]"))).collect()
    }

    /// A text without control characters that may be absent.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, PolicyError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let fits = |text: &&str| {
            let tame = |c: char| !c.is_control() || c == '\n';
            text.chars().count() <= TEXT_CHARS && text.chars().all(tame)
        };
        let text = value.as_str().filter(fits).ok_or_else(|| self.wrong(name))?;
        Ok(Some(text.to_owned()))
    }

    /// A text that must be there and say something.
    pub(super) fn required_text(&self, name: &str) -> Result<String, PolicyError> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| self.wrong(name))
    }

    /// A whole number that is not negative and may be absent.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, PolicyError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().filter(|n| *n >= 0);
        Ok(Some(number.ok_or_else(|| self.wrong(name))?))
    }

    pub(super) fn required_number(&self, name: &str) -> Result<i64, PolicyError> {
        self.number(name)?.ok_or_else(|| self.wrong(name))
    }

    /// A moment in seconds since 1970 (RFC 7519 §2, NumericDate) that may be absent.
    pub(super) fn moment(&self, name: &str) -> Result<Option<WallMs>, PolicyError> {
        let Some(seconds) = self.number(name)? else { return Ok(None) };
        // Beyond the year 9999 it is milliseconds, or nonsense.
        if seconds > 253_402_300_799 {
            return Err(self.wrong(name));
        }
        Ok(Some(WallMs(seconds * SECOND_MS)))
    }

    pub(super) fn required_moment(&self, name: &str) -> Result<WallMs, PolicyError> {
        self.moment(name)?.ok_or_else(|| self.wrong(name))
    }
}
