//! The program itself, as an admin types it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::client::fetch;

const PROGRAM: &str = env!("CARGO_BIN_EXE_muster-server");

fn command(data: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    for name in ["MUSTER_SERVER_URL", "MUSTER_ADMIN_TOKEN", "MUSTER_TENANT"] {
        command.env_remove(name);
    }
    command.env("MUSTER_SERVER_DATA", data);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().unwrap()
}

fn out(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn json_out(data: &Path, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    serde_json::from_str(&out(data, &all)).unwrap()
}

struct Served(Child, String);

impl Served {
    fn start(data: &Path) -> Self {
        let mut child = command(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_company_from_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("company.db");
    let token = json_out(&data, &["init"])["token"].as_str().unwrap().to_owned();
    assert_eq!(run(&data, &["init"]).status.code(), Some(1), "never over an existing file");
    out(&data, &["tenant", "add", "acme", "--name", "Acme AG", "--support-phone", "+49 30 1"]);
    let list = folder.path().join("people.csv");
    let photo = [0xff, 0xd8, 0xff, 0xe0];
    std::fs::write(folder.path().join("anna.jpg"), photo).unwrap();
    std::fs::write(
        &list,
        "first_name,last_name,email,photo\nAnna,Müller,anna@acme.example,anna.jpg\n\
         Bert,Meier,bert@acme.example,\nClara,,bad address,\nDora,,,none.jpg\n",
    )
    .unwrap();
    let imported = json_out(&data, &["person", "import", list.to_str().unwrap()]);
    assert_eq!(imported["added"], 2);
    let rows: Vec<_> = imported["skipped"].as_array().unwrap().iter().map(|s| &s["row"]).collect();
    assert_eq!(rows, [&json!(4), &json!(3)], "numbers of the file's rows");
    let people = json_out(&data, &["person", "list"]);
    assert_eq!(people.as_array().unwrap().len(), 2);

    out(&data, &["licence", "add", "--username", "acme", "--password", "pw", "--seats", "5"]);
    out(&data, &["passcode", "set", "open sesame"]);
    let invented = json_out(&data, &["passcode", "set"])["passcode"].as_str().unwrap().len();
    assert_eq!(invented, 14);
    out(&data, &["setting", "set", "block_export", "true"]);
    out(&data, &["setting", "set", "min_os_version", "17.10", "--person", "anna@acme.example"]);
    assert_eq!(json_out(&data, &["setting", "list"]), json!({"block_export": true}));
    let person = json_out(&data, &["setting", "list", "--person", "anna@acme.example"]);
    assert_eq!(person, json!({"min_os_version": "17.10"}));
    out(&data, &["setting", "unset", "block_export"]);
    assert_eq!(run(&data, &["setting", "unset", "block_export"]).status.code(), Some(1));
    out(
        &data,
        &[
            "rule",
            "set",
            "--id",
            "lock",
            "--signal",
            "screen_lock",
            "--op",
            "is",
            "--value",
            "true",
            "--severity",
            "require",
            "--grace-hours",
            "24",
            "--action",
            "hide_contacts",
            "--reason",
            "de=Bitte sperren",
        ],
    );
    let rule = &json_out(&data, &["rule", "list"])[0];
    assert_eq!((&rule["grace_s"], &rule["value"]), (&json!(86_400), &json!(true)));
    assert_eq!(rule["reason"], json!({"de": "Bitte sperren"}));
    out(&data, &["rule", "set", &rule.to_string()]);
    out(&data, &["rule", "remove", "lock"]);
    out(&data, &["check-interval", "2h"]);
    assert_eq!(json_out(&data, &["check-interval"])["next_check_s"], 7_200);

    let unknown = run(&data, &["link", "new"]);
    assert_eq!(unknown.status.code(), Some(1), "the server's address is not known yet");

    let served = Served::start(&data);
    let qr = folder.path().join("link.svg");
    let link = json_out(
        &data,
        &[
            "link",
            "new",
            "--person",
            "anna@acme.example",
            "--host",
            "https://app.example",
            "--qr",
            qr.to_str().unwrap(),
        ],
    );
    let url = link["url"].as_str().unwrap();
    assert!(url.starts_with("https://app.example/a#v=1&c="), "{url}");
    let host = served.1.strip_prefix("http://").unwrap();
    assert!(url.contains(&format!("&s={host}&k=")), "{url}");
    assert!(std::fs::read_to_string(&qr).unwrap().contains("<svg"));
    assert_eq!(json_out(&data, &["link", "list"])[0]["state"], "open");

    // The same commands through the admin API.
    let place = [("--url", served.1.as_str()), ("--token", token.as_str())];
    let remote = |arguments: &[&'static str]| -> Vec<&str> {
        place
            .iter()
            .flat_map(|&(name, value)| [name, value])
            .chain(arguments.iter().copied())
            .collect()
    };
    assert_eq!(json_out(&data, &remote(&["tenant", "list"]))[0]["contacts"], 2);
    out(&data, &remote(&["setting", "set", "caller_id", "false"]));
    assert_eq!(json_out(&data, &["setting", "list"]), json!({"caller_id": false}));
    let wrong = run(&data, &["--url", &served.1, "--token", "x", "tenant", "list"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(run(&data, &["--url", &served.1, "tenant", "list"]).status.code(), Some(2));
    let second = out(&data, &remote(&["admin", "add", "bob"]));
    assert_eq!(second.trim().len(), 43);
    let metadata =
        fetch("GET", &format!("{}/.well-known/oauth-authorization-server", served.1), &[], "");
    assert_eq!(metadata.json()["issuer"], served.1.as_str());
    assert_eq!(json_out(&data, &["events"]), json!([]));
    assert_eq!(json_out(&data, &["device", "list"]), json!([]));
    assert_eq!(out(&data, &["device", "list"]), "(none)\n");
}

#[test]
fn wrong_use_is_exit_code_two_and_help_is_zero() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("none.db");
    assert_eq!(run(&data, &["nonsense"]).status.code(), Some(2));
    assert_eq!(run(&data, &["tenant", "add"]).status.code(), Some(2));
    assert_eq!(run(&data, &["--help"]).status.code(), Some(0));
    assert_eq!(run(&data, &["rule", "set", "--help"]).status.code(), Some(0));
    let missing = run(&data, &["tenant", "list"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("init"), "says what to do next");
    assert!(!data.exists(), "asking makes no file");
    assert_eq!(run(&data, &["serve"]).status.code(), Some(1));
    json_out(&data, &["init"]);
    assert_eq!(run(&data, &["person", "list"]).status.code(), Some(1), "no organisation yet");
    out(&data, &["tenant", "add", "a", "--name", "A"]);
    assert_eq!(run(&data, &["check-interval", "1w"]).status.code(), Some(2));
    out(&data, &["tenant", "add", "b", "--name", "B"]);
    let which = run(&data, &["person", "list"]);
    assert_eq!(which.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&which.stderr).contains("--tenant a | b"));
    assert_eq!(json_out(&data, &["--tenant", "b", "person", "list"]), json!([]));
}

#[test]
fn a_password_can_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("company.db");
    json_out(&data, &["init"]);
    out(&data, &["tenant", "add", "a", "--name", "A"]);
    let mut child = command(&data)
        .args(["licence", "add", "--username", "u", "--password-file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"secret\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(json_out(&data, &["licence", "list"])[0]["username"], "u");
}

#[cfg(unix)]
#[test]
fn a_term_signal_ends_the_server_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("company.db");
    json_out(&data, &["init"]);
    let mut served = Served::start(&data);
    // The shell's own: a bare machine has no program of this name.
    let kill = format!("kill -TERM {}", served.0.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert_eq!(served.0.wait().unwrap().code(), Some(0));
}
