# The command line tool, with the code of the setup hook beside it: one bundle of JavaScript and the blobs.
{
  lib,
  stdenv,
  stdenvNoCC,
  callPackage,
  nodejs,
  # The one without npm, where there is one.
  nodejs-slim ? nodejs,
  nix-update-script ? null,
  source ? callPackage ./source.nix { },
  stub ? callPackage ./stub.nix { inherit source; },
  loader ? callPackage ./loader.nix { inherit source; },
  launcher ? callPackage ./launcher.nix { inherit source; },
}:
let
  # What is cross-compiled for a machine that cannot be asked here has no man page, no completions and no code caches.
  canRun = stdenvNoCC.buildPlatform.canExecute stdenvNoCC.hostPlatform;
  # What the tool uses where the user names no dynamic linker. Elsewhere than on Linux there is none to name.
  interpreter = callPackage ./interpreter.nix { pattern = stdenv.cc.bintools.dynamicLinker; };
  readInterpreter = lib.optionalString stdenv.hostPlatform.isLinux "$(<${interpreter})";
in
stdenvNoCC.mkDerivation (finalAttrs: {
  pname = "wrap-buddy";
  inherit (source) version;

  src = source.tool;

  strictDeps = true;
  __structuredAttrs = true;

  configurePhase = ''
    runHook preConfigure
    ${callPackage ./npm-packages.nix { inherit (source) lock; }}
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
    chmod -R u+w $out/lib/wrap-buddy/dist/blobs
    cp -r ${launcher}/. $out/lib/wrap-buddy/dist/blobs
    sed -i "1s|^#!.*|#!${nodejs-slim}/bin/node|" $out/lib/wrap-buddy/dist/cli/main.js
    chmod +x $out/lib/wrap-buddy/dist/cli/main.js
    ln -s ../lib/wrap-buddy/dist/cli/main.js $out/bin/wrap-buddy
  ''
  + lib.optionalString canRun ''
    ${nodejs-slim}/bin/node build/bundle/record-code-caches.cjs $out/lib/wrap-buddy/dist
    ask() {
      mkdir -p "$out/share/''${2%/*}"
      $out/bin/wrap-buddy $1 >"$out/share/$2"
    }
    ask --man-page man/man1/wrap-buddy.1
    ask --completion=bash bash-completion/completions/wrap-buddy
    ask --completion=fish fish/vendor_completions.d/wrap-buddy.fish
    ask --completion=zsh zsh/site-functions/_wrap-buddy
  ''
  + ''
    runHook postInstall
  '';

  # Everything is as it has to be: no machine code for this machine, no script but the one with its interpreter.
  dontFixup = true;

  doInstallCheck = canRun;
  installCheckPhase = ''
    runHook preInstallCheck
    test "$($out/bin/wrap-buddy --version)" = ${source.version}
    runHook postInstallCheck
  '';

  passthru = {
    inherit stub loader launcher;
    # Every one of them runs the tool.
    inherit (callPackage ./hook.nix { wrap-buddy = finalAttrs.finalPackage; }) tests;
  }
  // lib.optionalAttrs (lib.isFunction nix-update-script) { updateScript = nix-update-script { }; };

  meta = import ./meta.nix { inherit lib source; } // {
    inherit (source) description;
    mainProgram = "wrap-buddy";
  };
})
