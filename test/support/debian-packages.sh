#!/bin/sh
# Unpacks Debian packages of an architecture, and all that they depend on, below a directory. This machine's packages and
# its list of architectures stay as they are. Quick when it has been done before.
#
#     debian-packages.sh DIRECTORY SUITE ARCHITECTURE PACKAGE...
#     debian-packages.sh --alone DIRECTORY SUITE ARCHITECTURE PACKAGE...    without what they depend on
set -eu

alone=
if [ "$1" = --alone ]; then
	alone=1
	shift
fi
mkdir -p "$1"
directory=$(cd "$1" && pwd) suite=$2 architecture=$3
shift 3
stamp=$directory/.packages
[ "$(cat "$stamp" 2>/dev/null)" != "$suite $architecture $*" ] || exit 0

# The mirror that this machine uses.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's/^[^#]*[ 	]\([a-z+]*:[^ ]*\/debian\)\/\{0,1\}\([ 	].*\)\{0,1\}$/\1/p' | head -n 1)
if [ -z "$mirror" ]; then
	echo "no Debian mirror in /etc/apt: $* of $architecture cannot be had" >&2
	exit 1
fi

apt=$directory/.apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
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
END
export APT_CONFIG="$apt/apt.conf"
echo "fetching for $architecture: $*"
apt-get update -qq
if [ -n "$alone" ]; then
	(cd "$apt/archives" && apt-get download -qq "$@")
else
	apt-get install -qq --download-only --no-install-recommends -y "$@" >/dev/null
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
echo "$suite $architecture $*" >"$stamp"
