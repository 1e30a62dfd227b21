//! Rules of the MDM and of the server together: the server can only tighten.
use super::{Rule, RuleNote, Source};

/// The rules in force.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MergedRules {
    /// All of them, sorted by source and id.
    pub rules: Vec<Rule>,
    /// What was left out, and why.
    pub notes: Vec<RuleNote>,
}

/// Puts the rules of both sources together.
///
/// A server's rule that asks for less than one of the MDM in every respect is left out and noted.
/// Any other stays beside the MDM's rule about the same signal: each is evaluated with its own
/// grace, and the strongest action applies. So a rule that the server adds never gives a phone new
/// grace for one that it has broken already.
pub fn merge(rules: impl IntoIterator<Item = Rule>) -> MergedRules {
    let (mdm, server): (Vec<Rule>, Vec<Rule>) =
        rules.into_iter().partition(|rule| rule.source == Source::Mdm);
    let mut merged = MergedRules::default();
    for rule in server {
        match mdm.iter().find(|ours| ours.covers(&rule)) {
            None => merged.rules.push(rule),
            // Asks for the very same: left out, nothing to say about it.
            Some(ours) if rule.covers(ours) => {}
            Some(ours) => {
                merged.notes.push(RuleNote::LooserThanMdm { rule: rule.id, than: ours.id.clone() })
            }
        }
    }
    merged.rules.extend(mdm);
    merged.rules.sort_by_key(Rule::key);
    merged.notes.sort();
    merged
}
