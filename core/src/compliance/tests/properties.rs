//! What holds for any rules, any phone and any clock.
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn a_version() -> impl Strategy<Value = Version> {
    (0u32..4, 0u32..4).prop_map(|(a, b)| Version::parse(&format!("{a}.{b}")).unwrap())
}

fn a_date() -> impl Strategy<Value = PatchDate> {
    (1u32..29).prop_map(|day| PatchDate::parse(&format!("2025-12-{day:02}")).unwrap())
}

fn a_grade() -> impl Strategy<Value = Complexity> {
    select(vec![Complexity::None, Complexity::Low, Complexity::Medium, Complexity::High])
}

fn a_demand(kind: SignalKind) -> BoxedStrategy<Demand> {
    match kind {
        SignalKind::OsVersion | SignalKind::AppVersion => {
            a_version().prop_map(Demand::AtLeastVersion).boxed()
        }
        SignalKind::PasswordComplexity => a_grade().prop_map(Demand::AtLeastComplexity).boxed(),
        SignalKind::SecurityPatch => prop_oneof![
            a_date().prop_map(Demand::NotBefore),
            (0u32..40).prop_map(Demand::MaxAgeDays),
        ]
        .boxed(),
        SignalKind::DeveloperOptions | SignalKind::Adb => Just(Demand::Is(false)).boxed(),
        _ => Just(Demand::Is(true)).boxed(),
    }
}

fn a_value(kind: SignalKind) -> BoxedStrategy<SignalValue> {
    match kind {
        SignalKind::OsVersion | SignalKind::AppVersion => {
            a_version().prop_map(SignalValue::Version).boxed()
        }
        SignalKind::PasswordComplexity => a_grade().prop_map(SignalValue::Complexity).boxed(),
        SignalKind::SecurityPatch => a_date().prop_map(SignalValue::Date).boxed(),
        _ => any::<bool>().prop_map(SignalValue::Flag).boxed(),
    }
}

fn a_kind() -> impl Strategy<Value = SignalKind> {
    select(SignalKind::all().collect::<Vec<_>>())
}

fn a_rule() -> impl Strategy<Value = Rule> {
    let demand = a_kind().prop_flat_map(|kind| (Just(kind), a_demand(kind)));
    let severity = select(vec![Severity::Inform, Severity::Warn, Severity::Require]);
    let action = select(vec![Action::None, Action::HideContacts, Action::Lock]);
    let unknown = prop_oneof![
        Just(WhenUnknown::Ignore),
        (0u32..400).prop_map(|hours| WhenUnknown::Warn { after: Grace::hours(hours) }),
    ];
    let source = select(vec![Source::Mdm, Source::Server]);
    ("[ab]", source, demand, severity, action, 0u32..100, unknown).prop_map(
        |(id, source, (signal, demand), severity, action, hours, unknown)| Rule {
            id,
            source,
            signal,
            demand,
            severity,
            grace: Grace::hours(hours),
            action,
            reason: Default::default(),
            unknown,
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    proptest::collection::vec(a_rule(), 0..6)
}

fn a_signal(kind: SignalKind) -> impl Strategy<Value = Signal> {
    prop_oneof![
        4 => a_value(kind).prop_map(Signal::Known),
        1 => Just(Signal::Unknown(UnknownReason::Failed)),
        1 => Just(Signal::NotApplicable),
    ]
}

fn signals() -> impl Strategy<Value = Signals> {
    let all: Vec<_> = SignalKind::all().map(|kind| (Just(kind), a_signal(kind))).collect();
    all.prop_map(|all| {
        let mut signals = Signals::new();
        all.into_iter().for_each(|(kind, signal)| signals.set(kind, signal));
        signals
    })
}

/// What may happen to a phone between two looks.
#[derive(Clone, Debug)]
enum Happening {
    Hours(i64),
    /// The clock jumps, forward or back.
    Jump(i64),
    Signals(Signals),
    Rules(Vec<Rule>),
    Restart,
    Armed(bool),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let one = prop_oneof![
        4 => (0i64..60).prop_map(Happening::Hours),
        1 => (-2_000i64..2_000).prop_map(Happening::Jump),
        2 => signals().prop_map(Happening::Signals),
        1 => rules().prop_map(Happening::Rules),
        1 => Just(Happening::Restart),
        1 => any::<bool>().prop_map(Happening::Armed),
    ];
    proptest::collection::vec(one, 1..25)
}

fn happens(phone: &mut Phone, happening: &Happening) {
    match happening.clone() {
        Happening::Hours(hours) | Happening::Jump(hours) => phone.hours_pass(hours),
        Happening::Signals(signals) => phone.signals = signals,
        Happening::Rules(rules) => phone.rules = rules,
        Happening::Restart => phone.restarts(),
        Happening::Armed(armed) => phone.context.activated_and_policy_seen = armed,
    }
}

fn lock_rule(hours: u32) -> Rule {
    let (mut rules, _) = configured(serde_json::json!({
        "require_screen_lock": true, "noncompliance_action": "lock",
        "noncompliance_grace_hours": hours,
    }));
    rules.remove(0)
}

/// What happens to a phone that is mostly without a screen lock.
fn locks() -> impl Strategy<Value = Happening> {
    let lock = |signal| {
        let mut signals = Signals::new();
        signals.set(SignalKind::ScreenLock, signal);
        Just(Happening::Signals(signals))
    };
    prop_oneof![
        6 => lock(Signal::Known(SignalValue::Flag(false))),
        1 => lock(Signal::Known(SignalValue::Flag(true))),
        2 => lock(Signal::Unknown(UnknownReason::Failed)),
        1 => (-200i64..200).prop_map(Happening::Jump),
        1 => Just(Happening::Restart),
        1 => any::<bool>().prop_map(Happening::Armed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// With nothing known, whatever was before and however long it lasts.
    #[test]
    fn unknown_is_never_non_compliant(rules in rules(), before in happenings(), hours in 0i64..50_000) {
        let mut phone = Phone::with(rules);
        for happening in &before {
            happens(&mut phone, happening);
            phone.check();
        }
        phone.signals = Signals::new();
        phone.hours_pass(hours);
        let evaluation = phone.check();
        prop_assert_ne!(evaluation.state, State::NonCompliant);
        prop_assert_eq!(evaluation.action, Action::None);
        prop_assert!(evaluation.findings.iter().all(|f| f.severity <= Severity::Warn));
    }

    #[test]
    fn the_order_of_rules_does_not_matter(
        (rules, shuffled) in rules().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        happenings in happenings(),
    ) {
        let (mut one, mut other) = (Phone::with(rules), Phone::with(shuffled));
        for happening in &happenings {
            happens(&mut one, happening);
            happens(&mut other, happening);
            let (a, b) = (one.check(), other.check());
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn a_second_look_at_once_finds_nothing_new(rules in rules(), happenings in happenings()) {
        let mut phone = Phone::with(rules);
        for happening in &happenings {
            happens(&mut phone, happening);
            let first = phone.check();
            let second = phone.check();
            prop_assert!(!second.changed && second.risen.is_empty());
            prop_assert_eq!(first.memory, second.memory);
            prop_assert_eq!(first.findings, second.findings);
        }
    }

    #[test]
    fn a_restart_changes_nothing(rules in rules(), happenings in happenings()) {
        let mut phone = Phone::with(rules);
        for happening in &happenings {
            happens(&mut phone, happening);
            let without = phone.peek();
            phone.restarts();
            prop_assert_eq!(phone.check(), without);
        }
    }

    /// Any clock: before an action comes, a look found the rule broken at least its grace earlier by
    /// the clock of the action, and the clock never stood before that moment since.
    #[test]
    fn grace_is_never_shortened(
        hours in 0u32..100,
        happenings in proptest::collection::vec((0i64..60, locks()), 1..30),
    ) {
        let mut phone = Phone::with(vec![lock_rule(hours)]);
        let mut broken_from: Option<WallMs> = None;
        for (hours, happening) in happenings {
            phone.hours_pass(hours);
            happens(&mut phone, &happening);
            let evaluation = phone.check();
            let armed = phone.context.activated_and_policy_seen;
            let earlier = broken_from.map(|from| from.min(phone.now));
            let set = phone.signals.get(SignalKind::ScreenLock);
            broken_from = match set {
                Signal::Known(ref value) if value.flag() == Some(true) => None,
                Signal::Known(_) if armed => earlier.or(Some(phone.now)),
                _ => earlier,
            };
            let rule = &phone.rules[0];
            let over = armed
                && matches!(set, Signal::Known(_))
                && broken_from.is_some_and(|from| rule.grace.after(from) <= phone.now);
            prop_assert_eq!(evaluation.action != Action::None, over);
            prop_assert_eq!(evaluation.state == State::NonCompliant, over);
        }
    }

    #[test]
    fn mended_means_lifted_at_once(rules in rules(), happenings in happenings()) {
        let mut phone = Phone::with(rules);
        for happening in &happenings {
            happens(&mut phone, happening);
            phone.check();
        }
        for kind in SignalKind::all() {
            phone.signals.set(kind, Signal::NotApplicable);
        }
        let evaluation = phone.check();
        prop_assert_eq!((evaluation.action, evaluation.state), (Action::None, State::Compliant));
        prop_assert!(evaluation.findings.is_empty());
        prop_assert_eq!(evaluation.next_due, None);
    }

    /// Nor while it is set up once more.
    #[test]
    fn nothing_is_done_before_activation_and_policy(rules in rules(), happenings in happenings()) {
        let mut phone = Phone::with(rules);
        phone.context.activated_and_policy_seen = false;
        for happening in happenings {
            happens(&mut phone, &happening);
            let armed = phone.context.activated_and_policy_seen;
            phone.context.activated_and_policy_seen = false;
            let evaluation = phone.peek();
            prop_assert_eq!(evaluation.action, Action::None);
            prop_assert_ne!(evaluation.state, State::NonCompliant);
            prop_assert!(evaluation.findings.iter().all(|finding| finding.due.is_none()));
            phone.context.activated_and_policy_seen = armed;
            phone.check();
        }
    }

    /// Nothing changes by itself before `next_due`.
    #[test]
    fn the_next_look_is_not_too_late(rules in rules(), signals in signals()) {
        let mut phone = Phone::with(rules);
        phone.signals = signals;
        let first = phone.check();
        let until = first.next_due.unwrap_or(phone.now.plus_ms(2_000 * DAY_MS));
        phone.now = until.plus_ms(-1);
        let before = phone.peek();
        prop_assert!(!before.changed, "{:?}", first.next_due);
    }

    #[test]
    fn merging_never_weakens_the_mdm(rules in rules(), signals in signals(), hours in 0i64..200) {
        let mdm: Vec<Rule> =
            rules.iter().filter(|rule| rule.source == Source::Mdm).cloned().collect();
        let action = |rules: Vec<Rule>| {
            let mut phone = Phone::with(rules);
            phone.signals = signals.clone();
            phone.check();
            phone.hours_pass(hours);
            let evaluation = phone.check();
            (evaluation.state == State::NonCompliant, evaluation.action)
        };
        let (alone, merged) = (action(mdm), action(merge(rules.clone()).rules));
        prop_assert!(merged.1 >= alone.1 && merged.0 >= alone.0);
        // Leaving looser rules out costs nothing either.
        prop_assert_eq!(action(rules), merged);
    }

    #[test]
    fn any_json_is_read_or_refused(text in ".{0,200}") {
        let _ = Signals::from_json(&text, Platform::Ios);
        let _ = rules_from_policy(&[Value::String(text)]);
    }
}
