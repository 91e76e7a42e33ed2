// The derivation attributes that the hook knows, each declared once: reading, messages and README's table use this.

/**
 * What an attribute holds. A list may be written as one string, in which white space separates.
 * "patterns": `true` is the pattern `*`. "paths": all absolute. "toggle": true, false, or neither where it is not set.
 * "choice": one of the words that the command line's option takes. "switch": on unless empty; read by the shell fragment.
 */
export type AttributeKind = "words" | "patterns" | "paths" | "toggle" | "choice" | "switch";

export interface Attribute {
  readonly kind: AttributeKind;
  /** What it does: a sentence without a full stop. */
  readonly description: string;
  /** The command line's word for it. */
  readonly option?: string;
}

/** By name, in the order of the page's table. */
export const attributes = {
  runtimeDependencies: {
    kind: "paths",
    description:
      "Put on the run path of every executable, for what a program opens with dlopen: X/lib if it exists, else X",
    option: "--runtime-dependencies",
  },
  appendRunpaths: {
    kind: "words",
    description: "Entries at the end of every run path, as they are",
    option: "--append-run-path",
  },
  wrapBuddyExtraNeeded: {
    kind: "words",
    description: "Libraries that every executable loads in addition, after its own",
    option: "--needed",
  },
  wrapBuddyIgnoreMissing: {
    kind: "patterns",
    description:
      "Libraries (`libcuda.so.*`) or symbol versions (`libc.so.6:GLIBC_2.38`) that may be missing; `true`: all",
    option: "--ignore-missing",
  },
  wrapBuddyStrict: {
    kind: "toggle",
    description: "`true`: a library that only a plug-in misses fails the build; otherwise it is a warning",
    option: "--[no-]strict",
  },
  wrapBuddyExclude: {
    kind: "words",
    description: "Files to leave alone, by patterns for their name or their path below the output",
    option: "--exclude",
  },
  wrapBuddyInterpreters: {
    kind: "paths",
    description: "Dynamic linkers to choose from, by machine, class and C library, before the stdenv's own",
    option: "--interpreter",
  },
  wrapBuddyPin: {
    kind: "toggle",
    description:
      "`true`: have every library loaded by its absolute path, without a search; `false`: never; not set: where the C library is glibc",
    option: "--[no-]pin",
  },
  wrapBuddyRelocatable: {
    kind: "toggle",
    description:
      "`true`: name everything in the store relative to the executable: copies of the package and of what it needs start from any directory",
    option: "--relocatable=store",
  },
  wrapBuddyForm: {
    kind: "choice",
    description:
      "How an executable is made to start: `stub`; `in-place`, in its own unused bytes; `auto`, in place where there is room",
    option: "--form",
  },
  wrapBuddyLibraries: {
    kind: "choice",
    description:
      "What is done for libraries and plug-ins that do not find what they need: `auto`, `in-place`, `carry` or `leave`",
    option: "--libraries",
  },
  wrapBuddyFlags: {
    kind: "words",
    description: "Further options of the command line",
  },
  dontWrapBuddy: {
    kind: "switch",
    description: "Wrap nothing unless a phase calls `wrapBuddy`",
  },
  autoPatchelfIgnoreMissingDeps: {
    kind: "patterns",
    description: "autoPatchelfHook's name for `wrapBuddyIgnoreMissing`; both count",
  },
  autoPatchelfFlags: {
    kind: "words",
    description:
      "autoPatchelfHook's options: `--keep-libc`, `--ignore-existing` and `--append-rpaths` mean the same here",
  },
} as const satisfies Readonly<Record<string, Attribute>>;

export type AttributeName = keyof typeof attributes;

type NameOfKind<Kind extends AttributeKind> = {
  [Name in AttributeName]: (typeof attributes)[Name]["kind"] extends Kind ? Name : never;
}[AttributeName];

type ListKind = Exclude<AttributeKind, "toggle" | "choice" | "switch">;

/** Those that are handed over, with their kinds. The shell fragment reads the others. */
export const readAttributeKinds = Object.entries(attributes).flatMap(([name, { kind }]) =>
  kind === "switch" ? [] : [{ name, kind }],
);

/** The value of every attribute that is handed over: of one that is not set [], or undefined for true or false. */
export type AttributeValues = Readonly<Record<NameOfKind<ListKind>, readonly string[]>> &
  Readonly<Record<NameOfKind<"toggle">, boolean | undefined>> &
  Readonly<Record<NameOfKind<"choice">, string | undefined>>;
