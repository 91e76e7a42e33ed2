# A file that holds the path of a dynamic linker: what `pattern`, a compiler's bintools.dynamicLinker, stands for. On
# several platforms that is a shell pattern, and only a build can look at what it matches.
# Source: nixpkgs, pkgs/build-support/bintools-wrapper.
{ stdenvNoCC, pattern }:
stdenvNoCC.mkDerivation {
  name = "wrap-buddy-interpreter";
  strictDeps = true;
  __structuredAttrs = true;
  inherit pattern;
  buildCommand = ''
    # As the wrapper of binutils does: of several, the first.
    matches=($pattern)
    interpreter=''${matches[0]-}
    if [[ ! -e $interpreter ]]; then
      echo "no dynamic linker: $pattern matches nothing" >&2
      exit 1
    fi
    echo "$interpreter" >"$out"
  '';
}
