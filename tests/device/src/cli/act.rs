//! Commands that let the phone work.
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use muster_core::activation::{Evidence, EvidenceKind};
use muster_core::agent::Event;
use muster_core::compliance::Signals;
use muster_core::secret::Secret;

use super::args::{ActivateArgs, Args, ClockArgs, RunArgs};
use super::{Outcome, Trouble, open, print_json, read, read_file};
use crate::managed;
use crate::memory::Memory;
use crate::phone::Phone;

pub(super) fn run(args: &Args, run: &RunArgs) -> Outcome {
    let (mut phone, mut memory) = open(args, run.clock)?;
    if let Some(file) = &run.managed_config {
        let bytes = read_file(file)?;
        let input = managed::read(&bytes, memory.platform)
            .map_err(|e| Trouble::new(format!("{}: {e}", file.display())))?;
        phone.handle(Event::Configuration(input));
    }
    if run.unmanaged {
        phone.handle(Event::Configuration(managed::absent()));
    }
    if let Some(file) = &run.signals {
        let bytes = read_file(file)?;
        memory.signals = serde_json::from_slice(&bytes)
            .map_err(|e| Trouble::new(format!("{}: not JSON: {e}", file.display())))?;
    }
    phone.handle(Event::Signals(signals(&memory)?));
    save(args, &memory)?;
    work(args, &mut phone, memory, run.for_)
}

fn save(args: &Args, memory: &Memory) -> Outcome {
    memory
        .save(&args.profile)
        .map_err(|e| Trouble::new(format!("the phone's memory can't be written: {e}")))
}

fn signals(memory: &Memory) -> Result<Signals, Trouble> {
    Signals::from_json(&memory.signals.to_string(), memory.platform)
        .map_err(|e| Trouble::new(format!("the signals can't be used: {e}")))
}

pub(super) fn activate(args: &Args, activate: &ActivateArgs) -> Outcome {
    let evidence = evidence(activate)?;
    let (mut phone, memory) = open(args, activate.clock)?;
    phone.handle(Event::Signals(signals(&memory)?));
    phone.handle(Event::Activate { server_url: activate.server.clone(), evidence });
    work(args, &mut phone, memory, None)
}

/// What the person shows. Which kinds there are, and what they consist of, the core knows.
fn evidence(activate: &ActivateArgs) -> Result<Evidence, Trouble> {
    if !activate.evidence.is_empty() {
        return any_evidence(&activate.evidence);
    }
    let secret = match (&activate.password_file, &activate.password, &activate.passcode) {
        (Some(file), ..) => secret_of(file)?,
        (None, Some(text), _) | (None, None, Some(text)) => Secret::from(text.as_str()),
        (None, None, None) => {
            return Err(Trouble::new(
                "say who you are: --username with --password-file, --email with --password-file, \
                 or --evidence",
            ));
        }
    };
    match (&activate.username, &activate.email) {
        (Some(username), None) => Ok(Evidence::Credentials {
            username: Secret::from(username.as_str()),
            password: secret,
        }),
        (None, Some(email)) => {
            Ok(Evidence::EmailPasscode { email: Secret::from(email.as_str()), passcode: secret })
        }
        _ => Err(Trouble::new("give either --username or --email")),
    }
}

fn any_evidence(parts: &[String]) -> Result<Evidence, Trouble> {
    let part = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Trouble::new(format!("--evidence {text}: NAME=VALUE is needed")))?;
        let value = match value.strip_prefix('@') {
            Some(file) => secret_of(file.as_ref())?,
            None => Secret::from(value),
        };
        Ok((name.to_owned(), value))
    };
    let parts = parts.iter().map(part).collect::<Result<Vec<_>, Trouble>>()?;
    let parts: Vec<_> = parts.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    Evidence::from_parameters(&parts).ok_or_else(|| {
        let kinds = EvidenceKind::ALL.iter().map(|kind| kind.parameters().join(" and "));
        let kinds: Vec<String> = kinds.filter(|names| !names.is_empty()).collect();
        Trouble::new(format!(
            "nothing activates with exactly that; there are: {}",
            kinds.join(", ")
        ))
    })
}

fn secret_of(file: &Path) -> Result<Secret<String>, Trouble> {
    let text = String::from_utf8(read_file(file)?)
        .map_err(|_| Trouble::new(format!("{}: not text", file.display())))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

pub(super) fn open_link(args: &Args, url: &str, accept: bool, clock: ClockArgs) -> Outcome {
    let url = match url {
        "-" => String::from_utf8(read_file("-".as_ref())?)
            .map_err(|_| Trouble::new("standard input is not text"))?
            .trim()
            .to_owned(),
        url => url.to_owned(),
    };
    let (mut phone, memory) = open(args, clock)?;
    phone.unlock();
    let preview = phone
        .agent
        .preview_link(&url)
        .map_err(|text| Trouble::new(format!("{} {}", text.text, text.next)))?;
    if !accept {
        if args.json {
            return print_json(&preview);
        }
        say!("This link activates the phone at {}.", preview.host);
        say!("Add --accept if that is your company's server.");
        return Ok(());
    }
    if !args.json && !preview.already_active {
        say!("Activating at {} …", preview.host);
    }
    phone.handle(Event::WindowUnbounded);
    phone.handle(Event::Signals(signals(&memory)?));
    phone.handle(Event::LinkAccepted { url: Secret::new(url) });
    work(args, &mut phone, memory, None)
}

pub(super) fn sign_out(args: &Args, clock: ClockArgs) -> Outcome {
    let (mut phone, memory) = open(args, clock)?;
    phone.handle(Event::SignOut);
    work(args, &mut phone, memory, None)
}

/// Lets the phone work and says how it ended.
fn work(args: &Args, phone: &mut Phone, mut memory: Memory, lasting: Option<Duration>) -> Outcome {
    let bar = show_progress(args, phone);
    phone.handle(Event::CheckNow);
    phone.run(lasting);
    if memory.made_up_clock.is_some() {
        memory.made_up_clock = Some(phone.now().wall.0);
        save(args, &memory)?;
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let status = serde_json::to_value(phone.agent.status())
        .map_err(|e| Trouble::new(format!("the state can't be shown: {e}")))?;
    if args.json {
        print_json(&status)?;
    } else {
        read::print_status(&status);
    }
    let problems = phone.agent.problems();
    if problems.is_empty() {
        return Ok(());
    }
    let mut texts: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {} ({})", problem.text, problem.next, problem.code))
        .collect();
    // Server and address book can fail alike; once is enough.
    texts.dedup();
    Err(Trouble::new(texts.join("\nmuster-device: ")))
}

/// A counter of contacts, on a terminal only.
fn show_progress(args: &Args, phone: &mut Phone) -> Option<ProgressBar> {
    if args.json || !std::io::stderr().is_terminal() || fs::metadata(&args.profile).is_err() {
        return None;
    }
    let style = ProgressStyle::with_template("{spinner} {pos} contacts").ok()?;
    let bar = ProgressBar::new_spinner().with_style(style);
    let shown = bar.clone();
    phone.on_progress(Box::new(move |count| shown.set_position(count.max(0) as u64)));
    Some(bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(parts: &[&str]) -> Result<Evidence, String> {
        let evidence: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        any_evidence(&evidence).map_err(|trouble| trouble.0)
    }

    #[test]
    fn evidence_of_any_kind_is_named_as_in_the_protocol() {
        let secret = |text: &str| Secret::from(text);
        let code = Evidence::OrganizationCode { code: secret("acme=1") };
        assert_eq!(made(&["organization_code=acme=1"]), Ok(code));
        let licence = Evidence::Credentials { username: secret("u"), password: secret("p") };
        assert_eq!(made(&["password=p", "username=u"]), Ok(licence));
    }

    #[test]
    fn what_is_no_evidence_is_explained() {
        let said = made(&["username=u"]).unwrap_err();
        for names in ["username and password", "login_hint and organization_passcode"] {
            assert!(said.contains(names), "{said}");
        }
        assert!(made(&["organization_code"]).unwrap_err().contains("NAME=VALUE"));
        assert!(made(&["organization_code=@/nowhere"]).is_err());
    }

    #[test]
    fn a_secret_can_stand_in_a_file() {
        let file = std::env::temp_dir().join(format!("muster-evidence-{}", std::process::id()));
        fs::write(&file, "acme\r\n").unwrap();
        let made = made(&[&format!("organization_code=@{}", file.display())]);
        fs::remove_file(&file).unwrap();
        assert_eq!(made, Ok(Evidence::OrganizationCode { code: Secret::from("acme") }));
    }
}
