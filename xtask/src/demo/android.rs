//! An Android phone comes out of the box, and the MDM has put a configuration on it.
use super::organisation::{LICENCE, ORGANISATION};
use super::phone::write;
use super::stage::{Sabotage, Stage, ensure};
use super::telling::thousands;
use crate::run::Trouble;
use muster_people::PhoneKind;
use serde_json::{Value, json};
use std::time::Instant;

/// What the MDM sets beside the way in. The server overrules the second one later.
pub(super) const SUPPORT_EMAIL: &str = "helpdesk@nordlicht.example";
pub(super) const SUPPORT_PHONE: &str = "+49 30 23125 99";

pub(super) fn payload(stage: &mut Stage) -> Result<(), Trouble> {
    let text = |key: &str, value: &str| json!({ "key": key, "valueString": value });
    let payload = json!({
        "kind": "androidManagedStoreAppConfiguration",
        "schemaVersion": 1,
        "productId": "app:dev.muster.agent",
        "managedProperty": [
            text("server_url", &stage.server.url),
            text("license_username", LICENCE.0),
            text("license_password", LICENCE.1),
            text("default_region", "DE"),
            text("support_email", SUPPORT_EMAIL),
            text("support_phone", SUPPORT_PHONE),
            { "key": "block_screenshots", "valueBool": true },
            { "key": "require_screen_lock", "valueBool": true },
            text("noncompliance_action", "hide_contacts"),
            { "key": "noncompliance_grace_hours", "valueInteger": 24 },
        ],
    });
    let file = stage.folder.join("intune.json");
    let printed = format!("{payload:#}");
    write(&file, &printed)?;
    stage.android.receives(&file);
    stage.telling.chapter("A phone that the MDM looks after");
    stage.say("This is what the admin pastes into Intune:");
    stage.telling.show(&printed.replace(LICENCE.1, "•••"));
    Ok(())
}

pub(super) fn first_launch(stage: &mut Stage) -> Result<(), Trouble> {
    let launched = Instant::now();
    stage.android.runs()?;
    let found = stage.android.finds("mull")?;
    let took = launched.elapsed().as_secs_f64();

    let status = stage.android.says(&["status"])?;
    let phase = status["licence"]["phase"].as_str().unwrap_or_default();
    ensure(phase == "active", || format!("the phone is {phase:?} after its first run"))?;
    let organisation = status["organization"]["name"].as_str().unwrap_or_default();
    ensure(organisation == ORGANISATION, || format!("the phone belongs to {organisation:?}"))?;
    all_there(stage.people.len(), &status)?;
    ensure(!found.is_empty(), || "the first search found nobody".to_owned())?;
    let devices = stage.server.devices()?;
    ensure(devices.len() == 1, || format!("the server knows {} devices", devices.len()))?;
    let name = devices[0]["device"].as_str().unwrap_or_default().to_owned();
    ensure(!name.is_empty(), || "the device has no name at the server".to_owned())?;
    stage.devices.push(name);

    stage.say(format!(
        "The phone has activated itself with {organisation} and holds {} people, without one \
         keystroke: {took:.1} s from its first launch to its first search result.",
        thousands(stage.people.len())
    ));
    stage.fact("first launch to first search result", format!("{took:.1} s"));
    if stage.sabotage == Some(Sabotage::KillServer) {
        stage.server.kill();
    }
    Ok(())
}

/// `status` counts everybody, in a book, nobody skipped.
pub(super) fn all_there(expected: usize, status: &Value) -> Result<(), Trouble> {
    let contacts = &status["contacts"];
    let count = contacts["count"].as_u64().unwrap_or_default() as usize;
    ensure(count == expected, || format!("{count} contacts on the phone, not {expected}"))?;
    let skipped = contacts["skipped"].as_u64().unwrap_or_default();
    ensure(skipped == 0, || format!("{skipped} cards were skipped"))
}

pub(super) fn search(stage: &mut Stage) -> Result<(), Trouble> {
    let found = stage.android.finds("mull")?;
    let wanted = stage.people[0].display_name();
    ensure(found.contains(&wanted), || format!("\"mull\" finds {found:?}, but not {wanted}"))?;
    let others = found.len() - 1;
    stage.say(format!("A search for \"mull\" finds {wanted}, and {others} more."));
    Ok(())
}

pub(super) fn incoming_call(stage: &mut Stage) -> Result<(), Trouble> {
    let person = &stage.people[0];
    let number = person.phone(PhoneKind::Mobile).or_else(|| person.phone(PhoneKind::Work));
    let number = number.ok_or("nobody to call".to_owned())?.e164.clone();
    // As it is dialled inside the country, the way networks often show it.
    let national = number.replacen("+49", "0", 1);
    let answer = stage.android.says(&["caller", &national])?;
    let caller = answer["contacts"][0]["name"].as_str().unwrap_or_default();
    let wanted = person.display_name();
    ensure(answer["match"] == "one" && caller == wanted, || {
        format!("a call from {national} is named {answer}, not {wanted}")
    })?;
    stage.say(format!("The phone rings: {national}. The screen says {caller}."));
    Ok(())
}
