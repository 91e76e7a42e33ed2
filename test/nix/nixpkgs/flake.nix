# A stand-in for nixpkgs, for machines that reach no binary cache: packages are this machine's tools and libraries, the
# standard environment is setup.sh beside this file. Given to a flake with --override-input nixpkgs path:….
{
  outputs =
    { self }:
    let
      lib = import ./lib.nix;
    in
    {
      inherit lib;
      # powerpc64le-linux is missing on purpose: the real one need not have every system.
      legacyPackages =
        lib.genAttrs
          [
            "x86_64-linux"
            "aarch64-linux"
            "i686-linux"
            "armv7l-linux"
            "riscv64-linux"
            "aarch64-darwin"
          ]
          (
            system:
            import ./. {
              inherit system;
              machine = import ./machine.nix;
            }
          )
        // {
          # There, and no longer supported.
          x86_64-darwin = throw "this package set has dropped x86_64-darwin";
        };
    };
}
