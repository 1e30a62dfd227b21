//! The settings that concern a screen, typed, each with whether the company decided it.
use crate::config::{Effective, Key, Layer};
use crate::contacts::reach::page_uri;

/// The settings that concern a screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScreenSettings {
    /// No pictures of the screen.
    pub block_screenshots: FlagSetting,
    /// No copying of texts.
    pub block_copy: FlagSetting,
    /// No handing over of contacts.
    pub block_export: FlagSetting,
    /// The person's own details are not theirs to change.
    pub readonly_profile: FlagSetting,
    /// The person may sign out.
    pub allow_sign_out: FlagSetting,
    /// The app activates itself, without a tap.
    pub auto_activate: FlagSetting,
    /// Calls are named.
    pub caller_id: FlagSetting,
    /// Contacts are fetched over networks without a meter only.
    pub contacts_unmetered_only: FlagSetting,
    /// Where colleagues appear.
    pub contacts_mode: ContactsModeSetting,
    /// The language that was chosen; none means the phone's.
    pub language: WordSetting,
    /// The company's privacy notice: an https address.
    pub privacy_url: WordSetting,
}

/// Something that is on or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FlagSetting {
    /// Whether it is on.
    pub is_on: bool,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// A word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WordSetting {
    /// The word, if there is one.
    pub value: Option<String>,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// Where colleagues appear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContactsModeSetting {
    /// Where.
    pub mode: ContactsMode,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// Where colleagues appear, from nowhere to everywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContactsMode {
    /// Nowhere.
    Off,
    /// In this app only.
    InApp,
    /// In the phone's own apps while one searches.
    Directory,
    /// Among the phone's own contacts.
    DeviceContacts,
}

impl ContactsMode {
    const WORDS: [(&'static str, ContactsMode); 4] = [
        ("off", ContactsMode::Off),
        ("in_app", ContactsMode::InApp),
        ("directory", ContactsMode::Directory),
        ("device_contacts", ContactsMode::DeviceContacts),
    ];

    /// The mode that the setting `contacts_mode` names; where it names none, this app only.
    fn from_word(word: Option<&str>) -> Self {
        let known = Self::WORDS.iter().find(|(name, _)| Some(*name) == word);
        known.map_or(ContactsMode::InApp, |(_, mode)| *mode)
    }
}

/// `settings` for a screen. Whoever holds a lost phone is shown nothing of the company but its
/// support.
pub(super) fn screen_settings(settings: &Effective, is_lost: bool) -> ScreenSettings {
    let by_organization = |key| settings.provenance(key).layer >= Layer::Mdm;
    let flag =
        |key| FlagSetting { is_on: settings.bool(key), by_organization: by_organization(key) };
    let privacy = settings.text(Key::PrivacyUrl).and_then(page_uri);
    ScreenSettings {
        block_screenshots: flag(Key::BlockScreenshots),
        block_copy: flag(Key::BlockCopy),
        block_export: flag(Key::BlockExport),
        readonly_profile: flag(Key::ReadonlyProfile),
        allow_sign_out: flag(Key::AllowSignOut),
        auto_activate: flag(Key::AutoActivate),
        caller_id: flag(Key::CallerId),
        contacts_unmetered_only: flag(Key::ContactsUnmeteredOnly),
        contacts_mode: ContactsModeSetting {
            mode: ContactsMode::from_word(settings.text(Key::ContactsMode)),
            by_organization: by_organization(Key::ContactsMode),
        },
        language: WordSetting {
            value: settings.text(Key::Language).map(str::to_owned),
            by_organization: by_organization(Key::Language),
        },
        privacy_url: WordSetting {
            value: privacy.filter(|_| !is_lost),
            by_organization: by_organization(Key::PrivacyUrl),
        },
    }
}

impl ScreenSettings {
    /// While nothing is known: as strict as can be.
    pub(super) fn strict() -> Self {
        let flag = |is_on| FlagSetting { is_on, by_organization: false };
        let nothing = WordSetting { value: None, by_organization: false };
        Self {
            block_screenshots: flag(true),
            block_copy: flag(true),
            block_export: flag(true),
            readonly_profile: flag(true),
            allow_sign_out: flag(false),
            auto_activate: flag(true),
            caller_id: flag(false),
            contacts_unmetered_only: flag(true),
            contacts_mode: ContactsModeSetting { mode: ContactsMode::Off, by_organization: false },
            language: nothing.clone(),
            privacy_url: nothing,
        }
    }
}
