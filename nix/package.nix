# The command line tool, with the code of the setup hook beside it: one bundle of JavaScript and the blobs.
{
  lib,
  stdenv,
  stdenvNoCC,
  callPackage,
  buildPackages,
  nodejs,
  stub ? callPackage ./stub.nix { },
  loader ? callPackage ./loader.nix { },
}:
let
  inherit (lib.importJSON ../package.json) version description;

  # Only what the bundle is made of, so that a change of a test or of this file builds nothing anew.
  sources = [
    "src"
    "package.json"
    "tsconfig.json"
  ];
  root = toString ../.;
  isSource =
    path: _type:
    let
      below = lib.removePrefix "${root}/" (toString path);
    in
    builtins.elem (builtins.head (lib.splitString "/" below)) sources;

  # What the tool uses where the user names no dynamic linker. Elsewhere than on Linux there is none to name.
  interpreter = callPackage ./interpreter.nix { pattern = stdenv.cc.bintools.dynamicLinker; };
  readInterpreter = lib.optionalString stdenv.hostPlatform.isLinux "$(<${interpreter})";
in
stdenvNoCC.mkDerivation {
  pname = "wrap-buddy";
  inherit version;

  src = builtins.path {
    name = "wrap-buddy-source";
    path = ../.;
    filter = isSource;
  };

  strictDeps = true;
  nativeBuildInputs = [ buildPackages.nodejs ];

  configurePhase = ''
    runHook preConfigure
    ${callPackage ./npm-packages.nix { }}
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    interpreter=${readInterpreter}
    PATH=$PWD/node_modules/.bin:$PATH sh src/bundle.sh "--define:WRAP_BUDDY_BAKED_INTERPRETER=\"$interpreter\""
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/bin $out/lib/wrap-buddy
    cp -r package.json dist $out/lib/wrap-buddy
    cp -r ${stub} $out/lib/wrap-buddy/dist/blobs
    chmod -R u+w $out/lib/wrap-buddy/dist/blobs
    cp -r ${loader}/. $out/lib/wrap-buddy/dist/blobs
    sed -i "1s|^#!.*|#!${nodejs}/bin/node|" $out/lib/wrap-buddy/dist/cli/main.js
    chmod +x $out/lib/wrap-buddy/dist/cli/main.js
    ln -s ../lib/wrap-buddy/dist/cli/main.js $out/bin/wrap-buddy
    runHook postInstall
  '';

  # Everything is as it has to be: no machine code for this machine, no script but the one with its interpreter.
  dontFixup = true;

  doInstallCheck = stdenvNoCC.buildPlatform.canExecute stdenvNoCC.hostPlatform;
  installCheckPhase = ''
    runHook preInstallCheck
    test "$($out/bin/wrap-buddy --version)" = ${version}
    runHook postInstallCheck
  '';

  passthru = { inherit stub loader; };

  meta = {
    inherit description;
    license = lib.licenses.mit;
    mainProgram = "wrap-buddy";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
