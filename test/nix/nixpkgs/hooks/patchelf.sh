# shellcheck shell=bash
# shellcheck disable=SC2154 # setup.sh has it
# Drops from run paths what resolves nothing, as nixpkgs does before strip.

fixupOutputHooks+=(shrinkRunPaths)

shrinkRunPaths() {
	if [[ -n ${dontPatchELF-} || ! -e $prefix ]]; then
		return 0
	fi
	local file
	while IFS= read -r -d '' file; do
		patchelf --shrink-rpath "$file" 2>/dev/null || true
	done < <(find "$prefix" -type f \( -perm -0100 -o -name '*.so*' \) -print0)
}
