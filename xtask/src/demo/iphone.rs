//! A phone that no MDM looks after is activated from a link; and who wins over whom.

use serde_json::Value;

use super::android::{SUPPORT_EMAIL, all_there};
use super::organisation::ORGANISATION;
use super::stage::{Stage, ensure};
use super::telling::thousands;
use crate::run::Trouble;

/// What the server says instead of the MDM.
const OTHER_PHONE: &str = "+46 8 465 004 00";

pub(super) fn link_opened(stage: &mut Stage) -> Result<(), Trouble> {
    // Åsa Ångström.
    let person = stage.people[2].clone();
    let link = stage.server.new_link(&person.email)?;
    let url = link["url"].as_str().unwrap_or_default().to_owned();
    let shown = stage.iphone.says(&["open-link", &url])?;
    let text = shown.to_string();
    let authority = stage.server.authority();
    ensure(text.contains(&authority), || format!("the phone does not name {authority}: {shown}"))?;
    let before = stage.iphone.phase()?;
    ensure(before == "unlicensed", || format!("opening a link made the phone {before:?}"))?;
    stage.link = url;
    stage.telling.chapter("A phone that comes with a link");
    stage.say(format!(
        "{} gets a link by mail. Opened on an iPhone, it says where it leads ({authority}), and \
         nothing happens yet.",
        person.display_name()
    ));
    Ok(())
}

pub(super) fn activated(stage: &mut Stage) -> Result<(), Trouble> {
    stage.iphone.says(&["open-link", &stage.link, "--accept"])?;
    stage.iphone.runs()?;
    let status = stage.iphone.says(&["status"])?;
    let phase = status["licence"]["phase"].as_str().unwrap_or_default();
    ensure(phase == "active", || format!("the iPhone is {phase:?}"))?;
    let organisation = status["organization"]["name"].as_str().unwrap_or_default();
    ensure(organisation == ORGANISATION, || format!("the iPhone belongs to {organisation:?}"))?;
    all_there(stage.people.len(), &status)?;
    let wanted = &stage.people[2].email;
    let devices = stage.server.devices()?;
    let new = devices.iter().find(|device| device["person"] == wanted.as_str());
    let new = new.ok_or(format!("the server has no device of {wanted}"))?;
    ensure(new["platform"] == "ios" && new["way_in"] == "link", || format!("it is {new}"))?;
    stage.devices.push(new["device"].as_str().unwrap_or_default().to_owned());
    stage.say(format!(
        "Accepted, the iPhone is active with {organisation} and holds {} people.",
        thousands(stage.people.len())
    ));
    stage.fact("phones activated", stage.devices.len().to_string());
    Ok(())
}

pub(super) fn link_used_up(stage: &mut Stage) -> Result<(), Trouble> {
    let said = stage.stranger.refuses(&["open-link", &stage.link, "--accept"])?;
    let phase = stage.stranger.phase()?;
    ensure(phase == "unlicensed", || format!("a used link made a phone {phase:?}"))?;
    let devices = stage.server.devices()?.len();
    ensure(devices == stage.devices.len(), || format!("the server knows {devices} devices"))?;
    stage.say(format!("Somebody else tries the same link. Their phone says: {said}"));
    Ok(())
}

pub(super) fn one_setting_wins(stage: &mut Stage) -> Result<(), Trouble> {
    stage.server.set("support_phone", OTHER_PHONE)?;
    stage.android.runs()?;
    stage.iphone.runs()?;
    let settings = stage.android.says(&["config"])?;
    let check = |key: &str, value: &str, layer: &str| {
        let found = setting(&settings, key)?;
        let same = found["value"] == value && found["layer"] == layer;
        ensure(same, || format!("{key} is {found}, not {value} from {layer}"))
    };
    check("support_phone", OTHER_PHONE, "server")?;
    check("support_email", SUPPORT_EMAIL, "mdm")?;
    let blocked = setting(&settings, "block_screenshots")?;
    ensure(blocked["value"] == true && blocked["layer"] == "mdm", || {
        format!("block_screenshots is {blocked}")
    })?;
    let other = stage.iphone.says(&["config"])?;
    let there = setting(&other, "support_phone")?;
    ensure(there["value"] == OTHER_PHONE, || format!("on the iPhone it is {there}"))?;
    stage.telling.chapter("One setting from the server");
    stage.say(format!(
        "The admin sets support_phone at the server. Both phones show {OTHER_PHONE}; \
         support_email and block_screenshots are still the MDM's."
    ));
    Ok(())
}

fn setting<'a>(config: &'a Value, key: &str) -> Result<&'a Value, Trouble> {
    let settings = config["settings"].as_array().ok_or("config has no settings".to_owned())?;
    let found = settings.iter().find(|setting| setting["key"] == key);
    found.ok_or_else(|| format!("config has no {key}").into())
}
