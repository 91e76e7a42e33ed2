// The variables of the environment that the command line tool knows, checked. zod/mini, as in src/linker/load/dlopen-note.ts.

import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import * as z from "zod/mini";
import type { UsageIssue } from "../options/usage-message.ts";

/** What the environment says. */
export interface Environment {
  /** $NIX_BINTOOLS: the wrapped binutils of a Nix build, absolute. */
  readonly bintools: string | undefined;
  /** $NIX_STORE, "/nix/store" without it; absolute, no trailing slash. */
  readonly storeDirectory: string;
  /** $NO_COLOR is set and not empty. */
  readonly noColour: boolean;
  /** What $FORCE_COLOR says; undefined without it. */
  readonly forcedColour: boolean | undefined;
  /** $TERM */
  readonly terminal: string | undefined;
  /** $NIX_DEBUG, 0 without it. */
  readonly debugLevel: number;
}

export type CheckedEnvironment =
  | { readonly kind: "environment"; readonly environment: Environment }
  | { readonly kind: "issues"; readonly issues: readonly UsageIssue[] };

// An empty variable is one that is not set: that is how Nix passes null.
const optional = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.transform((value) => (value === "" ? undefined : value)),
    z.optional(schema),
  );
const absolutePath = z.string().check(z.refine(isAbsolute, "an absolute path"));

const schema = z.object({
  NIX_BINTOOLS: optional(absolutePath),
  NIX_STORE: optional(absolutePath),
  NO_COLOR: optional(z.string()),
  FORCE_COLOR: optional(z.string()),
  NIX_DEBUG: optional(z.string().check(z.regex(/^\d+$/, "a number"))),
  TERM: optional(z.string()),
});

/** Checks the variables, all of them. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): CheckedEnvironment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue): UsageIssue => {
      const variable = String(issue.path[0]);
      return { kind: "bad-variable", variable, value: variables[variable] ?? "", expected: issue.message };
    });
    return { kind: "issues", issues };
  }
  const { NIX_BINTOOLS, NIX_STORE, NO_COLOR, FORCE_COLOR, NIX_DEBUG, TERM } = parsed.data;
  return {
    kind: "environment",
    environment: {
      bintools: NIX_BINTOOLS,
      storeDirectory: resolve(NIX_STORE ?? "/nix/store"),
      noColour: NO_COLOR !== undefined,
      forcedColour: forcedColour(FORCE_COLOR),
      terminal: TERM,
      debugLevel: Number(NIX_DEBUG ?? 0),
    },
  };
}

/** What a value of $FORCE_COLOR asks for. */
export function forcedColour(value: string | undefined): boolean | undefined {
  return (value ?? "") === "" ? undefined : value !== "0" && value !== "false";
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
