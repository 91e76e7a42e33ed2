// The variables of the environment that the command line tool knows, checked. zod/mini, as in src/linker/load/dlopen-note.ts;
// apart from what each command uses, so that the schema is made once a start.

import { isAbsolute, resolve } from "node:path";
import * as z from "zod/mini";
import { forcedColour } from "../../report/colour.ts";
import type { UsageIssue } from "../options/usage-message.ts";
import type { Environment } from "./environment.ts";
import { isNixBuild } from "./nix-build.ts";

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
      isNixBuild: isNixBuild(variables),
      noColour: NO_COLOR !== undefined,
      forcedColour: forcedColour(FORCE_COLOR),
      terminal: TERM,
      debugLevel: Number(NIX_DEBUG ?? 0),
    },
  };
}
