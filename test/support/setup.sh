#!/bin/sh
# Installs the system packages that building and testing need and that are missing. As root through apt-get; otherwise
# prints the line to run and fails. Quick when nothing is missing.
set -eu

# A package a line, and what wants it.
packages() {
	sed -e 's/#.*//' <<-'END'
		make                     # native/Makefile
		clang-19 lld-19          # stub and loader
		clang-format-19          # npm run check
		clang-tidy-19            # npm run check
		shellcheck shfmt         # npm run check
		mandoc                   # npm run check
		zsh fish                 # what completions offer there
		gcc g++ libc6-dev        # test programs
		binutils mold            # test programs
		bubblewrap               # a root directory that holds only a store
		proot                    # the same without rights, and another way to start programs
		firejail                 # a sandbox that forbids more
		strace ltrace gdb        # what a wrapped program looks like from outside
		valgrind linux-perf      # the same
		patchelf time            # npm run bench
		python3                  # opens plug-ins
		openjdk-17-jdk-headless  # the same
		chrpath elfutils llvm-19 # what other tools do to a wrapped executable
		nix-bin                  # real nix builds
		libcap2-bin acl attr     # file capabilities, access control lists, extended attributes
		e2fsprogs xfsprogs btrfs-progs # file systems whose power is cut
		uidmap                   # a second user, where the tests are not run by root
		gcc-aarch64-linux-gnu    # test programs of aarch64
		libc6-dev-arm64-cross    # their C library
		gcc-i686-linux-gnu       # test programs of i386
		libc6-dev-i386-cross     # their C library
		gcc-arm-linux-gnueabihf  # test programs of arm
		libc6-dev-armhf-cross    # their C library
		gcc-riscv64-linux-gnu    # test programs of riscv64
		libc6-dev-riscv64-cross  # their C library
		gcc-powerpc64le-linux-gnu # test programs of powerpc64le
		libc6-dev-ppc64el-cross  # their C library
		gcc-s390x-linux-gnu      # test programs of s390x
		libc6-dev-s390x-cross    # their C library
		qemu-user-static         # starts them; static, for a root without libraries
		musl musl-tools          # the other C library
		busybox-static           # the shell of a root with that
		git jq openssl sqlite3 perl curl zstd # programs that are bundled
		gpg gpg-agent libgdk-pixbuf2.0-bin shared-mime-info # the same
		libarchive-tools         # another tar, which unpacks bundles
		libclang-rt-19-dev       # the loader's pure parts under libFuzzer
	END
}

# One question for all of them: a process for each would take longer than the rest of a quick run.
missing() {
	# shellcheck disable=SC2016,SC2046 # dpkg-query's own variables; one word a package
	installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $(packages) 2>/dev/null | sed -n 's/ installed$//p')
	packages | xargs -n 1 | grep -vxF -e "$installed" | xargs
}

if ! command -v dpkg-query >/dev/null; then
	echo "wrap-buddy's tests need a Debian system with these packages:" >&2
	packages >&2
	exit 1
fi

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "system packages are missing; run:" >&2
	echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $wanted" >&2
	exit 1
fi

echo "installing: $wanted"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # one word a package
apt-get install -q -y --no-install-recommends $wanted
