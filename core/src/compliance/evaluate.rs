//! Rules and signals become findings, a state and an action.
use std::collections::BTreeMap;

use super::finding::{Finding, Subject};
use super::level::{Action, FindingId, Severity, State};
use super::memory::{FindingMemory, Outcome, RuleMemory, Seen, Span, Terms};
use super::mend::Mend;
use super::notice::Notice;
use super::rules::{Rule, WhenUnknown};
use super::signals::{Signal, SignalKind, SignalValue, Signals, UnknownReason};
use crate::time::WallMs;

/// What else decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Context {
    /// The phone was activated and has its first policy; without a server: it has its
    /// configuration. Before that nothing is enforced and no grace runs, so that a phone fresh from
    /// the box is never locked by a rule that it had no time to meet.
    pub activated_and_policy_seen: bool,
}

/// What an evaluation came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluation {
    /// What there is to see to: the gravest first, then by id.
    pub findings: Vec<Finding>,
    /// The phone as a whole.
    pub state: State,
    /// The strongest action of all rules that are broken beyond their grace.
    pub action: Action,
    /// To be kept, and given to the next evaluation.
    pub memory: FindingMemory,
    /// State, action, or a finding (new, gone, graver, overdue) is not as it was after the last
    /// evaluation.
    pub changed: bool,
    /// Findings that are new or became graver, and are more than information: worth a
    /// notification.
    pub risen: Vec<FindingId>,
    /// When the next evaluation can come to something else by the passing of time alone.
    pub next_due: Option<WallMs>,
}

/// Evaluates every rule at the moment `now` of trusted time.
///
/// The order of `rules` and `notices` does not matter.
pub fn evaluate(
    rules: &[Rule],
    signals: &Signals,
    notices: &[Notice],
    memory: &FindingMemory,
    now: WallMs,
    context: Context,
) -> Evaluation {
    let mut run = Run {
        now,
        armed: context.activated_and_policy_seen,
        next: FindingMemory::default(),
        moments: Vec::new(),
        unjudged: false,
        groups: BTreeMap::new(),
    };
    for (key, rule) in by_key(rules) {
        run.judge(key, rule, signals, memory);
    }
    let moments = std::mem::take(&mut run.moments);
    let groups = std::mem::take(&mut run.groups);
    let mut findings: Vec<Finding> =
        groups.into_iter().filter_map(|(signal, group)| group.into_finding(signal, now)).collect();
    let notices = run.notices(notices, memory, &findings);
    let page = notices.iter().find_map(|finding| finding.link.clone());
    for finding in findings.iter_mut().filter(|f| f.mend == Some(Mend::OpenAppStore)) {
        finding.link = page.clone();
    }
    findings.extend(notices);
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));

    let action = findings.iter().map(|f| f.in_force).max().unwrap_or_default();
    let state = state_of(&findings, run.unjudged);
    let outcome = Outcome {
        state,
        action,
        findings: findings.iter().map(|f| (f.id.clone(), seen(f))).collect(),
    };
    let before = memory.last.as_ref();
    let risen = outcome.findings.iter().filter(|(id, is)| {
        let was = before.and_then(|outcome| outcome.findings.get(id));
        is.severity > Severity::Inform
            && was.is_none_or(|was| {
                is.severity > was.severity
                    || is.in_force > was.in_force
                    || (is.overdue && !was.overdue)
            })
    });
    let risen = risen.map(|(id, _)| id.clone()).collect();
    let changed = before != Some(&outcome);
    run.next.last = Some(outcome);
    let next_due = moments.into_iter().filter(|moment| *moment > now).min();
    Evaluation { findings, state, action, memory: run.next, changed, risen, next_due }
}

/// Rules by the name that the memory has for them. Should two share one, both count.
fn by_key(rules: &[Rule]) -> BTreeMap<String, &Rule> {
    let mut named: Vec<(String, String, &Rule)> =
        rules.iter().map(|rule| (rule.key(), format!("{rule:?}"), rule)).collect();
    named.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut by_key = BTreeMap::new();
    for (mut key, _, rule) in named {
        while by_key.contains_key(&key) {
            key.push('\'');
        }
        by_key.insert(key, rule);
    }
    by_key
}

fn seen(finding: &Finding) -> Seen {
    Seen {
        severity: finding.severity,
        overdue: finding.overdue,
        in_force: finding.in_force,
        unknown: matches!(finding.subject, Subject::Unknown { .. }),
    }
}

fn state_of(findings: &[Finding], unjudged: bool) -> State {
    if findings.iter().any(|finding| finding.overdue) {
        State::NonCompliant
    } else if unjudged {
        State::Unknown
    } else if findings.iter().any(|finding| finding.severity > Severity::Inform) {
        State::Attention
    } else {
        State::Compliant
    }
}

struct Run<'a> {
    now: WallMs,
    armed: bool,
    next: FindingMemory,
    /// When something changes by itself.
    moments: Vec<WallMs>,
    /// A rule that counts can't be judged.
    unjudged: bool,
    /// What is not in order, by signal.
    groups: BTreeMap<SignalKind, Group<'a>>,
}

impl<'a> Run<'a> {
    fn judge(&mut self, key: String, rule: &'a Rule, signals: &Signals, memory: &FindingMemory) {
        let before = memory.rules.get(&key);
        let reason = match signals.get(rule.signal) {
            Signal::NotApplicable => return,
            Signal::Unknown(reason) => reason,
            Signal::Known(value) => match rule.demand.met_by(&value, self.now) {
                Some(true) => return self.moments.extend(rule.demand.met_until(&value)),
                Some(false) => return self.broken(key, rule, value, before),
                None => UnknownReason::Failed,
            },
        };
        self.unknown(key, rule, reason, before);
    }

    fn broken(
        &mut self,
        key: String,
        rule: &'a Rule,
        value: SignalValue,
        before: Option<&RuleMemory>,
    ) {
        let terms = Terms::of(rule);
        let span = Span::carry_on(broken_before(&terms, before), self.now, self.armed);
        let (severity, action) = rule.force();
        let counts = self.armed && severity == Severity::Require;
        let due = span.grace_from.filter(|_| counts).map(|from| rule.grace.after(from));
        self.moments.extend(due);
        let group = self.groups.entry(rule.signal).or_default();
        group.value = Some(value);
        group.broken.push(Broken { rule, severity, action, since: span.since, due });
        self.next.rules.insert(key, RuleMemory { terms, broken: Some(span), unknown: None });
    }

    fn unknown(
        &mut self,
        key: String,
        rule: &'a Rule,
        reason: UnknownReason,
        before: Option<&RuleMemory>,
    ) {
        let terms = Terms::of(rule);
        let kept = broken_before(&terms, before);
        let kept = kept.map(|span| Span::carry_on(Some(span), self.now, false));
        let span = Span::carry_on(before.and_then(|b| b.unknown), self.now, self.armed);
        if let WhenUnknown::Warn { after } = rule.unknown {
            self.unjudged |= rule.force().0 > Severity::Inform;
            let due = span.grace_from.map(|from| after.after(from));
            self.moments.extend(due);
            if due.is_some_and(|due| due <= self.now) {
                let group = self.groups.entry(rule.signal).or_default();
                group.unknown.push((rule, span.since, reason));
            }
        }
        self.next.rules.insert(key, RuleMemory { terms, broken: kept, unknown: Some(span) });
    }

    fn notices(
        &mut self,
        notices: &[Notice],
        memory: &FindingMemory,
        of_rules: &[Finding],
    ) -> Vec<Finding> {
        let mut sorted: Vec<&Notice> = notices.iter().collect();
        sorted.sort();
        let mut findings: Vec<Finding> = Vec::new();
        for notice in sorted {
            let id = notice.id();
            // What a rule says about the same thing weighs more.
            if findings.iter().chain(of_rules).any(|finding| finding.id == id) {
                continue;
            }
            let since = memory.notices.get(&id).map_or(self.now, |since| *since.min(&self.now));
            self.next.notices.insert(id.clone(), since);
            findings.push(Finding {
                id,
                severity: notice.severity(),
                subject: Subject::Notice(notice.clone()),
                rules: Vec::new(),
                reason: BTreeMap::new(),
                since,
                due: notice.due(),
                overdue: false,
                consequence: Action::None,
                in_force: Action::None,
                mend: Some(notice.mend()),
                link: notice.link(),
            });
        }
        findings
    }
}

/// Since when the rule is broken, if it was before. A rule that the admin raised meanwhile gives its
/// grace anew.
fn broken_before(terms: &Terms, before: Option<&RuleMemory>) -> Option<Span> {
    let before = before?;
    let mut span = before.broken?;
    if terms.raised_since(&before.terms) {
        span.grace_from = None;
    }
    Some(span)
}

/// What the rules about one signal came to. The person is told once, not once per rule.
#[derive(Default)]
struct Group<'a> {
    value: Option<SignalValue>,
    broken: Vec<Broken<'a>>,
    unknown: Vec<(&'a Rule, WallMs, UnknownReason)>,
}

struct Broken<'a> {
    rule: &'a Rule,
    severity: Severity,
    action: Action,
    since: WallMs,
    due: Option<WallMs>,
}

impl Group<'_> {
    fn into_finding(self, signal: SignalKind, now: WallMs) -> Option<Finding> {
        let id = FindingId(signal.as_str().to_owned());
        let Some(value) = self.value.filter(|_| !self.broken.is_empty()) else {
            let since = self.unknown.iter().map(|unknown| unknown.1).min()?;
            let reason = self.unknown.first()?.2;
            return Some(Finding {
                id,
                severity: self.unknown.iter().map(|u| u.0.severity).max()?.min(Severity::Warn),
                subject: Subject::Unknown { signal, reason },
                rules: self.unknown.iter().map(|unknown| unknown.0.id.clone()).collect(),
                reason: BTreeMap::new(),
                since,
                due: None,
                overdue: false,
                consequence: Action::None,
                in_force: Action::None,
                mend: reason.mend(),
                link: None,
            });
        };
        let strictest = self.broken.iter().map(|broken| broken.rule).reduce(|a, b| {
            if b.demand.strictness(&a.demand).is_some_and(|order| order.is_gt()) { b } else { a }
        })?;
        let come = |broken: &&Broken<'_>| broken.due.is_some_and(|due| due <= now);
        let to_come = self.broken.iter().filter_map(|b| b.due).filter(|due| *due > now).min();
        let last = self.broken.iter().filter_map(|b| b.due).max();
        let due = to_come.or(last);
        let at_due = self.broken.iter().filter(|b| b.due.is_some() && b.due == due);
        Some(Finding {
            id,
            severity: self.broken.iter().map(|b| b.severity).max()?,
            rules: self.broken.iter().map(|b| b.rule.id.clone()).collect(),
            reason: std::iter::once(strictest)
                .chain(self.broken.iter().map(|b| b.rule))
                .map(|rule| rule.reason.clone())
                .find(|reason| !reason.is_empty())
                .unwrap_or_default(),
            since: self.broken.iter().map(|b| b.since).min()?,
            due,
            overdue: self.broken.iter().any(|b| come(&b)),
            consequence: at_due.map(|b| b.action).max().unwrap_or_default(),
            in_force: self.broken.iter().filter(come).map(|b| b.action).max().unwrap_or_default(),
            mend: Some(signal.mend()),
            link: None,
            subject: Subject::Broken { signal, demand: strictest.demand.clone(), value },
        })
    }
}
