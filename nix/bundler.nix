# For `nix bundle`: from a package to a directory, or an archive, with its programs and all that they load, which starts
# on any machine. FORMAT is what `wrap-buddy bundle --format` takes.
{
  lib,
  stdenvNoCC,
  wrap-buddy,
  zstd,
}:
format: package:
let
  suffix = lib.optionalString (format != "dir") ".${format}";
  programs = lib.getOutput "bin" package;
in
stdenvNoCC.mkDerivation {
  name = "${package.name or "program"}-bundle${suffix}";

  strictDeps = true;
  nativeBuildInputs = [ wrap-buddy ] ++ lib.optional (format == "tar.zst") zstd;

  # What is in the bundle is as it has to be, and starts elsewhere: nothing of it is to be fixed for the store.
  buildCommand = ''
    programs=(${programs}/bin/*)
    if test ! -e "''${programs[0]}"; then
      echo "${programs} has no programs: it has no bin" >&2
      exit 1
    fi
    wrap-buddy bundle "''${programs[@]}" --output bundle${suffix} --format ${format}
    mv bundle${suffix} $out
  '';
}
