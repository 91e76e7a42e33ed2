// What the environment says to the command line tool, and the dynamic linkers that it leads to.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the environment says. */
export interface Environment {
  /** $NIX_BINTOOLS: the wrapped binutils of a Nix build, absolute. */
  readonly bintools: string | undefined;
  /** $NIX_STORE, "/nix/store" without it; absolute, no trailing slash. */
  readonly storeDirectory: string;
  /** As `isNixBuild` says. */
  readonly isNixBuild: boolean;
  /** $NO_COLOR is set and not empty. */
  readonly noColour: boolean;
  /** What $FORCE_COLOR says; undefined without it. */
  readonly forcedColour: boolean | undefined;
  /** $TERM */
  readonly terminal: string | undefined;
  /** $NIX_DEBUG, 0 without it. */
  readonly debugLevel: number;
}

/** Replaced by a path when a Nix build bundles the tool; "" or absent elsewhere. */
declare const WRAP_BUDDY_BAKED_INTERPRETER: string | undefined;

/** The dynamic linker that a Nix build has put into the command line, in a list; [] where there is none. */
export function builtInInterpreters(): readonly string[] {
  const baked = typeof WRAP_BUDDY_BAKED_INTERPRETER === "string" ? WRAP_BUDDY_BAKED_INTERPRETER : "";
  return baked === "" ? [] : [baked];
}

/**
 * The dynamic linkers of the stdenv's binutils, best first. Source: nixpkgs, pkgs/build-support/bintools-wrapper: nix-support/dynamic-linker, and dynamic-linker-m32 where the C
 * library is built for both classes.
 */
export function recordedInterpreters(environment: Environment): readonly string[] {
  const recorded = ["dynamic-linker", "dynamic-linker-m32"].map((name) => recordedInterpreter(environment, name));
  return recorded.filter((path) => path !== "");
}

function recordedInterpreter({ bintools }: Environment, name: string): string {
  if (bintools === undefined) return "";
  try {
    return readFileSync(join(bintools, "nix-support", name), "utf8").trim();
  } catch {
    return "";
  }
}
