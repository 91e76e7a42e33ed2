# The package set: { system, crossSystem ? system, overlays ? [ ], config ? { }, machine }: packages. `machine` says where this
# machine has its tools (test/nix/machine.ts writes it).
{
  system,
  crossSystem ? system,
  overlays ? [ ],
  # strictDepsByDefault, structuredAttrsByDefault: what a derivation has that says nothing of them.
  config ? { },
  machine,
}@arguments:
let
  lib = import ./lib.nix;
  platform = import ./platform.nix;

  # One set of packages: built on `build`, running on `host`, and, where that matters to them, making code for `target`.
  # `neighbours` are the sets before and after it; without them it is both to itself.
  makeStage =
    {
      build,
      host,
      target,
      neighbours,
    }:
    lib.fix (
      self:
      let
        base = {
          inherit lib;
          pkgs = self;
          buildPackages = if neighbours == null then self else neighbours.buildPackages;
          targetPackages = if neighbours == null then self else neighbours.targetPackages;
          callPackage = lib.callPackageWith (if neighbours == null then self else spliced);
          pkgsCross = {
            aarch64-multiplatform = import ./. (arguments // { crossSystem = "aarch64-linux"; });
            riscv64 = import ./. (arguments // { crossSystem = "riscv64-linux"; });
          };
          # Built by this machine's programs here; in nixpkgs by i686 ones. What it holds is the same.
          pkgsi686Linux = import ./. (arguments // { crossSystem = "i686-linux"; });
          strictByDefault = import ./. (
            arguments
            // {
              config = {
                strictDepsByDefault = true;
                structuredAttrsByDefault = true;
              };
            }
          );
          extend = overlay: import ./. (arguments // { overlays = overlays ++ [ overlay ]; });
          platforms = {
            buildPlatform = platform build;
            hostPlatform = platform host;
            targetPlatform = platform target;
          };
          inherit machine config;
        };
        # Which package a name means depends on the list that it is put into: mkDerivation chooses.
        spliced = builtins.mapAttrs (
          name: package:
          if (builtins.tryEval (package.type or null == "derivation")).value then
            package // { __buildHost = neighbours.buildPackages.${name}; }
          else
            package
        ) self;
      in
      builtins.foldl' (previous: overlay: previous // overlay self previous) base (
        [ (import ./packages.nix) ] ++ overlays
      )
    );

  native = makeStage {
    build = system;
    host = system;
    target = system;
    neighbours = null;
  };
  forBuild = makeStage {
    build = system;
    host = system;
    target = crossSystem;
    neighbours = {
      buildPackages = native;
      targetPackages = forHost;
    };
  };
  forHost = makeStage {
    build = system;
    host = crossSystem;
    target = crossSystem;
    neighbours = {
      buildPackages = forBuild;
      targetPackages = { };
    };
  };
in
if crossSystem == system then native else forHost
