# What `nix flake check` builds, beside the packages themselves.
{
  lib,
  pkgs,
  wrapBuddy,
  wrap-buddy,
}:
let
  inherit (pkgs) stdenv;
in
{
  # A program as others ship it, with the interpreter of other distributions, wrapped and started. A build has no /lib64.
  hello = stdenv.mkDerivation {
    name = "wrap-buddy-check-hello";
    dontUnpack = true;
    nativeBuildInputs = [ wrapBuddy ];
    buildPhase = ''
      runHook preBuild
      printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' >hello.c
      $CC -O2 hello.c -o hello -Wl,--dynamic-linker=/lib64/not-on-nixos.so
      if ./hello; then
        echo "the program starts before it is wrapped" >&2
        exit 1
      fi
      runHook postBuild
    '';
    installPhase = ''
      runHook preInstall
      install -D hello $out/bin/hello
      runHook postInstall
    '';
    doInstallCheck = stdenv.buildPlatform.canExecute stdenv.hostPlatform;
    installCheckPhase = ''
      runHook preInstallCheck
      test "$($out/bin/hello)" = hello
      runHook postInstallCheck
    '';
    disallowedReferences = [
      wrap-buddy
      pkgs.nodejs
    ];
  };
}
