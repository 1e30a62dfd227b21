//! A person leaves the company, and a phone leaves its owner.

use std::collections::BTreeSet;

use muster_people::Person;

use super::scan::{files, readable};
use super::stage::{Stage, ensure};
use super::telling::thousands;
use crate::run::Trouble;

pub(super) fn person_leaves(stage: &mut Stage) -> Result<(), Trouble> {
    // Rüdiger Weiß. An address is one person's alone, a name may be that of several.
    let person = stage.people[1].clone();
    for phone in [&stage.android, &stage.iphone] {
        let found = phone.finds(&person.email)?;
        ensure(found.len() == 1, || format!("{} finds {found:?}", person.email))?;
    }
    stage.server.revoke(&person.email)?;
    for (phone, name) in [(&stage.android, "the Android phone"), (&stage.iphone, "the iPhone")] {
        phone.runs()?;
        let found = phone.finds(&person.email)?;
        ensure(found.is_empty(), || format!("{name} still finds {found:?}"))?;
        let count = phone.contacts()?;
        let expected = stage.people.len() - 1;
        ensure(count == expected, || format!("{name} holds {count} people, not {expected}"))?;
    }
    stage.telling.chapter("Leaving");
    stage.say(format!(
        "{} leaves the company. At their next sync both phones hold {} people, and {} is found \
         on neither.",
        person.display_name(),
        thousands(stage.people.len() - 1),
        person.email
    ));
    stage.fact("people on the phones after one left", thousands(stage.people.len() - 1));
    Ok(())
}

pub(super) fn phone_retired(stage: &mut Stage) -> Result<(), Trouble> {
    stage.server.retire(&stage.devices[0])?;
    stage.android.runs()?;
    let phase = stage.android.phase()?;
    ensure(phase == "erased", || format!("the retired phone is {phase:?}"))?;
    let device = stage.server.device(&stage.devices[0])?;
    ensure(device["state"] == "erased", || format!("the server has it as {}", device["state"]))?;
    let left = files(&stage.android.folder)?;
    let count = readable(&left, &words(&stage.people))?;
    ensure(count == 0, || format!("{count} names or addresses stand in its files"))?;
    // The same look at a file that is not sealed must find them, or it looks at nothing.
    let open = files(&stage.folder)?.into_iter().filter(|f| f.path.ends_with("people.vcf"));
    let control = readable(&open.collect::<Vec<_>>(), &words(&stage.people[..3]))?;
    ensure(control > 0, || "the look for names finds none where they are".to_owned())?;
    let bytes: u64 = left.iter().map(|file| file.bytes).sum();
    stage.say(format!(
        "The Android phone is retired. It has erased itself and sent the receipt; in the {} files \
         that are left ({bytes} bytes) stands no name and no address of anybody.",
        left.len()
    ));
    stage.fact("left on the retired phone", format!("{} files, {bytes} bytes", left.len()));
    Ok(())
}

/// What must not be readable.
fn words(people: &[Person]) -> Vec<String> {
    let all: BTreeSet<String> = people
        .iter()
        .flat_map(|p| [p.email.clone(), format!("{} {}", p.given, p.family)])
        .collect();
    all.into_iter().collect()
}

pub(super) fn stays_away(stage: &mut Stage) -> Result<(), Trouble> {
    // The MDM still delivers the payload with the shared licence.
    let _ = stage.android.runs();
    let phase = stage.android.phase()?;
    ensure(phase == "erased", || format!("the retired phone has become {phase:?}"))?;
    let devices = stage.server.devices()?;
    ensure(devices.len() == stage.devices.len(), || {
        format!("the server knows {} devices now", devices.len())
    })?;
    let active = devices.iter().filter(|device| device["state"] == "active").count();
    ensure(active == 1, || format!("{active} devices are active"))?;
    stage.say(
        "The MDM still hands it the same payload. It does not enrol itself again: the server has \
         one active device, the iPhone.",
    );
    Ok(())
}
