# The blobs of one kind, for every architecture: what nix/stub.nix, nix/loader.nix and nix/launcher.nix have in common.
{
  lib,
  stdenvNoCC,
  buildPackages,
  callPackage,
  source ? callPackage ./source.nix { },
  # "stub", "loader" or "launcher"
  kind,
  description,
}:
let
  toolchain = import ./toolchain.nix { inherit buildPackages; };
in
stdenvNoCC.mkDerivation {
  pname = "wrap-buddy-${kind}";
  inherit (source) version;

  src = source.blobs;

  strictDeps = true;
  __structuredAttrs = true;
  nativeBuildInputs = toolchain.inputs;
  makeFlags = toolchain.makeFlags ++ [
    "OUT=build"
    "${kind}s"
  ];
  enableParallelBuilding = true;
  preBuild = "cd native";

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
  outputChecks.out.allowedReferences = [ ];

  meta = import ./meta.nix { inherit lib source; } // {
    inherit description;
  };
}
