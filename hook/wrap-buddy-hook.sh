# shellcheck shell=bash
#
# The setup hook: gathers what the build knows and hands it to src/hook, where everything is decided.
# nix/hook.nix replaces the words between two at signs. Reference for users: README.md, "Use in Nix".

# Listed twice, or reached at two offsets, a hook is sourced twice. It must not run twice.
if [[ -n ${wrapBuddyIsLoaded-} ]]; then
	return 0
fi
wrapBuddyIsLoaded=1

# The variables that are handed over, as the shell has them when the hook runs: a phase may have changed them.
# src/hook/attributes.ts says what each means; a test compares the two lists.
wrapBuddyVariables=(
	runtimeDependencies appendRunpaths
	wrapBuddyExtraNeeded wrapBuddyIgnoreMissing wrapBuddyStrict wrapBuddyExclude wrapBuddyInterpreters wrapBuddyPin wrapBuddyFlags
	wrapBuddyForm wrapBuddyLibraries wrapBuddyRelocatable
	autoPatchelfIgnoreMissingDeps autoPatchelfFlags
	NIX_DEBUG
)

# Packages of the build, each once or more, in the order in which stdenv met them.
wrapBuddyPackages=()

# What addWrapBuddySearchPath was called with: working directory, number of arguments, arguments; and again.
wrapBuddySearchPathCalls=()

# wrapBuddyGatherPackage STORE_PATH
# Called by stdenv for every package that the build can see; plain files are among them.
wrapBuddyGatherPackage() {
	wrapBuddyPackages+=("$1")
}

# wrapBuddyRecord NAME KIND [VALUE…]
# Writes one record to standard output: its name, its kind (string, list or map), how many values follow, the values.
# Each ends in a NUL, which no value can hold.
wrapBuddyRecord() {
	local name=$1 kind=$2
	shift 2
	printf '%s\0' "$name" "$kind" "$#" "$@"
}

# wrapBuddyRecordVariable NAME
# Writes the record of a shell variable; none if it is unset.
wrapBuddyRecordVariable() {
	local declaration
	# "declare -ax NAME=…": the letters of the second word are its attributes.
	declaration=$(declare -p "$1" 2>/dev/null) || return 0
	declaration=${declaration#declare -}
	local -n value=$1
	case ${declaration%% *} in
	*a*) wrapBuddyRecord "$1" list "${value[@]}" ;;
	*A*) wrapBuddyRecord "$1" map "${!value[@]}" ;;
	*) wrapBuddyRecord "$1" string "${value-}" ;;
	esac
}

# wrapBuddyHandOver [ARGUMENT…]
# Writes all records to standard output. The arguments are those of wrapBuddy.
wrapBuddyHandOver() {
	local name
	for name in "${wrapBuddyVariables[@]}"; do
		wrapBuddyRecordVariable "$name"
		wrapBuddyRecord "declared:$name" string "${wrapBuddyDeclared[$name]-}"
	done
	local namesAndPaths=()
	for name in $(getAllOutputNames); do
		namesAndPaths+=("$name" "${!name}")
	done
	wrapBuddyRecord outputs list "${namesAndPaths[@]}"
	wrapBuddyRecord packages list "${wrapBuddyPackages[@]}"
	# shellcheck disable=SC2154 # stdenv has them
	wrapBuddyRecord hostPackages list "${pkgsHostHost[@]}" "${pkgsHostTarget[@]}"
	wrapBuddyRecord searchPathCalls list "${wrapBuddySearchPathCalls[@]}"
	wrapBuddyRecord interpreter string "$wrapBuddyInterpreter"
	wrapBuddyRecord compiler string "${NIX_CC-}"
	wrapBuddyRecord compilerLibraries string "$wrapBuddyCompilerLibraries"
	wrapBuddyRecord arguments list "$@"
}

# wrapBuddyRun COMMAND [ARGUMENT…]
# Runs src/hook/main.ts. What a build sets for the programs that it runs itself is not meant for this one.
wrapBuddyRun() {
	local command=$1
	shift
	wrapBuddyHandOver "$@" |
		NODE_OPTIONS='' NODE_PATH='' LD_PRELOAD='' LD_LIBRARY_PATH='' "$wrapBuddyNode" "$wrapBuddyProgram" "$command"
}

# wrapBuddyIsOff
# True when the package wants to call wrapBuddy by itself, or not at all. dontAutoPatchelf means the same in a package
# that came here from autoPatchelfHook; where that hook is in use too, it is the one that is meant.
wrapBuddyIsOff() {
	[[ -n ${dontWrapBuddy-} ]] || { [[ -n ${dontAutoPatchelf-} ]] && ! declare -F autoPatchelfPostFixup >/dev/null; }
}

# wrapBuddyPreFixup
# Strip would lose what single-file programs (bun, deno, pkg …) carry outside their sections: keeps it off such files.
# And sees to it that nothing comes after wrapBuddyPostFixup.
wrapBuddyPreFixup() {
	if wrapBuddyIsOff; then
		return 0
	fi
	# Whatever else changes programs at the end, autoPatchelfHook above all, is to be done before they are wrapped.
	local hook others=()
	for hook in "${postFixupHooks[@]}"; do
		[[ $hook == wrapBuddyPostFixup ]] || others+=("$hook")
	done
	postFixupHooks=("${others[@]}" wrapBuddyPostFixup)

	if [[ -n ${dontStrip-} || -z ${STRIP-} ]]; then
		return 0
	fi
	local list patterns=()
	list=$(mktemp)
	wrapBuddyRun list-unstrippable >"$list" || return
	mapfile -d '' -t patterns <"$list"
	rm -f "$list"
	if ((${#patterns[@]} > 0)); then
		stripExclude=("${stripExclude[@]}" "${patterns[@]}")
	fi
}

# wrapBuddyPostFixup
# Wraps every output; after strip, after patchelf's shrinking of run paths, and after a package's own postFixup.
wrapBuddyPostFixup() {
	if wrapBuddyIsOff; then
		return 0
	fi
	wrapBuddyRun wrap-outputs
}

# wrapBuddy [--no-recurse] [--] PATH…
# Wraps the executables PATH, and those in the directories PATH.
wrapBuddy() {
	wrapBuddyRun wrap "$@"
}

# addWrapBuddySearchPath [--no-recurse] [--] DIR…
# Libraries are also looked for in every directory under DIR that holds a *.so or *.so.* file; with --no-recurse in DIR
# itself only. Searched after the packages of the build, in the order of the calls.
addWrapBuddySearchPath() {
	wrapBuddySearchPathCalls+=("$PWD" "$#" "$@")
}

wrapBuddyNode='@node@'
wrapBuddyProgram='@program@'
wrapBuddyInterpreterFile='@interpreterFile@'
wrapBuddyInterpreter=
wrapBuddyCompilerLibraries='@compilerLibraries@'

if [[ -z $wrapBuddyNode ]]; then
	# A platform without ELF files (nix/hook.nix): packages need no condition of their own.
	wrapBuddy() { :; }
	addWrapBuddySearchPath() { :; }
else
	wrapBuddyInterpreter=$(<"$wrapBuddyInterpreterFile")
	# The packages whose libraries the package's own programs can load stand at offset 0, wherever the hook stands.
	addEnvHooks 0 wrapBuddyGatherPackage
	preFixupHooks+=(wrapBuddyPreFixup)
	postFixupHooks+=(wrapBuddyPostFixup)
fi

# The names that packages for autoPatchelfHook call.
if ! declare -F autoPatchelf >/dev/null; then
	autoPatchelf() { wrapBuddy "$@"; }
	addAutoPatchelfSearchPath() { addWrapBuddySearchPath "$@"; }
fi

# The strings that the attributes were at the start. A list in a plain derivation is one string, in which spaces
# separate; where a phase has made it an array (wrapBuddyFlags+=(…)), its first element is still that string.
declare -gA wrapBuddyDeclared=()
for wrapBuddyName in "${wrapBuddyVariables[@]}"; do
	wrapBuddyDeclared[$wrapBuddyName]=${!wrapBuddyName-}
done
unset wrapBuddyName
