#!/bin/bash
# Builds what the Swift package links on Apple's systems: Generated/MusterFFI.xcframework, and
# Generated/MusterCore with the Swift sources that call it. Needs macOS, Xcode and rustup.
#
#   bash ios/xcframework.sh           for iPhones, iPads and the simulator
#   bash ios/xcframework.sh --macos   for this Mac, too, so that `swift test` has something to link
#
# Release profile, without the features that only tests have: what comes out may ship.
set -euo pipefail

say() { printf 'xcframework.sh: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

macos=no
case "${1:-}" in
"") ;;
--macos) macos=yes ;;
*) fail "unknown argument $1; there is --macos and nothing else" ;;
esac

[ "$(uname -s)" = Darwin ] ||
    fail "this needs macOS: an xcframework is made by Xcode. On Linux, 'cargo xtask test --only swift' makes what the tests need."
for tool in cargo rustup xcodebuild lipo; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install Xcode and rustup"
done

root=$(cd "$(dirname "$0")/.." && pwd)
out="$root/ios/Generated"
work="$root/target/xcframework"
# The oldest iOS of Package.swift: without it, C code would be built for the newest one.
export IPHONEOS_DEPLOYMENT_TARGET=17.0 MACOSX_DEPLOYMENT_TARGET=14.0
targets=(aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios)
[ "$macos" = no ] || targets+=(aarch64-apple-darwin x86_64-apple-darwin)

cd "$root"
rustup target add "${targets[@]}"
rm -rf "$work" "$out/MusterFFI.xcframework"
mkdir -p "$work/headers" "$work/sim" "$work/macos" "$out/MusterCore"

for target in "${targets[@]}"; do
    say "the library for $target"
    cargo build --package muster --release --target "$target"
done

say "the Swift sources"
# The description of the surface is read from a library of this Mac with the same features. Not with
# muster-bindgen's --xcframework: its module map is for a framework with the library inside, and
# this xcframework holds libraries with headers beside them.
cargo build --package muster
cargo run --package muster-bindgen -- --library target/debug/libmuster.dylib --swift "$work/swift"
cp "$work/swift/MusterCore.swift" "$out/MusterCore/MusterCore.swift"
cp "$work/swift/MusterFFI.h" "$work/swift/module.modulemap" "$work/headers/"

built() { printf '%s/target/%s/release/libmuster.a' "$root" "$1"; }
# One framework has one library for each platform, with all of its processors inside.
lipo -create "$(built aarch64-apple-ios-sim)" "$(built x86_64-apple-ios)" \
    -output "$work/sim/libmuster.a"
slices=(
    -library "$(built aarch64-apple-ios)" -headers "$work/headers"
    -library "$work/sim/libmuster.a" -headers "$work/headers"
)
if [ "$macos" = yes ]; then
    lipo -create "$(built aarch64-apple-darwin)" "$(built x86_64-apple-darwin)" \
        -output "$work/macos/libmuster.a"
    slices+=(-library "$work/macos/libmuster.a" -headers "$work/headers")
fi
say "the xcframework"
xcodebuild -create-xcframework "${slices[@]}" -output "$out/MusterFFI.xcframework"
say "done: $out"
