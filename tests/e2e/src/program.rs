//! Runs the public programs as a person would, and reads their answers.
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Where cargo puts the programs: beside the running test.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test.parent().and_then(Path::parent).expect("tests run in target/<profile>/deps");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{name} is not built; run the tests with `cargo xtask test`, or `cargo build --bins` first"
    );
    path
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; none if it was killed.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

impl Ended {
    /// The answer of a command that must have worked.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.any_json()
    }

    /// The answer, whether the command worked or not.
    #[track_caller]
    pub fn any_json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {self:#?}"))
    }

    /// The complaint of a command that must not have worked.
    #[track_caller]
    pub fn complaint(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:#?}");
        &self.err
    }

    /// The codes at the ends of the lines of that complaint: `(connection_refused)`, for example.
    #[track_caller]
    pub fn codes(&self) -> Vec<&str> {
        let code = |line: &'_ str| -> Option<(usize, usize)> {
            let end = line.strip_suffix(')')?.len();
            Some((line.rfind('(')? + 1, end))
        };
        let lines = self.complaint().lines();
        lines.filter_map(|line| code(line).map(|(start, end)| &line[start..end])).collect()
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A simulated phone in a folder of its own.
pub struct Device {
    /// The profile folder.
    pub folder: PathBuf,
}

impl Device {
    /// A phone in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// A command line, ready to run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program("muster-device"));
        command.arg("--profile").arg(&self.folder).arg("--json").args(args);
        command.stdin(Stdio::null()).env_remove("MUSTER_PROFILE");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Ended {
        self.command(args).output().expect("muster-device starts").into()
    }

    /// Writes `content` to a file beside the profile and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.with_extension(name);
        std::fs::write(&path, content).expect("the file can be written");
        path.to_string_lossy().into_owned()
    }

    /// Runs with a managed configuration.
    pub fn run_managed(&self, config: &str) -> Ended {
        self.run(&["run", "--managed-config", config])
    }

    /// Runs with a managed configuration as Android hands it over.
    pub fn run_android(&self, tree: &Value) -> Ended {
        self.run_managed(&self.file("android.json", tree.to_string()))
    }

    /// `status`.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.run(&["status"]).json()
    }

    /// Everybody on the phone.
    #[track_caller]
    pub fn contacts(&self) -> Vec<Value> {
        let all = self.run(&["contacts", "--limit", "100000"]).json();
        all.as_array().expect("a list").clone()
    }

    /// The names of everybody on the phone, sorted.
    #[track_caller]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.contacts().iter().map(name).collect();
        names.sort();
        names
    }

    /// The names that a search finds.
    #[track_caller]
    pub fn found(&self, query: &str) -> Vec<String> {
        self.run(&["search", query]).json().as_array().expect("a list").iter().map(name).collect()
    }

    /// One setting of `config`.
    #[track_caller]
    pub fn setting(&self, key: &str) -> Value {
        let config = self.run(&["config"]).json();
        let settings = config["settings"].as_array().expect("a list");
        let found = settings.iter().find(|setting| setting["key"] == key);
        found.unwrap_or_else(|| panic!("no setting {key}")).clone()
    }
}

fn name(contact: &Value) -> String {
    contact["name"].as_str().expect("a name").to_owned()
}
