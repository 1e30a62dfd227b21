#!/bin/bash
# Resources and manifest of both modules for the Maven build, where there is no Gradle plugin to
# make them: resources.sh ANDROID-JAR OUT-FOLDER
set -euo pipefail
framework=$1
out=$2
here=$(dirname "$(readlink -f "$0")")
rm -rf "$out/res" "$out/gen-r"
mkdir -p "$out/res" "$out/gen-r" "$out/assets"
python3 "$here/merge-manifests.py" "$here/app/src/main/AndroidManifest.xml" \
    "$here/sdk/src/main/AndroidManifest.xml" "$out/AndroidManifest.xml"
for module in sdk app; do
    aapt2 compile --dir "$here/$module/src/main/res" -o "$out/res/$module.zip"
done
# Debian's aapt2 is older than <queries> and than some of the framework's table: it says so, and no more.
aapt2 link -o "$out/res/resources.apk" -I "$framework" --manifest "$out/AndroidManifest.xml" \
    --java "$out/gen-r" --extra-packages dev.muster.sdk --min-sdk-version 26 --target-sdk-version 34 \
    --version-code 1 --version-name 0.1.0 --auto-add-overlay --warn-manifest-validation \
    "$out/res/sdk.zip" "$out/res/app.zip" 2> >(grep -v "Unknown chunk type\|unexpected element <queries>" >&2)
