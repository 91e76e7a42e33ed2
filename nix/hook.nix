# The setup hook: `nativeBuildInputs = [ wrapBuddy ];`. It runs on the build platform and wraps for the platform that
# comes after its own, which in nativeBuildInputs is the one that the package will run on.
{
  lib,
  stdenv,
  makeSetupHook,
  callPackage,
  targetPackages,
  pkgsCross,
  nodejs,
  # The one without npm, where there is one.
  nodejs-slim ? nodejs,
  source ? callPackage ./source.nix { },
  wrap-buddy ? callPackage ./package.nix { inherit source; },
}:
let
  # The last of a chain of package sets has none after it; what it builds, it builds for itself.
  targetStdenv = targetPackages.stdenv or stdenv;
  isActive = stdenv.targetPlatform.isLinux;

  # The libraries that come with a compiler, and that nobody thinks of listing: libgcc_s and libstdc++. The smaller output
  # first, so that a program that uses only that refers only to that.
  compiler = targetStdenv.cc;
  interpreterFile = callPackage ./interpreter.nix { pattern = compiler.bintools.dynamicLinker; };
  gcc = if compiler.isGNU or false then compiler.cc else targetPackages.gcc.cc or null;
  compilerLibraries = lib.optionals (gcc != null) (
    map (output: "${output}/lib") (lib.optional (gcc ? libgcc) gcc.libgcc ++ [ (lib.getLib gcc) ])
  );

  hook = makeSetupHook {
    name = "wrap-buddy-hook";

    # Where executables are not ELF files the hook does nothing, and needs nothing.
    substitutions = {
      node = lib.optionalString isActive "${nodejs-slim}/bin/node";
      program = lib.optionalString isActive "${wrap-buddy}/lib/wrap-buddy/dist/hook/main.js";
      interpreterFile = lib.optionalString isActive "${interpreterFile}";
      compilerLibraries = lib.optionalString isActive (lib.concatStringsSep ":" compilerLibraries);
    };

    passthru = {
      inherit wrap-buddy;
      # The name that the hook of the other wrap-buddy has for it.
      wrapBuddy = wrap-buddy;
      tests = import ./checks.nix {
        inherit lib stdenv pkgsCross;
        wrapBuddy = hook;
      };
    };

    meta = import ./meta.nix { inherit lib source; } // {
      description = "Setup hook that makes pre-built executables run on NixOS without rewriting them";
    };
  } source.hook;
in
hook
