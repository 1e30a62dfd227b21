//! Child processes whose output is kept.
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Why something could not be done, in words for the person at the keyboard.
#[derive(Debug)]
pub(crate) struct Trouble(pub(crate) String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Trouble {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What a finished program left.
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// The end of what it printed, for people.
    pub(crate) fn tail(&self) -> String {
        let all: Vec<&str> = self.stdout.lines().chain(self.stderr.lines()).collect();
        all[all.len().saturating_sub(80)..].join("\n")
    }
}

/// Runs to the end and keeps both outputs, in memory and behind what is already in `log`.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Finished, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("`{name}` could not be started: {e}"))?;
    let finished = Finished {
        success: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let head = format!("$ {name} {}", words.join(" "));
    append(log, &format!("{head}\n{}{}\n", finished.stdout, finished.stderr))?;
    Ok(finished)
}

fn append(log: &Path, text: &str) -> Result<(), Trouble> {
    use std::io::Write as _;
    let folder = log.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::File::options().create(true).append(true).open(log))
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| Trouble(format!("{} can't be written: {e}", log.display())))
}

/// Runs in front of the person; true if it succeeded.
pub(crate) fn show(command: &mut Command) -> Result<bool, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|e| format!("`{name}` could not be started: {e}"))?;
    Ok(status.success())
}

/// The first line that a program prints about itself, or `None` where it is not installed.
pub(crate) fn version(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let text = String::from_utf8_lossy(&text);
    let first = text.lines().next().unwrap_or_default().trim();
    // Maven prints in bold even into a pipe.
    let plain = first.replace("\u{1b}[1m", "").replace("\u{1b}[m", "");
    output.status.success().then(|| plain.chars().take(60).collect())
}
