//! A rule is broken, its grace passes, it is mended, and the company hears of all of it.

use serde_json::Value;

use super::phone::ScreenLock;
use super::stage::{Stage, ensure};
use crate::run::Trouble;

/// CAEP's event type.
const COMPLIANCE_CHANGE: &str =
    "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";

pub(super) fn lock_missing(stage: &mut Stage) -> Result<(), Trouble> {
    stage.android.has(ScreenLock::Missing)?;
    stage.android.runs()?;
    let finding = finding(stage)?.ok_or("no finding about the screen lock".to_owned())?;
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let (title, due) = (text("title"), text("due_words"));
    ensure(!title.is_empty() && !due.is_empty(), || format!("a finding without words: {finding}"))?;
    state_is(stage, "attention")?;
    let count = stage.android.contacts()?;
    ensure(count == stage.people.len(), || format!("{count} contacts within the grace"))?;
    stage.telling.chapter("A rule that is broken, and mended");
    stage.say(format!("Its owner takes the screen lock off. The phone says: {title}"));
    stage.say(format!("It is due {due}; until then everything works."));
    Ok(())
}

pub(super) fn grace_ends(stage: &mut Stage) -> Result<(), Trouble> {
    stage.server.set("noncompliance_grace_hours", "0")?;
    stage.android.runs()?;
    state_is(stage, "non_compliant")?;
    let status = stage.android.says(&["status"])?;
    let holds = status["licence"]["holds"].to_string();
    ensure(holds.contains("\"rule\""), || format!("the holds are {holds}"))?;
    let compliance = compliance(stage)?;
    ensure(compliance == "not-compliant", || format!("the server has {compliance:?}"))?;
    stage.say(
        "The admin allows no grace any more: the contacts are hidden, and the server has the \
         phone as not compliant.",
    );
    Ok(())
}

pub(super) fn mended(stage: &mut Stage) -> Result<(), Trouble> {
    stage.android.has(ScreenLock::Set)?;
    stage.android.runs()?;
    let left = finding(stage)?;
    ensure(left.is_none(), || format!("the finding is still there: {left:?}"))?;
    state_is(stage, "compliant")?;
    let found = stage.android.finds("mull")?;
    ensure(!found.is_empty(), || "the contacts did not come back".to_owned())?;
    let compliance = compliance(stage)?;
    ensure(compliance == "compliant", || format!("the server has {compliance:?}"))?;
    stage.say("The lock is set again: the finding is gone, the contacts are back at once.");
    stage.server.unset("noncompliance_grace_hours")
}

pub(super) fn reported(stage: &mut Stage) -> Result<(), Trouble> {
    let events = stage.server.events(&stage.devices[0])?;
    let told: Vec<&str> = events
        .iter()
        .filter_map(|event| event["claims"]["events"][COMPLIANCE_CHANGE]["current_status"].as_str())
        .collect();
    ensure(told.ends_with(&["not-compliant", "compliant"]), || {
        format!("the server was told {told:?}")
    })?;
    let sent = stage.android.says(&["report"])?;
    let sent = sent.to_string();
    let kept = events.iter().filter_map(|event| event["jti"].as_str());
    let (mut count, mut unknown) = (0, Vec::new());
    for jti in kept {
        count += 1;
        if !sent.contains(jti) {
            unknown.push(jti.to_owned());
        }
    }
    ensure(unknown.is_empty(), || format!("the phone does not show the reports {unknown:?}"))?;
    stage.say(format!(
        "The server has {count} signed reports from it, and the person can read each of them on \
         the phone."
    ));
    stage.fact("reports from the Android phone", count.to_string());
    Ok(())
}

fn finding(stage: &Stage) -> Result<Option<Value>, Trouble> {
    let findings = stage.android.says(&["findings"])?;
    let findings = findings.as_array().cloned().ok_or("findings is no list".to_owned())?;
    Ok(findings.into_iter().find(|finding| finding["id"] == "screen_lock"))
}

fn state_is(stage: &Stage, wanted: &str) -> Result<(), Trouble> {
    let status = stage.android.says(&["status"])?;
    let state = status["compliance"]["state"].as_str().unwrap_or_default();
    ensure(state == wanted, || format!("the phone's state is {state:?}, not {wanted:?}"))
}

/// What the server has about the phone.
fn compliance(stage: &Stage) -> Result<String, Trouble> {
    let device = stage.server.device(&stage.devices[0])?;
    Ok(device["compliance"].as_str().unwrap_or_default().to_owned())
}
