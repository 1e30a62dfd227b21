//! Where people work and what they do.
use crate::names::Country;

/// One company of the group, in one country. Domains end in `.example` (RFC 2606).
pub(crate) struct Company {
    pub(crate) country: Country,
    pub(crate) name: &'static str,
    pub(crate) domain: &'static str,
}

pub(crate) const COMPANIES: &[Company] = &[
    company(Country::Germany, "Nordlicht Energie AG", "nordlicht.example"),
    company(Country::Germany, "Nordlicht Netz GmbH & Co. KG", "netz.nordlicht.example"),
    company(Country::Germany, "Müßiggang & Söhne Logistik GmbH", "muessiggang.example"),
    company(Country::Sweden, "Nordlicht Sverige AB", "se.nordlicht.example"),
    company(Country::Sweden, "Åkerö Vindkraft AB", "akero.example"),
    company(Country::Switzerland, "Nordlicht Schweiz AG", "ch.nordlicht.example"),
    company(Country::Switzerland, "Zürisee Wärme AG", "zuerisee.example"),
    company(Country::England, "Nordlicht UK Ltd", "uk.nordlicht.example"),
    company(Country::England, "Fairweather, Hope & Sons", "fairweather.example"),
];

const fn company(country: Country, name: &'static str, domain: &'static str) -> Company {
    Company { country, name, domain }
}

/// A department and the positions in it, as `department: position, position`.
pub(crate) struct Department {
    pub(crate) name: &'static str,
    pub(crate) positions: &'static [&'static str],
}

pub(crate) fn departments(country: Country) -> &'static [Department] {
    match country {
        Country::Germany | Country::Switzerland => GERMAN,
        Country::Sweden => SWEDISH,
        Country::England => ENGLISH,
    }
}

const fn department(name: &'static str, positions: &'static [&'static str]) -> Department {
    Department { name, positions }
}

const GERMAN: &[Department] = &[
    department("Vertrieb", &["Leitung Vertrieb", "Key-Account-Management", "Innendienst"]),
    department("Einkauf", &["Strategischer Einkauf", "Sachbearbeitung"]),
    department("Personal", &["Personalreferat", "Lohn und Gehalt", "Ausbildungsleitung"]),
    department("Informationstechnik", &["Systemadministration", "Softwareentwicklung", "Helpdesk"]),
    department("Netzbetrieb", &["Netzführung", "Bereitschaftsdienst", "Meisterin", "Monteur"]),
    department("Buchhaltung", &["Kreditorenbuchhaltung", "Controlling"]),
    department("Rechtsabteilung", &["Syndikusanwältin", "Datenschutzbeauftragter"]),
    department("Öffentlichkeitsarbeit", &["Pressesprecherin", "Redaktion"]),
    department("Geschäftsführung", &["Geschäftsführerin", "Assistenz"]),
];

const SWEDISH: &[Department] = &[
    department("Försäljning", &["Säljare", "Försäljningschef", "Kundansvarig"]),
    department("Inköp", &["Inköpare", "Inköpschef"]),
    department("Personal", &["HR-partner", "Löneadministratör"]),
    department("IT", &["Systemutvecklare", "Drifttekniker", "Support"]),
    department("Drift och underhåll", &["Driftledare", "Elektriker", "Vindkrafttekniker"]),
    department("Ekonomi", &["Redovisningsekonom", "Controller"]),
    department("Ledning", &["Verkställande direktör", "Assistent"]),
];

const ENGLISH: &[Department] = &[
    department("Sales", &["Account Manager", "Head of Sales", "Sales Support"]),
    department("Procurement", &["Buyer", "Category Manager"]),
    department("People", &["HR Business Partner", "Payroll Officer"]),
    department("Information Technology", &["Systems Engineer", "Developer", "Service Desk"]),
    department("Operations", &["Control Room Engineer", "Field Technician", "Shift Lead"]),
    department("Finance", &["Accountant", "Financial Controller"]),
    department("Legal", &["Solicitor", "Data Protection Officer"]),
    department("Management", &["Managing Director", "Executive Assistant"]),
];

/// Street and town with their postal codes.
pub(crate) fn towns(country: Country) -> &'static [(&'static str, &'static str, &'static str)] {
    match country {
        Country::Germany => &[
            ("Königstraße", "10115", "Berlin"),
            ("Große Elbstraße", "22767", "Hamburg"),
            ("Löwengrube", "80333", "München"),
            ("Hohe Straße", "50667", "Köln"),
            ("Zeil", "60313", "Frankfurt am Main"),
        ],
        Country::Sweden => &[
            ("Kungsgatan", "111 35", "Stockholm"),
            ("Östra Hamngatan", "411 10", "Göteborg"),
            ("Södra Förstadsgatan", "211 43", "Malmö"),
        ],
        Country::Switzerland => &[
            ("Bahnhofstrasse", "8001", "Zürich"),
            ("Rue du Rhône", "1204", "Genève"),
            ("Gerbergässlein", "4051", "Basel"),
        ],
        Country::England => &[
            ("Threadneedle Street", "EC2R 8AH", "London"),
            ("King's Parade", "CB2 1ST", "Cambridge"),
            ("Deansgate", "M3 2BW", "Manchester"),
        ],
    }
}

/// What people are grouped by in the address book, beside their department.
pub(crate) const CATEGORIES: &[&str] =
    &["Ersthelfer", "Betriebsrat", "On call", "Jour", "Works council", "Fire warden", "Visitors"];
