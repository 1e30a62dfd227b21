//! A compliance rule, as an admin types it.

/// `rule set`, word by word. Without more words it is required at once and nothing follows.
#[derive(Clone, Debug)]
pub struct Rule {
    words: Vec<String>,
}

impl Rule {
    /// The signal must be so. The rule is called like the signal.
    pub fn demands(signal: &str, value: &str) -> Self {
        let words = ["rule", "set", "--id", signal, "--signal", signal, "--op", "eq"];
        let more = ["--value", value, "--severity", "require"];
        Self { words: words.iter().chain(&more).map(|word| (*word).to_owned()).collect() }
    }

    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.words.extend([name.to_owned(), value.to_string()]);
        self
    }

    /// So long everything goes on.
    pub fn within_hours(self, hours: u32) -> Self {
        self.with("--grace-hours", hours)
    }

    /// Then contacts are hidden.
    pub fn or_hide_contacts(self) -> Self {
        self.with("--action", "hide_contacts")
    }

    /// The command.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn a_rule_reads_as_it_is_typed() {
        let rule = Rule::demands("screen_lock", "true").within_hours(24).or_hide_contacts();
        assert_eq!(
            rule.words().join(" "),
            "rule set --id screen_lock --signal screen_lock --op eq --value true --severity require \
             --grace-hours 24 --action hide_contacts"
        );
    }
}
