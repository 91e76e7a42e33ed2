# The blobs of one kind, for every architecture: what nix/stub.nix and nix/loader.nix have in common.
{
  lib,
  stdenvNoCC,
  buildPackages,
  # "stub" or "loader"
  kind,
  description,
}:
let
  toolchain = import ./toolchain.nix { inherit buildPackages; };
in
stdenvNoCC.mkDerivation {
  pname = "wrap-buddy-${kind}";
  inherit (lib.importJSON ../package.json) version;

  src = builtins.path {
    name = "wrap-buddy-native";
    path = ../native;
  };

  strictDeps = true;
  nativeBuildInputs = toolchain.inputs;
  makeFlags = toolchain.makeFlags ++ [
    "OUT=build"
    "${kind}s"
  ];
  enableParallelBuilding = true;

  installPhase = ''
    runHook preInstall
    for file in build/*/${kind}*.bin; do
      architecture=''${file#build/}
      install -D -m 444 "$file" "$out/''${architecture%/*}/''${file##*/}"
    done
    runHook postInstall
  '';

  # Machine code for other machines: nothing in the fixup phase is meant for it.
  dontFixup = true;

  # A wrapped program holds copies of these files, and must not refer to what made them.
  allowedReferences = [ ];

  meta = {
    inherit description;
    license = lib.licenses.mit;
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
