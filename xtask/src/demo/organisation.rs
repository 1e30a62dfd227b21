//! The company sets itself up at the server.

use std::collections::BTreeSet;

use muster_people::{Version, vcards};

use super::phone::write;
use super::stage::{Sabotage, Stage, ensure};
use super::telling::thousands;
use crate::run::Trouble;

/// As shown on the phones.
pub(crate) const ORGANISATION: &str = "Nordlicht Energie AG";
/// The licence that all phones of the company share.
pub(crate) const LICENCE: (&str, &str) = ("nordlicht", "wind-und-wellen-2026");

pub(super) fn founded(stage: &mut Stage) -> Result<(), Trouble> {
    let tenant = stage.server.found(ORGANISATION)?;
    let name = tenant["name"].as_str().unwrap_or_default().to_owned();
    ensure(name == ORGANISATION, || format!("the server knows the organisation as {name:?}"))?;
    stage.telling.chapter("An organisation and its people");
    stage.say(format!("The server at {} has the organisation {name}.", stage.server.url));
    let licence = stage.server.add_licence(LICENCE.0, LICENCE.1)?;
    let username = licence["username"].as_str().unwrap_or_default();
    ensure(username == LICENCE.0, || format!("the licence is called {username:?}"))?;
    stage.say(format!("All its phones share one licence, {username}."));
    Ok(())
}

pub(super) fn people_imported(stage: &mut Stage) -> Result<(), Trouble> {
    let mut list = stage.people.as_slice();
    if stage.sabotage == Some(Sabotage::LosePerson) {
        list = &list[..list.len() - 1];
    }
    let file = stage.folder.join("people.vcf");
    write(&file, &vcards(list, Version::V3))?;
    let answer = stage.server.import(&file)?;
    let added = answer["added"].as_u64().unwrap_or_default() as usize;
    let there: BTreeSet<String> = stage.server.emails()?.into_iter().collect();
    let missing: Vec<String> = stage
        .people
        .iter()
        .filter(|person| !there.contains(&person.email))
        .map(|person| person.display_name())
        .collect();
    ensure(missing.is_empty(), || {
        format!("{} missing at the server after the import: {}", missing.len(), missing.join(", "))
    })?;
    ensure(added == stage.people.len() && there.len() == added, || {
        format!("the server says it added {added} and lists {}", there.len())
    })?;
    let photos = stage.people.iter().filter(|person| person.photo.is_some()).count();
    stage.say(format!(
        "{} people are imported from one vCard file, {} of them with a photo.",
        thousands(added),
        thousands(photos)
    ));
    stage.fact("people imported", thousands(added));
    Ok(())
}
