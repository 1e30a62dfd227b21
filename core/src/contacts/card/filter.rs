//! Which contacts of a book the phone keeps: the setting `contacts_filter`.
use crate::contacts::record::ContactRecord;

/// A list of terms, each `category:NAME` or `department:NAME`, with a `!` before it to leave those
/// contacts out (a `-` is read too).
///
/// - A contact that any `!` term names is left out, whatever else is said.
/// - If there are terms without `!`, a contact is kept only when one of them names it.
/// - Names are compared without regard to case and to spaces around them. A department of several
///   levels (`Sales / North`) is named by the whole and by each level.
///
/// `["category:Staff", "department:Sales", "!category:Interns"]` keeps staff and everybody in
/// Sales, but no interns. An empty list keeps everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    include: Vec<Term>,
    exclude: Vec<Term>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Term {
    field: Field,
    name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Field {
    Category,
    Department,
}

/// A term that can't be read. Nothing of the filter is applied then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("entry {position} of the contact filter is neither category:NAME nor department:NAME")]
pub struct FilterError {
    /// Which entry, counted from 1.
    pub position: usize,
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

impl Filter {
    /// Reads the terms. Empty ones are passed over.
    pub fn parse(terms: &[String]) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (index, text) in terms.iter().enumerate() {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let (side, positive) = match text.strip_prefix(['!', '-']) {
                Some(rest) => (&mut filter.exclude, rest),
                None => (&mut filter.include, text),
            };
            side.push(Term::parse(positive).ok_or(FilterError { position: index + 1 })?);
        }
        filter.include.sort();
        filter.exclude.sort();
        Ok(filter)
    }

    /// Whether the phone keeps this contact.
    pub fn accepts(&self, record: &ContactRecord) -> bool {
        let named = |terms: &[Term]| terms.iter().any(|t| t.names(record));
        !named(&self.exclude) && (self.include.is_empty() || named(&self.include))
    }

    /// A text that is the same for filters that keep the same contacts, whatever the order of terms.
    pub fn canonical(&self) -> String {
        let side = |sign: &str, terms: &[Term]| -> String {
            terms.iter().map(|t| format!("{sign}{:?}:{}\n", t.field, t.name)).collect()
        };
        side("+", &self.include) + &side("-", &self.exclude)
    }
}

impl Term {
    fn parse(text: &str) -> Option<Self> {
        let (field, name) = text.split_once(':')?;
        let field = match folded(field).as_str() {
            "category" | "categories" => Field::Category,
            "department" => Field::Department,
            _ => return None,
        };
        let name = folded(name);
        (!name.is_empty()).then_some(Self { field, name })
    }

    fn names(&self, record: &ContactRecord) -> bool {
        match self.field {
            Field::Category => record.categories.iter().any(|c| folded(c) == self.name),
            Field::Department => record.department.as_ref().is_some_and(|d| {
                folded(d) == self.name || d.split(" / ").any(|level| folded(level) == self.name)
            }),
        }
    }
}
