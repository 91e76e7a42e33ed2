#!/bin/sh
# Fetches what tests of other architectures run: programs of Debian for each, below build/debian, and a qemu that knows
# all their instructions. And tools that are newer than this machine's.
#
#     debian-roots.sh          two programs an architecture and musl, for every test run
#     debian-roots.sh --all    the programs of test/corpus, below build/debian-all
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../../build

fetch() {
	sh "$here/debian-packages.sh" "$@"
}

roots=debian
programs="coreutils jq musl-dev"
if [ "${1-}" = --all ]; then
	roots=debian-all
	programs="coreutils jq sqlite3 git python3 gawk xz-utils openssl tar bzip2 diffutils grep sed perl-base bc file"
fi

# What changes executables, in versions that bookworm does not have.
fetch "$build/debian/tools" trixie,forky amd64 patchelf upx-ucl elfkickers
# bookworm's does not know LSX, which Debian's C library of loong64 uses.
fetch --alone "$build/debian/qemu" trixie,forky amd64 qemu-user
# bookworm has none that knows LoongArch, and one that ends by a signal when it reads musl for riscv64.
fetch "$build/debian/binutils-loongarch64" trixie,forky amd64 binutils-loongarch64-linux-gnu
fetch "$build/debian/binutils-riscv64" trixie,forky amd64 binutils-riscv64-linux-gnu
# bookworm's is too old for --packages.
fetch "$build/debian/nix" trixie,forky amd64 nix-bin
# A program that opens libraries by name, and those that it opens for X.
fetch "$build/debian/opened" bookworm,trixie amd64 alacritty libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2
# shellcheck disable=SC2086 # one word a package
{
	if [ "$roots" != debian ]; then
		# This machine's own have what is installed here; these are for their libraries and plug-ins.
		fetch "$build/$roots/x86_64" bookworm,trixie amd64 $programs
		# What is bundled, and strace, which watches it.
		fetch "$build/$roots/bundled" bookworm,trixie amd64 bash coreutils curl dash ffmpeg fonts-dejavu-core gcc \
			ghostscript git imagemagick jq libc6-dev librsvg2-bin lua5.4 lua-socket openssl perl php-cli postgresql \
			python3 ripgrep ruby sqlite3 strace tcl tcllib libsqlite3-tcl vim
		# What Electron needs.
		fetch "$build/$roots/electron" bookworm amd64 libasound2 libcups2 libgbm1 libgtk-3-0 libnss3 libxss1
		# A package's script makes that link.
		[ -e "$build/$roots/bundled/usr/bin/sh" ] || ln -s dash "$build/$roots/bundled/usr/bin/sh"
	fi
	fetch "$build/$roots/i386" bookworm,trixie i386 $programs
	fetch "$build/$roots/aarch64" bookworm,trixie arm64 $programs
	fetch "$build/$roots/arm" bookworm,trixie armhf $programs
	fetch "$build/$roots/powerpc64le" bookworm,trixie ppc64el $programs
	fetch "$build/$roots/s390x" bookworm,trixie s390x $programs
	fetch "$build/$roots/riscv64" trixie,forky riscv64 $programs
	# libc6-dev: there is no cross compiler for it in Debian 12, clang takes its headers and libraries from here.
	fetch "$build/$roots/loongarch64" forky,sid loong64 libc6-dev libgcc-15-dev $programs
}
