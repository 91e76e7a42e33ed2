#!/bin/sh
# GNU ld for machines that this machine's is too old for. debian-roots.sh unpacks it with the C library that it needs;
# clang takes a linker by one path, so each machine has a link to this file: MACHINE-ld.
set -eu
machine=$(basename "$0" -ld)
root=$(cd "$(dirname "$0")" && pwd)/../../../build/debian/binutils-$machine
libraries=$root/usr/lib/x86_64-linux-gnu
exec "$root/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/bin/$machine-linux-gnu-ld" "$@"
