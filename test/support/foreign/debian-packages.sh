#!/bin/sh
# Unpacks Debian packages of an architecture, and all that they depend on, below a directory. This machine's packages and
# its list of architectures stay as they are. Quick when it has been done before.
#
#     debian-packages.sh DIRECTORY SUITES ARCHITECTURE PACKAGE...
#     debian-packages.sh --alone DIRECTORY SUITES ARCHITECTURE PACKAGE...   without what they depend on
#
# Of SUITES, which commas separate, the first counts that the mirror has whole: while a mirror is being updated, a suite's
# list of packages may not be the one that the suite names.
set -eu

alone=
if [ "$1" = --alone ]; then
	alone=1
	shift
fi
directory=$1 suites=$2 architecture=$3
shift 3
[ "$(cat "$directory/.packages" 2>/dev/null)" != "$suites $architecture $*" ] || exit 0
rm -rf "$directory"
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)

# The mirror that this machine uses.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's/^[^#]*[ 	]\([a-z+]*:[^ ]*\/debian\)\/\{0,1\}\([ 	].*\)\{0,1\}$/\1/p' | head -n 1)
if [ -z "$mirror" ]; then
	echo "no Debian mirror in /etc/apt: $* of $architecture cannot be had" >&2
	exit 1
fi

apt=$directory/.apt
export APT_CONFIG="$apt/apt.conf"

download() {
	suite=$1
	shift
	rm -rf "$apt"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	: >"$apt/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
	cat >"$APT_CONFIG" <<-END
		Dir::State "$apt";
		Dir::State::status "$apt/status";
		Dir::State::lists "$apt/lists";
		Dir::Cache "$apt";
		Dir::Cache::archives "$apt/archives";
		Dir::Etc::SourceList "$apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		APT::Architecture "$architecture";
		APT::Architectures { "$architecture"; };
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "3";
	END
	echo "fetching for $architecture from $suite: $*"
	apt-get update -qq || return
	if [ -n "$alone" ]; then
		(cd "$apt/archives" && apt-get download -qq "$@")
	else
		apt-get install -qq --download-only --no-install-recommends -y "$@" >/dev/null
	fi
}

is_there=
for suite in $(echo "$suites" | tr , ' '); do
	if download "$suite" "$@"; then
		is_there=1
		break
	fi
done
if [ -z "$is_there" ]; then
	echo "$mirror has $* of $architecture in none of the suites $suites: try again later" >&2
	exit 1
fi

# Newer packages have no /lib: they rely on these links, older ones can be unpacked through them.
for name in bin sbin lib lib32 lib64; do
	[ -e "$directory/$name" ] || [ -L "$directory/$name" ] || ln -s "usr/$name" "$directory/$name"
	mkdir -p "$directory/usr/$name"
done
for package in "$apt"/archives/*.deb; do
	dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --no-same-owner --directory "$directory"
done
# What they mean below this directory.
find "$directory" -type l -lname '/*' | while IFS= read -r link; do
	target=$(readlink "$link")
	ln -sfn "$(realpath -ms --relative-to="$(dirname "$link")" "$directory$target")" "$link"
done
rm -rf "$apt"
echo "$suites $architecture $*" >"$directory/.packages"
