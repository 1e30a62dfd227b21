//! Made-up people: the same seed always gives the same ones.
//!
//! For tests, the demo and benchmarks. Nobody here exists, no number rings, no mail arrives. The
//! first few seats are always taken by names that software likes to get wrong (see [`SURE`]), so
//! that a search for "mull" finds somebody whatever the seed.
#![cfg_attr(feature = "self-test-break", doc = "A link to [`nowhere`].")]
#![forbid(unsafe_code)]

mod broken;
mod names;
mod phones;
mod photo;
mod prng;
mod table;
mod vcard;
mod work;

pub use names::Country;
pub use phones::{Phone, PhoneKind};
pub use table::{COLUMNS, csv};
pub use vcard::{Version, vcards};

use std::collections::BTreeMap;

use prng::Prng;

/// Who is always there, in this order, as far as the count reaches: an umlaut, ß, å, a hyphen, an
/// accent, an apostrophe.
pub const SURE: [(Country, &str, &str); 6] = [
    (Country::Germany, "Jana", "Müller"),
    (Country::Germany, "Rüdiger", "Weiß"),
    (Country::Sweden, "Åsa", "Ångström"),
    (Country::Germany, "Hans-Jürgen", "Müller-Lüdenscheid"),
    (Country::Switzerland, "Zoé", "Corthésy"),
    (Country::England, "Niamh", "O'Brien"),
];

/// A postal address at work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// Street and house number.
    pub street: String,
    /// Postal code.
    pub code: &'static str,
    /// Town.
    pub town: &'static str,
    /// Country.
    pub country: Country,
}

/// One made-up colleague.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Stable and unique among the people of one seed.
    pub uid: String,
    /// Academic title, mostly empty.
    pub prefix: &'static str,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Company.
    pub organization: &'static str,
    /// Department.
    pub department: &'static str,
    /// Position.
    pub title: &'static str,
    /// A desk number for everybody, a mobile for most.
    pub phones: Vec<Phone>,
    /// Unique among the people of one seed.
    pub email: String,
    /// Where the desk is.
    pub address: Address,
    /// The department, and for some a second one.
    pub categories: Vec<&'static str>,
    /// Personnel number.
    pub employee_id: String,
    /// A remark, for a few, with commas and line breaks.
    pub note: Option<String>,
    /// A PNG, for one in six.
    pub photo: Option<Vec<u8>>,
}

impl Person {
    /// As it stands in a list: "Dr. Jana Müller".
    pub fn display_name(&self) -> String {
        let mut name = self.prefix.to_owned();
        if !name.is_empty() {
            name.push(' ');
        }
        name + &self.given + " " + &self.family
    }

    /// The first number of a kind.
    pub fn phone(&self, kind: PhoneKind) -> Option<&Phone> {
        self.phones.iter().find(|p| p.kind == kind)
    }
}

/// `count` people from `seed`. The first `n` of a longer list are not the list of `n`: only equal
/// arguments give equal people.
pub fn people(seed: u64, count: usize) -> Vec<Person> {
    let mut maker = Maker {
        prng: Prng::new(seed ^ (count as u64).rotate_left(32)),
        tables: Country::ALL.map(|c| (c, c.given(), c.family())),
        taken: BTreeMap::new(),
        numbers: BTreeMap::new(),
    };
    (0..count).map(|index| maker.person(seed, index)).collect()
}

struct Maker {
    prng: Prng,
    /// Given and family names of each country.
    tables: [(Country, Vec<&'static str>, Vec<&'static str>); 4],
    /// How often an e-mail address was asked for.
    taken: BTreeMap<String, usize>,
    /// How many numbers of a country and kind are given out.
    numbers: BTreeMap<(&'static str, bool), usize>,
}

impl Maker {
    fn person(&mut self, seed: u64, index: usize) -> Person {
        let (country, given, family) = match SURE.get(index) {
            Some((country, given, family)) => (*country, (*given).to_owned(), (*family).to_owned()),
            None => self.name(),
        };
        let companies: Vec<_> = work::COMPANIES.iter().filter(|c| c.country == country).collect();
        let company = *self.prng.pick(&companies);
        let department = self.prng.pick(work::departments(country));
        let title = *self.prng.pick(department.positions);
        let email = self.email(&given, &family, company.domain);
        let phones = self.phones(country, index == 0);
        let (street, code, town) = *self.prng.pick(work::towns(country));
        let street = format!("{street} {}", 1 + self.prng.below(120));
        let mut categories = vec![department.name];
        if self.prng.one_in(8) {
            categories.push(*self.prng.pick(work::CATEGORIES));
        }
        let photo = (index == 0 || self.prng.one_in(6)).then(|| {
            let initials: String =
                [&given, &family].iter().filter_map(|n| ascii(n).chars().next()).collect();
            photo::png(&initials.to_uppercase(), self.prng.next())
        });
        let prefix = if self.prng.one_in(25) { "Dr." } else { "" };
        let note = self.prng.one_in(20).then(|| {
            format!("Erreichbar Mo, Mi; sonst\nVertretung in {town} ({})", department.name)
        });
        Person {
            uid: format!("{:016x}-{index:06}", self.prng.next() ^ seed),
            prefix,
            given,
            family,
            organization: company.name,
            department: department.name,
            title,
            phones,
            email,
            address: Address { street, code, town, country },
            categories,
            employee_id: format!("{:06}", 100_000 + index),
            note,
            photo,
        }
    }

    fn name(&mut self) -> (Country, String, String) {
        let Self { prng, tables, .. } = self;
        // Germany, Sweden, Switzerland, England: the order of `Country::ALL`.
        let (country, givens, families) = match prng.below(100) {
            0..45 => &tables[0],
            45..65 => &tables[1],
            65..85 => &tables[2],
            _ => &tables[3],
        };
        let given = with_second(prng, givens, ' ', 15);
        let family = with_second(prng, families, '-', 18);
        (*country, given, family)
    }

    fn email(&mut self, given: &str, family: &str, domain: &str) -> String {
        let local = format!("{}.{}", ascii(given), ascii(family));
        let times = self.taken.entry(format!("{local}@{domain}")).or_insert(0);
        *times += 1;
        match times {
            1 => format!("{local}@{domain}"),
            n => format!("{local}{n}@{domain}"),
        }
    }

    fn phones(&mut self, country: Country, sure: bool) -> Vec<Phone> {
        let mut phones = Vec::with_capacity(2);
        let mobile = sure || !self.prng.one_in(3);
        for kind in [PhoneKind::Work, PhoneKind::Mobile] {
            if kind == PhoneKind::Mobile && !mobile {
                continue;
            }
            let style = self.prng.below(8);
            let n = self.numbers.entry((country.name(), kind == PhoneKind::Mobile)).or_insert(0);
            phones.extend(phones::number(country, kind, *n, style));
            *n += 1;
        }
        phones
    }
}

/// A name from the table, and once in `n` times a second one behind it.
fn with_second(prng: &mut Prng, table: &[&str], between: char, n: usize) -> String {
    let first = *prng.pick(table);
    if !prng.one_in(n) || first.contains('-') {
        return first.to_owned();
    }
    let second = *prng.pick(table);
    if second == first || second.contains('-') {
        return first.to_owned();
    }
    format!("{first}{between}{second}")
}

/// A name as mail administrators write it: lower case, German umlauts as two letters, other
/// accents dropped, blanks as dots.
fn ascii(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'å' => out.push('a'),
            'é' | 'è' | 'ë' | 'ê' => out.push('e'),
            'ï' | 'î' | 'ı' => out.push('i'),
            'â' => out.push('a'),
            'ç' => out.push('c'),
            'ó' | 'ô' => out.push('o'),
            ' ' | '.' => out.push('.'),
            c if c.is_ascii_alphanumeric() || c == '-' => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests;
