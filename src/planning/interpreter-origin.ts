// Why a dynamic linker was chosen. A type only.

/**
 * "given": the request names it. "built-in": a Nix build has put it into this program or the setup hook. "nix-ld": $NIX_LD
 * names it. "bintools": $NIX_BINTOOLS has recorded it. "node": the running node was linked with it. "own": the file names
 * it, and it is there.
 */
export type InterpreterOrigin = "given" | "built-in" | "nix-ld" | "bintools" | "node" | "own";
