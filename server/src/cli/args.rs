//! Commands and options, with the help that a newcomer reads.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

const EXAMPLE: &str = "\
A first organisation, from nothing:
  muster-server init --data company.db                     makes the data file, prints an admin token
  muster-server tenant add acme --name 'Acme AG' --data company.db
  muster-server person import people.csv --data company.db
  muster-server licence add --username acme --password-file secret.txt --seats 100 --data company.db
  muster-server serve --data company.db                    phones use http://127.0.0.1:8780

Exit codes: 0 done, 1 not done (the reason is on stderr), 2 wrong use.";

/// The reference management server of Muster.
#[derive(Parser)]
#[command(name = "muster-server", version, after_help = EXAMPLE)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Where --help lists the options that every command has.
const EVERYWHERE: &str = "Options of every command";

#[derive(ClapArgs)]
pub(super) struct Common {
    /// The data file. Used directly unless --url is given; a server may be running on it
    #[arg(long, global = true, env = "MUSTER_SERVER_DATA", default_value = "muster-server.db", help_heading = EVERYWHERE)]
    pub(super) data: PathBuf,
    /// A running server, to work through its admin API
    #[arg(long, global = true, env = "MUSTER_SERVER_URL", help_heading = EVERYWHERE)]
    pub(super) url: Option<String>,
    /// Admin token for --url; with --data it says which admin you are
    #[arg(long, global = true, env = "MUSTER_ADMIN_TOKEN", hide_env_values = true, help_heading = EVERYWHERE)]
    pub(super) token: Option<String>,
    /// Which organisation; may be left out if there is only one
    #[arg(long, global = true, env = "MUSTER_TENANT", help_heading = EVERYWHERE)]
    pub(super) tenant: Option<String>,
    /// Print JSON, for machines
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(super) json: bool,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the server until SIGTERM or Ctrl-C; prints "listening on URL" once it listens
    Serve(Serve),
    /// Make the data file and print the first admin's token
    Init {
        /// Name of the first admin
        #[arg(long, default_value = "admin")]
        admin: String,
    },
    /// Admins, who may use the admin API
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Actions that wait for a second admin
    Approvals,
    /// Approve an action that another admin asked for
    Approve {
        /// The id that the waiting command printed
        id: String,
    },
    /// Organisations
    #[command(subcommand)]
    Tenant(Tenant),
    /// The passcode with which people activate beside their e-mail address
    #[command(subcommand)]
    Passcode(Passcode),
    /// The public code with which anybody may activate
    #[command(subcommand)]
    OrganizationCode(OrganizationCode),
    /// People, who are also the contacts on every phone
    #[command(subcommand)]
    Person(Person),
    /// Licences: a user name and a password, for one person or shared by many
    #[command(subcommand)]
    Licence(Licence),
    /// Activation links and QR codes
    #[command(subcommand)]
    Link(Link),
    /// Settings that phones take from this server, for all or for one person
    #[command(subcommand)]
    Setting(Setting),
    /// Compliance rules
    #[command(subcommand)]
    Rule(Rule),
    /// Phones
    #[command(subcommand)]
    Device(Device),
    /// Events that phones reported, oldest first
    Events(Events),
    /// Show or set how often phones ask for news: 15m to 7d
    CheckInterval {
        /// A number with s, m, h or d; left out, the interval is shown
        interval: Option<String>,
    },
}

#[derive(ClapArgs)]
pub(super) struct Serve {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:8780")]
    pub(super) listen: String,
    /// The server's address as phones know it, when a proxy stands before it
    #[arg(long)]
    pub(super) issuer: Option<String>,
    /// Contacts in one answer; longer address books come in pages
    #[arg(long, default_value_t = 5_000)]
    pub(super) page_size: usize,
    /// Take the source address from X-Forwarded-For (only behind a proxy that sets it)
    #[arg(long)]
    pub(super) behind_proxy: bool,
}

#[derive(Subcommand)]
pub(super) enum AdminCommand {
    /// Add an admin and print the token, this once
    Add {
        /// The new admin's name
        name: String,
    },
    /// List admins
    List,
    /// Remove an admin; the token stops working at once
    Remove {
        /// Whom
        name: String,
    },
}

#[derive(Default, ClapArgs)]
pub(super) struct Support {
    /// E-mail address people turn to for help
    #[arg(long)]
    pub(super) support_email: Option<String>,
    /// Telephone number people turn to for help
    #[arg(long)]
    pub(super) support_phone: Option<String>,
    /// Page people turn to for help
    #[arg(long)]
    pub(super) support_url: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum Tenant {
    /// Add an organisation
    Add {
        /// Short id: lower-case letters, digits, hyphens
        id: String,
        /// The name that phones show
        #[arg(long)]
        name: String,
        #[command(flatten)]
        support: Support,
    },
    /// List organisations
    List,
    /// Show one, with the thumbprint of its policy key
    Show {
        /// Which one; left out, that of --tenant
        id: Option<String>,
    },
    /// Change what is given
    Set {
        /// The name that phones show
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        support: Support,
        /// How long a phone goes on without the server, e.g. 14d
        #[arg(long)]
        offline_grace: Option<String>,
        /// Let only phones in whose MDM device id is on the list (device allow)
        #[arg(long)]
        listed_devices_only: Option<bool>,
        /// Id at a manufacturer: apple_dep=…, samsung_kme=…, android_zero_touch=…
        #[arg(long, value_name = "NAME=ID")]
        customer_id: Vec<String>,
        /// Newest app version and its store page: android=1.4.0,https://…
        #[arg(long, value_name = "PLATFORM=VERSION,URL")]
        app_update: Vec<String>,
    },
    /// After restoring a backup: every phone lists the address book anew
    Resync,
}

#[derive(Subcommand)]
pub(super) enum Passcode {
    /// Set it; left out, one is made up and printed. Running phones stay in
    Set {
        /// At least 8 characters
        passcode: Option<String>,
    },
    /// Remove it: nobody activates by e-mail and passcode any more
    Remove,
}

#[derive(Subcommand)]
pub(super) enum OrganizationCode {
    /// Set it; left out, one is made up and printed
    Set {
        /// At least 8 characters
        code: Option<String>,
    },
    /// Remove it
    Remove,
}

#[derive(Subcommand)]
pub(super) enum Person {
    /// Add one person, or bring the one with that e-mail address up to date
    Add(Box<PersonAdd>),
    /// Add people from a list; those already here are brought up to date, nobody is removed
    ///
    /// CSV: the first line names the columns: first_name, last_name, email, phone, mobile,
    /// organization, department, title, category, photo (a file beside the list). vCard: any number
    /// of cards in one .vcf file, photos included.
    Import {
        /// A .csv or .vcf file
        file: PathBuf,
    },
    /// List people
    List,
    /// Take access away from people, all their phones included
    Revoke {
        /// E-mail addresses (or UIDs)
        #[arg(required = true)]
        people: Vec<String>,
    },
    /// Take people off the list: gone from every phone's contacts, their own phones retired
    Remove {
        /// E-mail addresses (or UIDs)
        #[arg(required = true)]
        people: Vec<String>,
    },
    /// Lift a revocation
    Readmit {
        /// E-mail addresses (or UIDs)
        #[arg(required = true)]
        people: Vec<String>,
    },
}

#[derive(ClapArgs)]
pub(super) struct PersonAdd {
    /// First name
    #[arg(long, default_value = "")]
    pub(super) first_name: String,
    /// Last name
    #[arg(long, default_value = "")]
    pub(super) last_name: String,
    /// E-mail address
    #[arg(long, default_value = "")]
    pub(super) email: String,
    /// Telephone on the context
    #[arg(long, default_value = "")]
    pub(super) phone: String,
    /// Mobile telephone
    #[arg(long, default_value = "")]
    pub(super) mobile: String,
    /// Organisation, if another than the tenant
    #[arg(long, default_value = "")]
    pub(super) organization: String,
    /// Department
    #[arg(long, default_value = "")]
    pub(super) department: String,
    /// Position
    #[arg(long, default_value = "")]
    pub(super) title: String,
    /// Categories, separated by commas
    #[arg(long, default_value = "")]
    pub(super) category: String,
    /// Photo, a JPEG or PNG file
    #[arg(long)]
    pub(super) photo: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(super) enum Licence {
    /// Add a licence
    Add {
        /// User name, unique on the server
        #[arg(long)]
        username: String,
        /// Password; better given by --password-file
        #[arg(long, required_unless_present = "password_file", allow_hyphen_values = true)]
        password: Option<String>,
        /// File whose first line is the password; - reads standard input
        #[arg(long, conflicts_with = "password")]
        password_file: Option<PathBuf>,
        /// Phones at once; left out: no limit, or 1 with --person
        #[arg(long)]
        seats: Option<i64>,
        /// The person whose own licence it is (settings for that person reach the phone)
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
    /// List licences with their seats
    List,
    /// Withdraw a licence: nobody else activates with it, running phones stay
    Revoke {
        /// User name
        username: String,
    },
}

#[derive(Subcommand)]
pub(super) enum Link {
    /// Make a link that activates one phone, once
    New {
        /// The person whose link it is
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
        /// Host of the link, which opens the app
        #[arg(long, value_name = "URL")]
        host: Option<String>,
        /// This server as phones know it (host or host:port); known once serve has run
        #[arg(long, value_name = "HOST")]
        server: Option<String>,
        /// Hours the link works, 1 to 72
        #[arg(long)]
        valid_hours: Option<i64>,
        /// Write the link as a QR code into this SVG file too
        #[arg(long, value_name = "FILE.svg")]
        qr: Option<PathBuf>,
    },
    /// List links, the newest first
    List,
}

#[derive(Subcommand)]
pub(super) enum Setting {
    /// Set a value: JSON (true, 24, ["a"], null = unset the layer below), anything else is text
    Set {
        /// The setting, e.g. block_screenshots
        key: String,
        /// Its value
        #[arg(allow_hyphen_values = true)]
        value: String,
        /// For one person only; reaches phones activated by that person's own licence or link
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
    /// Take a value away: phones keep what their MDM or the person says
    Unset {
        /// The setting
        key: String,
        /// For one person only
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
    /// List values
    List {
        /// For one person only
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
    },
}

#[derive(Subcommand)]
pub(super) enum Rule {
    /// Add or replace a rule, as JSON or by options
    ///
    /// Example: rule set --id lock --signal screen_lock --op is --value true --severity require
    /// --grace-hours 24 --action hide_contacts
    Set(RuleSet),
    /// Remove a rule
    Remove {
        /// Its id
        id: String,
    },
    /// List rules
    List,
}

#[derive(ClapArgs)]
pub(super) struct RuleSet {
    /// The whole rule as a JSON object with an id
    #[arg(conflicts_with_all = ["id", "signal", "op", "value", "severity", "action"])]
    pub(super) rule: Option<String>,
    /// Its id
    #[arg(long, required_unless_present = "rule")]
    pub(super) id: Option<String>,
    /// The signal it looks at
    #[arg(long, required_unless_present = "rule")]
    pub(super) signal: Option<String>,
    /// How it compares: is, or at_least
    #[arg(long, required_unless_present = "rule")]
    pub(super) op: Option<String>,
    /// With what: JSON, anything else is text
    #[arg(long, required_unless_present = "rule", allow_hyphen_values = true)]
    pub(super) value: Option<String>,
    /// inform, warn or require
    #[arg(long, default_value = "warn")]
    pub(super) severity: String,
    /// Hours a phone has to mend it
    #[arg(long, default_value_t = 0)]
    pub(super) grace_hours: i64,
    /// none, hide_contacts or lock
    #[arg(long, default_value = "none")]
    pub(super) action: String,
    /// Why, in the person's language: de=…; may be repeated
    #[arg(long, value_name = "LANGUAGE=TEXT")]
    pub(super) reason: Vec<String>,
}

#[derive(ClapArgs)]
pub(super) struct Devices {
    /// Devices, by name or at least the first 6 characters
    #[arg(required = true)]
    pub(super) devices: Vec<String>,
    /// What the person is shown
    #[arg(long)]
    pub(super) message: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum Device {
    /// List phones with last contact and compliance
    List,
    /// Show one, with the commands given to it
    Show {
        /// Name, or at least its first 6 characters
        device: String,
    },
    /// Take a phone out of use (repair, hand-back): erases what the app holds
    Retire(Devices),
    /// Lock a lost phone: contacts and settings unreadable until unlock
    Lock(Devices),
    /// Unlock
    Unlock(Devices),
    /// Erase what the app holds
    Erase {
        #[command(flatten)]
        devices: Devices,
        /// retired or lost
        #[arg(long, default_value = "retired", value_parser = ["retired", "lost"])]
        cause: String,
    },
    /// Have the contacts synchronised at the next check
    Sync(Devices),
    /// Put MDM device, serial or enrolment ids on the list of those that may activate
    Allow {
        /// The ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Take an id off the list
    Disallow {
        /// The id
        id: String,
    },
    /// Show the list
    Allowed,
}

#[derive(ClapArgs)]
pub(super) struct Events {
    /// Of one phone only
    #[arg(long, allow_hyphen_values = true)]
    pub(super) device: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 1_000)]
    pub(super) limit: usize,
    /// Only those after the event with this number
    #[arg(long, default_value_t = 0)]
    pub(super) after: i64,
}
