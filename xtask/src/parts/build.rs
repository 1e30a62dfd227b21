//! One build of everything that the tests need: test programs, programs, examples.
//!
//! One cargo call, so that features are unified once and nothing is compiled twice. The library for
//! the shells and what writes their sources are part of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Built, Context, Verdict, show_failure};
use crate::library::FEATURES;
use crate::run::{Trouble, run as run_command};
use crate::workspace::cargo;

/// A test harness that cargo built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TestProgram {
    /// `muster-core`.
    pub(crate) package: String,
    /// The folder of its Cargo.toml, where it expects to run.
    pub(crate) folder: PathBuf,
    /// The program.
    pub(crate) executable: PathBuf,
}

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    if context.broken() {
        return broken(context);
    }
    let mut command = cargo(&["build", "--workspace", "--all-targets", "--features", FEATURES]);
    command.args(["--quiet", "--message-format=json-render-diagnostics"]);
    let done = run_command(&mut command, &context.log("build"))?;
    if !done.success {
        // Standard output is for machines here; what is wrong stands in the other.
        println!("{}", done.stderr);
        return Ok(Verdict::Check(false));
    }
    let programs = done.stdout.lines().filter_map(test_program).collect();
    // In the self-test it is there already, and the same.
    let _ = context.built.set(Built::Programs(programs));
    Ok(Verdict::Check(true))
}

/// A build that can't succeed: `muster-people` with its planted mistake and warnings forbidden.
fn broken(context: &Context) -> Result<Verdict, Trouble> {
    let mut command = cargo(&["rustc", "--quiet", "--package", "muster-people", "--lib"]);
    command.args(["--features", "self-test-break", "--", "--deny", "warnings"]);
    let done = run_command(&mut command, &context.log("build"))?;
    show_failure(context, &done);
    Ok(Verdict::Check(done.success))
}

/// A test program, if that is what one line of cargo's messages tells.
fn test_program(line: &str) -> Option<TestProgram> {
    let message: Value = serde_json::from_str(line).ok()?;
    let test = message["reason"] == "compiler-artifact" && message["profile"]["test"] == true;
    let manifest = Path::new(message["manifest_path"].as_str()?);
    test.then_some(TestProgram {
        package: package(message["package_id"].as_str()?)?.to_owned(),
        folder: manifest.parent()?.to_owned(),
        executable: message["executable"].as_str()?.into(),
    })
}

/// The name in `path+file:///muster/core#muster-core@0.1.0`, or in `…/muster-core#0.1.0`, which
/// cargo writes where folder and package have the same name.
fn package(id: &str) -> Option<&str> {
    let (place, fragment) = id.rsplit_once('#')?;
    match fragment.split_once('@') {
        Some((name, _)) => Some(name),
        None => place.rsplit('/').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_read_from_both_forms_of_its_id() {
        for (id, name) in [
            ("path+file:///muster/core#muster-core@0.1.0", Some("muster-core")),
            ("path+file:///muster/xtask#0.1.0", Some("xtask")),
            ("nothing", None),
        ] {
            assert_eq!(package(id), name, "{id}");
        }
    }

    #[test]
    fn only_test_programs_are_taken_from_the_messages() {
        let message = |test: bool, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","package_id":"path+file:///m/core#muster-core@0.1.0",
                "manifest_path":"/m/core/Cargo.toml","profile":{{"test":{test}}},
                "executable":{executable}}}"#
            )
        };
        let program = test_program(&message(true, r#""/m/target/debug/deps/core-1""#)).unwrap();
        assert_eq!(program.package, "muster-core");
        assert_eq!(program.folder, Path::new("/m/core"));
        assert_eq!(test_program(&message(false, r#""/m/target/debug/xtask""#)), None);
        assert_eq!(test_program(&message(true, "null")), None);
        assert_eq!(test_program(r#"{"reason":"build-finished","success":true}"#), None);
        assert_eq!(test_program("not JSON"), None);
    }
}
