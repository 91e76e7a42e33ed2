// The packages of --packages, built or fetched by the machine's own Nix.

export type BuiltPackages =
  | { readonly kind: "built"; readonly directories: readonly string[] }
  | { readonly kind: "not-built"; readonly reason: string };

/**
 * The store paths of nixpkgs' packages, every output of each: the libraries may be in any. Nix shows its progress and
 * its errors itself, on standard error. A word with "#" is an installable of another flake.
 * Source: Nix manual, nix build; "Installables"; release notes of 2.9 for --print-out-paths and ^.
 */
export async function buildPackages(
  packages: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<BuiltPackages> {
  const installables = packages.map((name) => `${name.includes("#") ? name : `nixpkgs#${name}`}^*`);
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const words = ["build", "--no-link", "--print-out-paths", ...features, ...installables];
  const { runNix } = await import("../nix-program.ts");
  const ran = await runNix("nix", words, variables, "inherit");
  if (ran.kind === "done") return { kind: "built", directories: ran.stdout.split("\n").filter((path) => path !== "") };
  return { kind: "not-built", reason: ran.reason };
}
