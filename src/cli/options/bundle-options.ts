// The options of the command that bundles. Those about libraries mean what they mean where wrapping is done.

import type { OptionTable } from "./option-spec.ts";
import { wrapOptions } from "./options.ts";

const group = "What to bundle";

/** The table of the options of `wrap-buddy bundle`. */
export const bundleOptions = {
  paths: {
    kind: "list",
    group,
    placeholder: "PROGRAM…",
    hint: "path",
    description:
      "Executables and scripts, and directories to take whole; of a program in the store its store path is taken whole",
  },
  output: {
    kind: "value",
    group,
    placeholder: "DIR",
    hint: "path",
    description: "Where to make the bundle: a directory, or an archive, that is not there yet",
  },
  format: {
    kind: "choice",
    group,
    choices: ["dir", "tar", "tar.zst"],
    default: "dir",
    description: "What to make: a directory, or an archive with that directory in it",
  },
  libs: wrapOptions.libs,
  defaults: wrapOptions.defaults,
  "ignore-missing": wrapOptions["ignore-missing"],
  interpreter: {
    ...wrapOptions.interpreter,
    description:
      "Dynamic linkers to use, chosen for each file by machine, class and C library; without it: the one that the file names if it is here, else the one built in, else $NIX_LD, else that of $NIX_BINTOOLS, else that of the running node",
  },
  set: {
    kind: "list",
    group: "How",
    placeholder: "NAME=VALUE…",
    hint: "text",
    description:
      "Variables that every program of bin/ gets where they are not set; a path in a value that is in the bundle becomes its place there",
  },
  arg: {
    kind: "list",
    group: "How",
    placeholder: "NAME=WORD…",
    hint: "text",
    description:
      "Arguments that the program NAME of bin/ gets before those that it is given; a path in a word that is in the bundle becomes its place there",
  },
  "trace-run": {
    kind: "value",
    group: "How",
    placeholder: "CMD",
    hint: "text",
    description:
      "Run this by sh under strace, with the bundle's programs first on PATH, and say what they open and start outside of it",
  },
  strict: {
    kind: "flag",
    group: "How",
    description: "Make nothing where the traced run opens or starts something outside",
  },
  "dry-run": wrapOptions["dry-run"],
  quiet: wrapOptions.quiet,
  verbose: {
    ...wrapOptions.verbose,
    description: "Also print every file and the absolute paths in them; twice: those in documentation too",
  },
  json: wrapOptions.json,
  "json-schema": wrapOptions["json-schema"],
  help: wrapOptions.help,
} as const satisfies OptionTable;
