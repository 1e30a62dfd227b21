//! The one id of the apps, in every file that another system reads, and what else those files have
//! to say alike.
use super::{files, read};
use crate::apps::{APPLICATION_ID, INTUNE_KIND};

/// Where the Kotlin code and the resources of the Android app are; not an id that is published.
const NAMESPACE: &str = "dev.muster.app";

/// Whatever follows `before` in a file, up to a mark that no id has, must be `expected`.
struct Place {
    file: &'static str,
    before: &'static str,
    expected: &'static str,
}

const fn place(file: &'static str, before: &'static str, expected: &'static str) -> Place {
    Place { file, before, expected }
}

const PLACES: &[Place] = &[
    place("android/app/build.gradle.kts", "applicationId = \"", APPLICATION_ID),
    place("android/app/build.gradle.kts", "namespace = \"", NAMESPACE),
    place("android/merge-manifests.py", "root.set(\"package\", \"", NAMESPACE),
    place(
        "android/maven/resources/com/android/tools/test_config.properties",
        "android_custom_package=",
        NAMESPACE,
    ),
    place(
        "ios/App/Muster.xcodeproj/project.pbxproj",
        "PRODUCT_BUNDLE_IDENTIFIER = ",
        APPLICATION_ID,
    ),
    place("ios/App/Support/Muster.entitlements", "$(AppIdentifierPrefix)", APPLICATION_ID),
    place("ios/App/Tests/ProjectFilesTests.swift", "$(AppIdentifierPrefix)", APPLICATION_ID),
    place("ios/Specfile/muster.xml", "<bundleId>", APPLICATION_ID),
    place("docs/samples/intune-android.json", "\"productId\": \"app:", APPLICATION_ID),
    place("docs/samples/intune-android.json", "\"kind\": \"", INTUNE_KIND),
    place("tests/e2e/tests/stories/ways.rs", "\"productId\": \"app:", APPLICATION_ID),
    place("tests/e2e/tests/stories/ways.rs", "\"kind\": \"", INTUNE_KIND),
];

/// Says nothing of its own: it takes the id from the project.
const FROM_PROJECT: &str = "<key>CFBundleIdentifier</key>\n\t<string>$(PRODUCT_BUNDLE_IDENTIFIER)<";

/// What stands after each `before` in `text`, as far as it could be an id.
fn after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || ".-_#".contains(c);
    let starts = text.match_indices(before).map(|(at, _)| &text[at + before.len()..]);
    starts.map(|rest| &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())]).collect()
}

/// The places in `text` that say something else than they should, and `nothing` if none is there.
fn wrong(place: &Place, text: &str) -> Vec<String> {
    let found = after(text, place.before);
    if found.is_empty() {
        return vec![format!("{}: nothing after {}", place.file, place.before)];
    }
    let wrong = found.into_iter().filter(|id| *id != place.expected);
    wrong.map(|id| format!("{}: {id}, not {}", place.file, place.expected)).collect()
}

/// Names in reverse that begin as if Muster belonged to somebody else: an id from an older day.
fn strangers(path: &str, text: &str) -> Vec<String> {
    let foreign = ["org", "com", "net", "io", "de", "app"].map(|top| format!("{top}.muster."));
    let hits = foreign.iter().flat_map(|start| text.match_indices(start.as_str()));
    let whole = hits.filter(|(at, _)| {
        !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || ".-_".contains(c))
    });
    whole.map(|(at, start)| format!("{path}: {start}… at byte {at}")).collect()
}

/// Where the system takes the id from the project by itself, a spelt one would be a second source.
fn spelt_authorities(path: &str, text: &str) -> Vec<String> {
    ["android:authorities=\"", "\n    package=\"", "<manifest package=\""]
        .into_iter()
        .flat_map(|before| text.split(before).skip(1).map(move |rest| (before, rest)))
        .filter(|(_, rest)| !rest.starts_with("${applicationId}"))
        .map(|(before, _)| format!("{path}: {} without ${{applicationId}}", before.trim()))
        .collect()
}

#[test]
fn every_published_file_has_the_one_application_id() {
    let wrong: Vec<String> =
        PLACES.iter().flat_map(|place| wrong(place, &read(place.file))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read("ios/App/Support/Info.plist").contains(FROM_PROJECT));
    for folder in ["android/app/src", "android/sdk/src"] {
        for (path, text) in files(folder, &["xml"]) {
            assert_eq!(spelt_authorities(&path, &text), [""; 0]);
        }
    }
}

#[test]
fn no_file_has_a_name_in_reverse_that_is_not_ours() {
    let folders = ["android", "bindings", "core", "docs", "ios", "server", "tests", "xtask"];
    for (path, text) in folders.iter().flat_map(|folder| files(folder, &[])) {
        assert_eq!(strangers(&path, &text), [""; 0]);
    }
    for page in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        assert_eq!(strangers(page, &read(page)), [""; 0]);
    }
}

#[test]
fn control_a_wrong_id_is_found() {
    let stranger = format!("{}.muster.app", "org");
    for place in PLACES {
        let text = format!("x {}{}\" {}{stranger}<", place.before, place.expected, place.before);
        assert_eq!(
            wrong(place, &text),
            [format!("{}: {stranger}, not {}", place.file, place.expected)]
        );
        assert_eq!(wrong(place, "nothing of the kind").len(), 1, "a place that is gone");
    }
    assert_eq!(strangers("a.md", &format!("the app {stranger}, once")).len(), 1);
    assert_eq!(strangers("a.md", &format!("{APPLICATION_ID} a.{stranger}")), [""; 0]);
    let provider = |id: &str| format!("<provider android:authorities=\"{id}.people\" />");
    assert_eq!(spelt_authorities("a.xml", &provider(APPLICATION_ID)).len(), 1);
    assert_eq!(spelt_authorities("a.xml", &provider("${applicationId}")), [""; 0]);
}
