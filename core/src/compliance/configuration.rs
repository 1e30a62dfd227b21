//! What is wrong with a configuration, as notices.
use super::notice::Notice;
use crate::config::{Resolution, State};

/// What the person and the admin should know about the configuration itself.
pub fn notices_from_configuration(configuration: &Resolution) -> Vec<Notice> {
    let mut notices = Vec::new();
    for entry in &configuration.entries {
        let key = entry.key.name().to_owned();
        let rule_is_lame = configuration.effective.only_warn().contains(&entry.key);
        match entry.state {
            State::Unexpanded => notices.push(Notice::SettingUnexpanded { key }),
            State::Invalid => notices.push(Notice::SettingUnreadable { key }),
            // A weaker layer's value can't be read, and a stronger one does not mend that.
            State::Absent | State::Valid if rule_is_lame => {
                notices.push(Notice::SettingUnreadable { key });
            }
            State::Absent | State::Valid => {}
        }
    }
    let unknown = configuration.unknown.iter().map(|unknown| Notice::SettingUnknown {
        key: unknown.key.clone(),
        meant: unknown.meant.map(str::to_owned),
    });
    notices.extend(unknown);
    notices
}
