// The options, each declared once.

import type { OptionTable } from "./option-spec.ts";

/** What to wrap and how: all that decides what an executable will load. */
const requestOptions = {
  paths: {
    kind: "list",
    group: "What to wrap",
    placeholder: "PATH…",
    hint: "path",
    description: "Executables, and directories to look for them in; words that follow no option mean the same",
  },
  recurse: {
    kind: "toggle",
    group: "What to wrap",
    default: true,
    description: "Of a directory, look at its own files only",
  },
  exclude: {
    kind: "list",
    group: "What to wrap",
    placeholder: "PATTERN…",
    hint: "text",
    description: "Leave files alone whose name, path, or path below the given directory matches (*, ?, […], **)",
  },
  libs: {
    kind: "list",
    group: "Libraries",
    placeholder: "DIR…",
    hint: "directory",
    description: "Directories to search for libraries, first match wins; of a package (DIR/lib exists) its lib as well",
  },
  defaults: {
    kind: "toggle",
    group: "Libraries",
    default: true,
    description:
      "Do without what the machine has: the dynamic linker and the libraries of $NIX_LD, $NIX_LD_LIBRARY_PATH and of a running node from the Nix store; in a Nix build these never count",
  },
  packages: {
    kind: "list",
    group: "Libraries",
    placeholder: "NAME…",
    hint: "text",
    description:
      "Packages of nixpkgs to search for libraries, after --libs; nix (2.9 or later) builds or fetches them now",
  },
  "runtime-dependencies": {
    kind: "list",
    group: "Libraries",
    placeholder: "DIR…",
    hint: "directory",
    description:
      "Put on every run path, needed or not, for what a program opens with dlopen: DIR/lib if it exists, else DIR",
  },
  needed: {
    kind: "list",
    group: "Libraries",
    placeholder: "NAME…",
    hint: "text",
    description: "Libraries that every executable is to load in addition, after its own",
  },
  "ignore-missing": {
    kind: "list",
    group: "Libraries",
    placeholder: "PATTERN…",
    hint: "text",
    description: "Libraries (libfoo.so.*) or symbol versions (libc.so.6:GLIBC_2.38) that may be missing",
  },
  strict: {
    kind: "toggle",
    group: "Libraries",
    default: "unset",
    defaultText: "a warning",
    description: "Take a library that only a plug-in misses for an error: nothing is written then",
  },
  "append-run-path": {
    kind: "list",
    group: "Libraries",
    placeholder: "ENTRY…",
    hint: "text",
    description: "Entries to put at the end of every run path, as they are",
  },
  "ignore-existing": {
    kind: "flag",
    group: "Libraries",
    description:
      "Drop the run path entries that an executable has already; without it those that may be on this machine only are searched after all others",
  },
  "keep-libc": {
    kind: "flag",
    group: "Libraries",
    description: "Let a C library that lies in the given paths count like any other library there",
  },
  interpreter: {
    kind: "list",
    group: "How",
    placeholder: "PATH…",
    hint: "path",
    description:
      "Dynamic linkers to use, chosen for each file by machine, class and C library; without it: the one built in, else $NIX_LD, else that of $NIX_BINTOOLS, else that of the running node if it is in the store, else the one that the file names if it is here",
  },
  "run-path-mode": {
    kind: "choice",
    group: "How",
    choices: ["auto", "runpath", "rpath"],
    default: "auto",
    description: "Which of DT_RUNPATH and DT_RPATH holds the run path",
  },
  pin: {
    kind: "toggle",
    group: "How",
    default: "unset",
    defaultText: "only in the Nix store, and only with glibc",
    description: "Have every library loaded by its absolute path, without a search",
  },
  form: {
    kind: "choice",
    group: "How",
    choices: ["stub", "in-place", "auto"],
    default: "stub",
    description:
      "How an executable is made to start: stub: a stub and a file beside it; in-place: interpreter and run path in its own unused bytes, without pins; auto: in place where there is room, else a stub",
  },
  libraries: {
    kind: "choice",
    group: "Libraries",
    choices: ["auto", "in-place", "carry", "leave"],
    default: "auto",
    description:
      "What is done for shared libraries and plug-ins that do not find what they need: auto: the executables of their package carry it, without any each gets a run path in its own unused bytes; in-place: each gets one; carry: nothing without an executable; leave: nothing",
  },
  embedded: {
    kind: "toggle",
    group: "Libraries",
    default: true,
    description:
      "Do not look for libraries inside executables (bun, deno, node, pkg), which write them out to open them: what they need is carried like a plug-in's",
  },
  relocatable: {
    kind: "optional",
    group: "How",
    placeholder: "store",
    hint: "text",
    choices: ["store"],
    defaultText: "",
    description:
      "Name everything inside the given paths relative to the executable, so that the tree can be moved; with =store, for executables of the Nix store, everything in the store, so that copies of store paths start from any directory",
  },
} as const satisfies OptionTable;

/** Those of the command that wraps. */
export const wrapOptions = {
  ...requestOptions,
  "loader-dir-path": {
    kind: "value",
    group: "How",
    placeholder: "DIR",
    hint: "directory",
    description: "Use the shared loader.bin in this directory instead of putting the loader beside each executable",
  },
  "gc-roots": {
    kind: "optional",
    group: "How",
    placeholder: "DIR",
    hint: "directory",
    defaultText: "for what lies outside the store, where Nix is",
    description:
      "Keep the store paths that wrapped files refer to from the garbage collector, by roots in DIR, without it in .wrap-buddy beside what is wrapped",
  },
  "dry-run": {
    kind: "flag",
    group: "How",
    description: "Say what would be done, and write nothing",
  },
  quiet: { kind: "flag", group: "Output", alias: "q", description: "Print errors and warnings only" },
  verbose: {
    kind: "count",
    group: "Output",
    alias: "v",
    description: "Also print libraries, run paths, skipped files and notes; twice: every file looked at",
  },
  json: { kind: "flag", group: "Output", description: "Print the report as JSON" },
  "json-schema": { kind: "flag", group: "Output", description: "Print the JSON schema of that report" },
  completion: {
    kind: "choice",
    group: "Output",
    choices: ["bash", "fish", "zsh"],
    description: "Print a completion script for a shell",
  },
  "man-page": { kind: "flag", group: "Output", description: "Print the man page" },
  help: { kind: "flag", group: "Output", alias: "h", description: "Print this text" },
  version: { kind: "flag", group: "Output", description: "Print the version" },
} as const satisfies OptionTable;

/** Those of the command that shows what executables load. */
export const inspectOptions = {
  ...requestOptions,
  paths: { ...requestOptions.paths, description: "Files to look at, and directories to look for executables in" },
  verbose: { ...wrapOptions.verbose, description: "Show all of each file, also where there are many" },
  json: { kind: "flag", group: "Output", description: "Print what is found out as JSON" },
  "json-schema": { kind: "flag", group: "Output", description: "Print the JSON schema of that" },
  help: wrapOptions.help,
} as const satisfies OptionTable;
