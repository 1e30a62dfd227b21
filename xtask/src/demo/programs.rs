//! Running the two programs and reading their `--json` answers. Nothing here knows the story.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::run::Trouble;

/// The built programs.
pub(crate) struct Programs {
    pub(crate) server: PathBuf,
    pub(crate) device: PathBuf,
}

impl Programs {
    /// Those in `folder`, cargo's output.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self { server: folder.join("muster-server"), device: folder.join("muster-device") }
    }
}

/// Runs a program with `--json` and returns its answer; exit codes but 0 are trouble, told in the
/// program's own words.
pub(crate) fn ask(command: &mut Command) -> Result<Value, Trouble> {
    let output = output(command)?;
    if !output.status.success() {
        return Err(said(command, &output).into());
    }
    read(command, &output.stdout)
}

/// Runs a program with `--json` that is expected to refuse, and returns what it said about it.
pub(crate) fn refused(command: &mut Command) -> Result<String, Trouble> {
    let output = output(command)?;
    match output.status.success() {
        true => Err(format!("{} was expected to refuse, and did not", words(command)).into()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            // Behind the program's name.
            let said = said.trim().split_once(": ").map_or(said.trim(), |(_, reason)| reason);
            Ok(said.to_owned())
        }
    }
}

fn output(command: &mut Command) -> Result<Output, Trouble> {
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|e| format!("{} can't be started: {e}", words(command)).into())
}

fn read(command: &Command, stdout: &[u8]) -> Result<Value, Trouble> {
    serde_json::from_slice(stdout).map_err(|e| {
        let text = String::from_utf8_lossy(stdout);
        let start: String = text.chars().take(200).collect();
        format!("{} gave no JSON ({e}): {start}", words(command)).into()
    })
}

fn said(command: &Command, output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{} failed: {}", words(command), stderr.trim())
}

/// The command without its folders, secrets blotted out, for messages.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut arguments = command.get_args().map(OsStr::to_string_lossy).peekable();
    let mut words = vec![format!("`{}", program.to_string_lossy())];
    while let Some(argument) = arguments.next() {
        let secret = ["--token", "--password", "--passcode"].contains(&&*argument);
        words.push(argument.into_owned());
        if secret && arguments.next().is_some() {
            words.push("…".to_owned());
        }
    }
    words.join(" ") + "`"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn an_answer_is_read_and_a_failure_told_in_the_programs_words() {
        assert_eq!(ask(&mut shell("echo '{\"a\": 1}'")).unwrap()["a"], 1);
        let failed = ask(&mut shell("echo no server >&2; exit 1")).unwrap_err().0;
        assert!(failed.ends_with("failed: no server"), "{failed}");
        let garbage = ask(&mut shell("echo hello")).unwrap_err().0;
        assert!(garbage.contains("gave no JSON") && garbage.ends_with("hello\n"), "{garbage}");
    }

    #[test]
    fn a_refusal_is_an_answer_too() {
        assert_eq!(refused(&mut shell("echo phone: used >&2; exit 1")).unwrap(), "used");
        assert!(refused(&mut shell("true")).is_err());
    }

    #[test]
    fn secrets_do_not_stand_in_messages() {
        let mut command = Command::new("/opt/muster-server");
        command.args(["--url", "http://127.0.0.1", "--token", "t0p", "person", "list"]);
        assert_eq!(words(&command), "`muster-server --url http://127.0.0.1 --token … person list`");
    }
}
