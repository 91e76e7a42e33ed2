# shellcheck shell=bash

# wrapProgram FILE --set NAME VALUE
# Renames FILE to .FILE-wrapped and puts a script in its place.
wrapProgram() {
	local hidden
	hidden=$(dirname "$1")/.$(basename "$1")-wrapped
	mv "$1" "$hidden"
	# shellcheck disable=SC2016 # for the script
	printf '#!%s\nexport %s=%q\nexec -a "$0" %q "$@"\n' "$(type -P bash)" "$3" "$4" "$hidden" >"$1"
	chmod +x "$1"
}
