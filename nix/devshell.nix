# What working on this project takes, beside `npm ci`.
{
  # Not every fork of nixpkgs has it.
  mkShellNoCC ? null,
  buildPackages,
  pkgs,
}:
let
  toolchain = import ./toolchain.nix { inherit buildPackages; };
  available = import ./available.nix;
  # Not every platform has all of them.
  tools = map (name: pkgs.${name} or null) [
    "bubblewrap"
    "gcc"
    "gdb"
    "gnumake"
    "nodejs"
    "patchelf"
    "shellcheck"
    "shfmt"
    "strace"
  ];
in
if mkShellNoCC == null then
  null
else
  mkShellNoCC {
    name = "wrap-buddy";
    packages = toolchain.inputs ++ builtins.filter available tools;
  }
