//! An Android phone comes out of the box, and the MDM has put a configuration on it.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use muster_people::{Person, PhoneKind};
use serde_json::{Value, json};

use super::organisation::{LICENCE, ORGANISATION};
use super::phone::write;
use super::stage::{Sabotage, Stage, ensure};
use super::telling::thousands;
use crate::run::Trouble;
use crate::workspace::root;

/// What an admin is told to paste; the demo pastes the same with other values in it.
const SAMPLE: &str = "docs/samples/intune-android.json";

/// What the MDM sets beside the way in. The server overrules the second one later.
pub(super) const SUPPORT_EMAIL: &str = "helpdesk@nordlicht.example";
pub(super) const SUPPORT_PHONE: &str = "+49 30 23125 99";

pub(super) fn payload(stage: &mut Stage) -> Result<(), Trouble> {
    let text = |key: &str, value: &str| json!({ "key": key, "valueString": value });
    let properties = [
        text("server_url", &stage.server.url),
        text("license_username", LICENCE.0),
        text("license_password", LICENCE.1),
        text("default_region", "DE"),
        text("support_email", SUPPORT_EMAIL),
        text("support_phone", SUPPORT_PHONE),
        json!({ "key": "block_screenshots", "valueBool": true }),
        json!({ "key": "require_screen_lock", "valueBool": true }),
        text("noncompliance_action", "hide_contacts"),
        json!({ "key": "noncompliance_grace_hours", "valueInteger": 24 }),
    ];
    let sample = fs::read_to_string(root().join(SAMPLE)).map_err(|e| format!("{SAMPLE}: {e}"))?;
    let printed = filled_in(&sample, &properties)?;
    let file = stage.folder.join("intune.json");
    write(&file, &printed)?;
    stage.android.receives(&file);
    stage.telling.chapter("A phone that the MDM looks after");
    stage.say("This is what the admin pastes into Intune:");
    stage.telling.show(&printed.replace(LICENCE.1, "•••"));
    Ok(())
}

/// `sample` with `properties`, a line each, instead of its own. Which app it is for and what kind of
/// payload it is stay as they stand there.
fn filled_in(sample: &str, properties: &[Value]) -> Result<String, Trouble> {
    let sample: Value = serde_json::from_str(sample).map_err(|e| format!("{SAMPLE}: {e}"))?;
    let [kind, product] = ["kind", "productId"].map(|member| sample[member].as_str());
    let (Some(kind), Some(product)) = (kind, product) else {
        return Err(format!("{SAMPLE} names no kind or no product").into());
    };
    let lines: Vec<String> = properties.iter().map(|line| format!("    {line}")).collect();
    Ok(format!(
        "{{\n  \"kind\": \"{kind}\",\n  \"productId\": \"{product}\",\n  \
         \"managedProperty\": [\n{}\n  ]\n}}",
        lines.join(",\n")
    ))
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
    let company: BTreeSet<String> = stage.people.iter().map(Person::display_name).collect();
    let found = stage.android.finds("mull")?;
    let stranger = found.iter().find(|name| !company.contains(*name));
    ensure(stranger.is_none(), || format!("\"mull\" finds {stranger:?}, who is not there"))?;
    let muller = found.iter().find(|name| name.ends_with(" Müller"));
    let muller = muller.ok_or(format!("\"mull\" finds {found:?}, but no Müller"))?;
    stage.say(format!("A search for \"mull\" finds {muller}, and {} more.", found.len() - 1));

    // Jana Müller, who always has a photo. Her address is hers alone.
    let person = &stage.people[0];
    let hits = stage.android.says(&["search", &person.email])?;
    let (name, id) = (&hits[0]["name"], hits[0]["id"].as_str().unwrap_or_default());
    ensure(name == person.display_name().as_str(), || format!("{} is {name}", person.email))?;
    let file = stage.folder.join("photo.png");
    stage.android.says(&["photo", id, "--out", &file.to_string_lossy()])?;
    let photo = fs::read(&file).map_err(|e| format!("no photo came out: {e}"))?;
    ensure(person.photo.as_ref() == Some(&photo), || {
        format!("the photo of {name} has changed on its way: {} bytes", photo.len())
    })?;
    stage.say(format!("{}'s photo is there too, byte for byte.", person.display_name()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_pastes_what_the_sample_says_with_other_values() {
        let sample = fs::read_to_string(root().join(SAMPLE)).unwrap();
        let own = [json!({ "key": "email", "valueString": "a@x.example" })];
        let printed: Value = serde_json::from_str(&filled_in(&sample, &own).unwrap()).unwrap();
        let mut expected: Value = serde_json::from_str(&sample).unwrap();
        assert_ne!(printed, expected, "the values are others");
        expected["managedProperty"] = own.to_vec().into();
        assert_eq!(printed, expected);
        assert!(filled_in(r#"{ "managedProperty": [] }"#, &own).is_err());
    }
}
