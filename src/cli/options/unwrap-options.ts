// The options of the command that unwraps. They mean what they mean where wrapping is done.

import type { OptionTable } from "./option-spec.ts";
import { wrapOptions } from "./options.ts";

const { recurse, exclude, quiet, json } = wrapOptions;

/** The table of the options of `wrap-buddy unwrap`. */
export const unwrapOptions = {
  paths: {
    kind: "list",
    group: "What to unwrap",
    placeholder: "PATH…",
    hint: "path",
    description: "Wrapped executables, and directories to look for them in; words that follow no option mean the same",
  },
  recurse: { ...recurse, group: "What to unwrap" },
  exclude: { ...exclude, group: "What to unwrap" },
  "dry-run": { ...wrapOptions["dry-run"], group: "What to unwrap" },
  "gc-roots": {
    kind: "value",
    group: "What to unwrap",
    placeholder: "DIR",
    hint: "directory",
    description: "Where the garbage collector's roots are, if wrapping was told",
  },
  quiet,
  verbose: {
    ...wrapOptions.verbose,
    description: "Also print the sidecars that go, and the executables that are not wrapped",
  },
  json,
  "json-schema": wrapOptions["json-schema"],
  help: wrapOptions.help,
} as const satisfies OptionTable;
