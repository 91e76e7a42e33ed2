#!/bin/sh
# GNU ld for LoongArch, which debian-roots.sh unpacks with the C library that it needs, by one path: clang takes no more.
set -eu
root=$(cd "$(dirname "$0")" && pwd)/../../../build/debian/binutils-loongarch64
libraries=$root/usr/lib/x86_64-linux-gnu
exec "$root/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/bin/loongarch64-linux-gnu-ld" "$@"
