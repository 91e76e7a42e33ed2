# shellcheck shell=bash
# shellcheck disable=SC2154 # setup.sh has it
# Strips debugging information, with the attributes that nixpkgs' manual lists for it: dontStrip, stripDebugList,
# stripExclude.

fixupOutputHooks+=(stripOutput)

stripOutput() {
	if [[ -n ${dontStrip-} || -z ${STRIP-} ]]; then
		return 0
	fi
	local directory pattern excluded=() directories=()
	if [[ -n ${stripExclude-} ]]; then
		for pattern in "${stripExclude[@]}"; do
			excluded+=('!' '(' -name "$pattern" -o -wholename "$prefix/$pattern" ')')
		done
	fi
	for directory in ${stripDebugList:-lib lib32 lib64 libexec bin sbin}; do
		if [[ -d $prefix/$directory ]]; then
			directories+=("$prefix/$directory")
		fi
	done
	if ((${#directories[@]} > 0)); then
		echo "stripping (with command $STRIP and flags -S -p) in ${directories[*]}"
		find "${directories[@]}" -type f "${excluded[@]}" -print0 | xargs -r -0 -n1 "$STRIP" -S -p 2>/dev/null || true
	fi
}
