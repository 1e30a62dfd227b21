#!/bin/bash
# run.sh ROOT COMMAND…
#
# Runs COMMAND inside ROOT (made by make.sh), in the current folder. Folders named in ROOT_BIND
# (between spaces) are seen at their own paths; variables in ROOT_ENV (NAME=value, between spaces)
# are set. The mounts are in a namespace of their own and end with the command, and so does every
# process that it leaves behind. Needs root and util-linux.
set -euo pipefail
ROOT=$(readlink -f "$1")
shift
ROOT_CWD=$PWD
ROOT_BIND=${ROOT_BIND:-$PWD}
export ROOT ROOT_CWD ROOT_BIND
# shellcheck disable=SC2016 # the inner shell expands it
exec unshare --mount --propagation private --pid --fork --kill-child bash -euc '
    mount -t proc proc "$ROOT/proc"
    mount --rbind /dev "$ROOT/dev"
    mount -t tmpfs tmpfs "$ROOT/tmp"
    for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
        if [ -e "$file" ]; then mount --bind "$file" "$ROOT$file"; fi
    done
    for folder in $ROOT_BIND; do
        mkdir -p "$ROOT$folder"
        mount --bind "$folder" "$ROOT$folder"
    done
    exec chroot "$ROOT" /usr/bin/env -i HOME=/tmp LANG=C.UTF-8 \
        PATH="/usr/libexec/swift/bin:/usr/bin:/usr/sbin" ${ROOT_ENV:-} \
        /bin/bash -c "cd \"\$0\" && exec \"\$@\"" "$ROOT_CWD" "$@"
' run "$@"
