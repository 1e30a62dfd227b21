#!/bin/bash
# The shared tests on the emulator or phone that adb sees, against a muster-server on this machine.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
folder=$(mktemp -d)
server=target/debug/muster-server
cargo build -p muster-server
token=$("$server" --json init --data "$folder/company.db" | sed 's/.*"token": *"\([^"]*\)".*/\1/')
"$server" serve --data "$folder/company.db" --listen 127.0.0.1:8780 &
trap 'kill $!; rm -r "$folder"' EXIT
adb reverse tcp:8780 tcp:8780
gradle -p android :sdk:connectedDebugAndroidTest \
    "-Pandroid.testInstrumentationRunnerArguments.musterToken=$token"
