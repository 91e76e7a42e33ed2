# shellcheck shell=bash
# The builder of every derivation. With __structuredAttrs the attributes are in a file instead of the environment.
if [ -e .attrs.sh ]; then
	# shellcheck source=/dev/null
	source .attrs.sh
fi
# shellcheck source=/dev/null disable=SC2154
source "$stdenv/setup"
genericBuild
