//! The table. One row a setting; read it top to bottom.
use super::{
    Affects, Alias, Builtin, Group, Item, Planned, Read, Setting, Sources, Strict, Translate, Type,
    Unreadable, texts,
};
use crate::ids::{Language, Platform};

const MDM: Sources = Sources { person: false, mdm: true, server: false };
const PERSON_OR_MDM: Sources = Sources { person: true, mdm: true, server: false };
const MDM_OR_SERVER: Sources = Sources { person: false, mdm: true, server: true };
const ANYONE: Sources = Sources { person: true, mdm: true, server: true };

const SHORT: Type = Type::Text { max: 200 };
const SECRET: Type = Type::Text { max: 1_024 };
const COMPLEXITY: &[&str] = &["high", "medium", "low", "none"];
const ACTIONS: &[&str] = &["lock", "hide_contacts", "warn"];
const LANGUAGES: &[&str] = &Language::TAGS;
const MODES: &[&str] = &["off", "in_app", "directory", "device_contacts"];

/// Evidence for activation and trust in servers: never from the management server itself.
const fn activation(kind: Type) -> Setting {
    let row = row(Group::Activation, kind).from(PERSON_OR_MDM).on_change(Affects::Activation);
    Setting { read: Read::Activation, ..row }
}

const fn person(kind: Type) -> Setting {
    row(Group::Person, kind)
}

/// Names of the phone that only the MDM knows for certain.
const fn device(kind: Type) -> Setting {
    row(Group::Device, kind).from(MDM)
}

const fn contacts(kind: Type) -> Setting {
    row(Group::Contacts, kind).on_change(Affects::Contacts)
}

const fn behaviour(kind: Type) -> Setting {
    row(Group::Behaviour, kind)
}

/// Rules: the server may tighten what the MDM set, never loosen it.
const fn rule(kind: Type, strict: Strict, unreadable: Unreadable) -> Setting {
    let row = row(Group::Compliance, kind).strict(strict, unreadable);
    Setting { tighten_only: true, affects: Affects::Compliance, ..row }
}

const fn flag_rule() -> Setting {
    rule(Type::Bool, Strict::True, Unreadable::Strict).default(Builtin::Bool(false))
}

const fn support(kind: Type) -> Setting {
    row(Group::Support, kind)
}

const fn row(group: Group, kind: Type) -> Setting {
    Setting {
        key: Key::ServerUrl,
        name: "",
        group,
        kind,
        default: Builtin::None,
        secret: false,
        only_on: None,
        read: Read::Live,
        sources: MDM_OR_SERVER,
        strict: Strict::None,
        unreadable: Unreadable::Below,
        tighten_only: false,
        affects: Affects::Screens,
        planned: Planned::Nothing,
        aliases: &[],
        example: "",
        text: &texts::NONE,
    }
}

impl Setting {
    const fn default(self, default: Builtin) -> Self {
        Self { default, ..self }
    }

    const fn yes(self) -> Self {
        self.default(Builtin::Bool(true))
    }

    const fn no(self) -> Self {
        self.default(Builtin::Bool(false))
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn android(self) -> Self {
        Self { only_on: Some(Platform::Android), ..self }
    }

    const fn from(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    const fn strict(self, strict: Strict, unreadable: Unreadable) -> Self {
        Self { strict, unreadable, ..self }
    }

    /// The smaller of the MDM's and the policy's value wins.
    const fn smallest_wins(self) -> Self {
        Self { tighten_only: true, ..self.strict(Strict::Lower, Unreadable::Strict) }
    }

    const fn on_change(self, affects: Affects) -> Self {
        Self { affects, ..self }
    }

    /// Nothing reads it yet.
    const fn planned(self) -> Self {
        Self { planned: Planned::Everything, ..self }
    }

    /// It works on the other platform only.
    const fn planned_on(self, platform: Platform) -> Self {
        Self { planned: Planned::On(platform), ..self }
    }

    /// These values have no effect yet.
    const fn planned_values(self, values: &'static [&'static str]) -> Self {
        Self { planned: Planned::Values(values), ..self }
    }

    const fn live(self) -> Self {
        Self { read: Read::Live, ..self }
    }

    const fn also(self, aliases: &'static [Alias]) -> Self {
        Self { aliases, ..self }
    }

    const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    const fn named(self, key: Key, name: &'static str, text: &'static texts::Text) -> Self {
        Self { key, name, text, ..self }
    }
}

const fn ncontacts(name: &'static str) -> Alias {
    Alias { name, product: "nContacts", translate: Translate::Same }
}

const fn threema(name: &'static str) -> Alias {
    Alias { name, product: "Threema Work", translate: Translate::Same }
}

/// Threema's switch says whether the app may exchange contacts with the phone's address book.
const CONTACT_SYNC: Alias = Alias {
    name: "th_contact_sync",
    product: "Threema Work",
    translate: Translate::Words { yes: "directory", no: "in_app" },
};

macro_rules! settings {
    ($($variant:ident $name:literal = $row:expr;)*) => {
        /// A setting.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Key {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Key {
            /// Every setting, in the order of the reference.
            pub const ALL: [Key; TABLE.len()] = [$(Key::$variant,)*];

            /// The setting that is called exactly `name`.
            pub fn from_name(name: &str) -> Option<Key> {
                match name {
                    $($name => Some(Key::$variant),)*
                    _ => None,
                }
            }

            /// Its row of the table.
            pub const fn setting(self) -> &'static Setting {
                &ROWS[self as usize]
            }
        }

        const NAMES: &[&str] = &[$($name),*];
        static ROWS: [Setting; NAMES.len()] = TABLE;
        const TABLE: [Setting; NAMES.len()] =
            [$($row.named(Key::$variant, $name, &texts::$variant),)*];
    };
}

settings! {
    ServerUrl "server_url" = activation(Type::Url)
        .also(&[threema("th_onprem_server")]).example("https://muster.example.com");
    Email "email" = activation(Type::Email)
        .also(&[threema("th_linked_email")]).example("anna.muster@example.com");
    CompanyPasscode "company_passcode" = activation(SECRET).secret()
        .also(&[ncontacts("companyPasscode")]).example("correct-horse-42");
    LicenseUsername "license_username" = activation(SHORT)
        .also(&[threema("th_license_username")]).example("example-ltd");
    LicensePassword "license_password" = activation(SECRET).secret()
        .also(&[threema("th_license_password")]).example("Tr0ub4dor");
    ActivationCode "activation_code" = activation(SECRET).secret()
        .example("kq3v7m2c5x8r1t6w9z4b");
    OrganizationCode "organization_code" = activation(SHORT).example("example-ltd");
    AllowedServers "allowed_servers" = activation(Type::List(Item::Host)).from(MDM)
        .strict(Strict::Fewer, Unreadable::Strict)
        .example("muster.example.com, muster-test.example.com:8443");
    PolicyKeyThumbprints "policy_key_thumbprints" = activation(Type::List(Item::Thumbprint))
        .from(MDM).strict(Strict::Fewer, Unreadable::Strict)
        .example("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    AutoActivate "auto_activate" = activation(Type::Bool).from(MDM).yes().example("true");
    SkipSetupWizard "skip_setup_wizard" = activation(Type::Bool).from(MDM).no()
        .on_change(Affects::Screens)
        .also(&[threema("th_skip_wizard")]).planned().example("true");
    AllowSignOut "allow_sign_out" = activation(Type::Bool).from(MDM).yes()
        .on_change(Affects::Screens).live()
        .strict(Strict::False, Unreadable::Strict).example("false");

    FirstName "first_name" = person(SHORT).also(&[threema("th_firstname")]).example("Anna");
    LastName "last_name" = person(SHORT).also(&[threema("th_lastname")]).example("Muster");
    Nickname "nickname" = person(SHORT).from(ANYONE)
        .also(&[threema("th_nickname")]).planned().example("Anna M.");
    Phone "phone" = person(SHORT)
        .also(&[threema("th_linked_phone")]).planned().example("+49 89 123456");
    JobTitle "job_title" = person(SHORT)
        .also(&[threema("th_job_title")]).planned().example("Nurse");
    Department "department" = person(SHORT)
        .also(&[threema("th_department")]).planned().example("Ward 3");
    EmployeeId "employee_id" = person(SHORT)
        .also(&[threema("th_csi")]).planned().example("100234");
    Category "category" = person(SHORT)
        .also(&[threema("th_category")]).planned().example("Staff");
    Language "language" = person(Type::Choice(LANGUAGES)).from(ANYONE).example("de");

    DeviceId "device_id" = device(SHORT).example("{{deviceid}}");
    SerialNumber "serial_number" = device(SHORT).example("{{serialnumber}}");
    EnrollmentId "enrollment_id" = device(SHORT).example("a1b2c3d4");
    AssetTag "asset_tag" = device(SHORT).from(MDM_OR_SERVER).planned().example("IT-0815");
    ManagedBy "managed_by" = device(SHORT).from(MDM_OR_SERVER).planned().example("Example Ltd IT");

    // In the app contacts are in every mode but `off`; more than that is to come.
    ContactsMode "contacts_mode" = contacts(Type::Choice(MODES)).from(ANYONE)
        .default(Builtin::Word("directory"))
        .strict(Strict::Order(MODES), Unreadable::Word("in_app"))
        .also(&[CONTACT_SYNC]).planned_values(&["directory", "device_contacts"])
        .example("directory");
    ContactsFilter "contacts_filter" = contacts(Type::List(Item::Filter))
        .example("department:Sales, !category:External");
    // Read only to ask for the phone's own switch, which no shell reports: no app names callers yet.
    CallerId "caller_id" = contacts(Type::Bool).from(ANYONE).yes()
        .planned_values(&["true", "false"]).example("true");
    DefaultRegion "default_region" = contacts(Type::Region).from(ANYONE).example("DE");
    ContactsSyncHours "contacts_sync_hours" = contacts(Type::Int { min: 1, max: 168 })
        .default(Builtin::Int(6)).on_change(Affects::Schedule).example("6");
    ContactsUnmeteredOnly "contacts_unmetered_only" = contacts(Type::Bool).from(ANYONE).no()
        .on_change(Affects::Schedule).planned().example("false");
    DirectoryAllowedApps "directory_allowed_apps" = contacts(Type::List(Item::Package)).android()
        .strict(Strict::Fewer, Unreadable::Strict)
        .on_change(Affects::Screens).planned()
        .example("com.google.android.dialer, com.microsoft.office.outlook");
    CarddavUrl "carddav_url" = contacts(Type::Url).from(PERSON_OR_MDM)
        .example("https://dav.example.com/addressbooks/company/");
    CarddavUsername "carddav_username" = contacts(SHORT).from(PERSON_OR_MDM).example("phonebook");
    CarddavPassword "carddav_password" = contacts(SECRET).from(PERSON_OR_MDM).secret()
        .example("s3cret");
    ContactSources "contact_sources" = contacts(Type::Sources).from(MDM)
        .example("[{\"name\": \"Head office\", \"carddav_url\": \"https://dav.example.com/hq/\", \
                   \"carddav_username\": \"phonebook\", \"carddav_password\": \"s3cret\"}]");
    ClientCertificate "client_certificate" = contacts(SHORT).from(MDM).planned()
        .example("company-wifi");

    BlockScreenshots "block_screenshots" = behaviour(Type::Bool).no()
        .strict(Strict::True, Unreadable::Strict)
        .also(&[threema("th_disable_screenshots")]).example("true");
    BlockExport "block_export" = behaviour(Type::Bool).no()
        .strict(Strict::True, Unreadable::Strict)
        .also(&[threema("th_disable_export")]).planned().example("true");
    BlockCopy "block_copy" = behaviour(Type::Bool).no()
        .strict(Strict::True, Unreadable::Strict).planned_on(Platform::Android).example("true");
    ReadonlyProfile "readonly_profile" = behaviour(Type::Bool).no()
        .strict(Strict::True, Unreadable::Strict)
        .also(&[threema("th_readonly_profile")]).planned().example("true");
    CheckIntervalHours "check_interval_hours" = behaviour(Type::Int { min: 1, max: 168 })
        .default(Builtin::Int(24)).smallest_wins().on_change(Affects::Schedule).example("24");
    OfflineGraceDays "offline_grace_days" = behaviour(Type::Int { min: 1, max: 90 })
        .default(Builtin::Int(14)).smallest_wins().on_change(Affects::Schedule).example("14");
    LogLevel "log_level" = behaviour(Type::Choice(&["error", "warn", "info", "debug"]))
        .default(Builtin::Word("info")).planned().example("info");

    MinOsVersion "min_os_version" = rule(Type::Version, Strict::Higher, Unreadable::Warn)
        .example("14");
    MaxPatchAgeDays "max_patch_age_days" =
        rule(Type::Int { min: 1, max: 1_825 }, Strict::Lower, Unreadable::Warn)
        .android().example("90");
    RequireScreenLock "require_screen_lock" = flag_rule().example("true");
    MinPasswordComplexity "min_password_complexity" =
        rule(Type::Choice(COMPLEXITY), Strict::Order(COMPLEXITY), Unreadable::Warn)
        .android().default(Builtin::Word("none")).example("medium");
    RequireEncryption "require_encryption" = flag_rule().example("true");
    ForbidDeveloperOptions "forbid_developer_options" = flag_rule().android().example("true");
    ForbidDebugging "forbid_debugging" = flag_rule().android().example("true");
    RequireWorkProfile "require_work_profile" = flag_rule().android().example("true");
    MinAppVersion "min_app_version" = rule(Type::Version, Strict::Higher, Unreadable::Warn)
        .example("1.4");
    NoncomplianceAction "noncompliance_action" =
        rule(Type::Choice(ACTIONS), Strict::Order(ACTIONS), Unreadable::Warn)
        .default(Builtin::Word("warn")).example("hide_contacts");
    NoncomplianceGraceHours "noncompliance_grace_hours" =
        rule(Type::Int { min: 0, max: 720 }, Strict::Lower, Unreadable::Warn)
        .default(Builtin::Int(24)).example("48");

    SupportEmail "support_email" = support(Type::Email).example("it@example.com");
    SupportPhone "support_phone" = support(SHORT).example("+49 89 123456-0");
    SupportUrl "support_url" = support(Type::Url).example("https://it.example.com/phones");
    PrivacyUrl "privacy_url" = support(Type::Url).planned().example("https://example.com/privacy");
}
