// The options of the command that verifies. They mean what they mean where wrapping is done.

import type { OptionTable } from "./option-spec.ts";
import { wrapOptions } from "./options.ts";

const { recurse, exclude, quiet, json, help } = wrapOptions;
const group = "What to verify";

/** The table of the options of `wrap-buddy verify`. */
export const verifyOptions = {
  paths: {
    kind: "list",
    group,
    placeholder: "PATH…",
    hint: "path",
    description: "Wrapped executables, and directories to look for them in; words that follow no option mean the same",
  },
  recurse: { ...recurse, group },
  exclude: { ...exclude, group },
  "ignore-missing": { ...wrapOptions["ignore-missing"], group },
  "gc-roots": {
    kind: "value",
    group,
    placeholder: "DIR",
    hint: "directory",
    description: "Where the garbage collector's roots are, if wrapping was told",
  },
  quiet,
  verbose: { ...wrapOptions.verbose, description: "Also print executables that are not wrapped, and notes" },
  json,
  "json-schema": wrapOptions["json-schema"],
  help,
} as const satisfies OptionTable;
