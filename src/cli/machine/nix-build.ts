// Whether a Nix build runs the command line.

/**
 * True in a Nix build. Development shells, `nix develop` and `nix-shell`, set $NIX_BUILD_TOP too, but build nothing and
 * are used by people on a machine.
 * Source: Nix, src/nix/develop.cc (makeRcScript), src/nix/get-env.sh and src/nix-build/nix-build.cc.
 */
export function isNixBuild(variables: Readonly<Record<string, string | undefined>>): boolean {
  return (variables["NIX_BUILD_TOP"] ?? "") !== "" && (variables["IN_NIX_SHELL"] ?? "") === "";
}
