// What to type to have packages of nixpkgs at hand.

/**
 * What a shell replaces by the packages' store paths, whichever output the libraries are in: of a package that is
 * given, its lib is searched. Source: Nix manual, nix build, --print-out-paths, and "Derivation output selection".
 */
export function nixBuild(attributes: readonly string[]): string {
  const packages = attributes.map((attribute) => `'nixpkgs#${attribute}^*'`);
  return `$(nix build --no-link --print-out-paths ${packages.join(" ")})`;
}
