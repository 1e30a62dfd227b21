#!/bin/bash
# make.sh SUITE FOLDER PACKAGE…
#
# Unpacks packages of another Debian suite, with all that they depend on, into FOLDER: a toolchain
# that the machine's own Debian lacks. Nothing is installed on the machine, no maintainer script
# runs, nothing stays mounted; deleting FOLDER undoes it. Made once for the same suite and packages.
# Needs root, apt, dpkg-deb and tar.
set -euo pipefail
suite=$1
folder=$2
shift 2
wanted="$suite $*"
if [ -f "$folder/.made-of" ] && [ "$(cat "$folder/.made-of")" = "$wanted" ]; then exit 0; fi

# The machine's own mirror, as its sources say, in either form.
mirror=${DEBIAN_MIRROR:-$(sed -nsE 's/^(URIs:|deb( \[[^]]*\])?) *(https?:[^ ]*debian\/?)( .*)?$/\3/p' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1 || true)}
if [ -z "$mirror" ]; then
    echo "no Debian mirror in /etc/apt; say one in DEBIAN_MIRROR" >&2
    exit 1
fi

work=$(mktemp -d)
new=$folder.new.$$
trap 'rm -rf "$work" "$new"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,parts} "$new"
: > "$work/status"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] $mirror $suite main" > "$work/sources.list"
# An apt of its own: lists, cache and state are in $work, so the machine's apt is left alone. A
# mirror that has stood still for weeks will do; signatures are checked all the same.
cat > "$work/apt.conf" <<CONF
Dir::State "$work";
Dir::State::Lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/parts";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$work/parts";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
DPkg::Pre-Install-Pkgs {};
CONF
export APT_CONFIG=$work/apt.conf
apt-get -qq update
apt-get -qq --yes --download-only install base-files bash dash coreutils findutils grep sed "$@"

unpack() {
    dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$new" \
        --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale'
}
debs=$work/cache/archives
# First: it has the links from /bin and /lib to where everything else goes.
unpack "$debs"/base-files_*.deb
for deb in "$debs"/*.deb; do
    case $deb in */base-files_*) ;; *) unpack "$deb" ;; esac
done
# What maintainer scripts and the mounts of run.sh expect.
if [ -e "$new/usr/bin/gcc" ]; then ln -sf gcc "$new/usr/bin/cc"; fi
mkdir -p "$new"/{etc/ssl/certs,proc,dev,tmp}
touch "$new"/etc/{ssl/certs/ca-certificates.crt,resolv.conf,hosts}
# A gigabyte of Swift that neither builds nor tests: debugger, language servers, embedded libraries.
swift=$new/usr/libexec/swift
if [ -d "$swift" ]; then
    rm -rf "$swift"/lib/liblldb* "$swift"/bin/{lldb*,clangd,sourcekit-lsp,docc,repl_swift} \
        "$swift"/lib/swift/{embedded,FrameworkABIBaseline}
fi
printf '%s' "$wanted" > "$new/.made-of"
rm -rf "$folder"
mv "$new" "$folder"
