# shellcheck shell=bash
# shellcheck disable=SC2154 # setup.sh has it
# Rewrites every executable, at the time and under the names of nixpkgs' hook, and no more of it.

autoPatchelfLibs=()

gatherLibraries() {
	autoPatchelfLibs+=("$1/lib")
}

addEnvHooks "$targetOffset" gatherLibraries

autoPatchelf() {
	local interpreter file IFS=:
	interpreter=$(<"$NIX_BINTOOLS/nix-support/dynamic-linker")
	while IFS= read -r -d '' file; do
		patchelf --set-interpreter "$interpreter" --set-rpath "${interpreter%/*}:${autoPatchelfLibs[*]}" "$file"
	done < <(find "$@" -type f -perm -0100 -print0)
}

autoPatchelfPostFixup() {
	if [[ -z ${dontAutoPatchelf-} ]]; then
		autoPatchelf "$out"
	fi
}

postFixupHooks+=(autoPatchelfPostFixup)
