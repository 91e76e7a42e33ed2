// wrapBuddyFlags and autoPatchelfFlags: options of the command line, from a package.

import { wrapOptions } from "../cli/options/options.ts";
import { parseWords } from "../cli/options/parse.ts";
import type { WrapValues } from "../cli/wrap-words.ts";
import type { AttributeValues } from "./attributes.ts";
import type { HookIssue } from "./hook-message.ts";

export type ReadFlags =
  | { readonly kind: "values"; readonly values: WrapValues }
  | { readonly kind: "issues"; readonly issues: readonly HookIssue[] };

// The others ask for information, or for another form of the report.
const {
  json,
  "json-schema": jsonSchema,
  completion,
  "man-page": manPage,
  packages,
  "gc-roots": gcRoots,
  help,
  version,
  ...hookOptions
} = wrapOptions;

/** The options' values. What to wrap is not for options to say: a word that belongs to none is an issue. */
export async function readFlags(flags: readonly string[], autoPatchelfFlags: readonly string[]): Promise<ReadFlags> {
  const parsed = await parseWords([...flags, ...translateAutoPatchelfFlags(autoPatchelfFlags)], hookOptions);
  const attribute = "wrapBuddyFlags";
  if (parsed.kind === "issues") {
    return {
      kind: "issues",
      issues: parsed.issues.map((issue) => ({
        kind: "bad-flag",
        attribute,
        issue,
      })),
    };
  }
  const { values } = parsed;
  if (values.paths.length > 0) {
    return {
      kind: "issues",
      issues: values.paths.map((word) => ({
        kind: "stray-word",
        attribute,
        word,
      })),
    };
  }
  const notAsked = {
    json: false,
    "json-schema": false,
    completion: undefined,
    "man-page": false,
    packages: [],
    "gc-roots": undefined,
    help: false,
    version: false,
  } as const;
  return { kind: "values", values: { ...values, ...notAsked } };
}

/** The attributes whose words are those of an option, and that option. */
const choiceOptions = { wrapBuddyForm: "form", wrapBuddyLibraries: "libraries" } as const;

/** Those attributes as their options; what is no word of its option is an issue. */
export function choiceFlags(values: Pick<AttributeValues, keyof typeof choiceOptions>): {
  readonly flags: readonly string[];
  readonly issues: readonly HookIssue[];
} {
  const flags: string[] = [];
  const issues: HookIssue[] = [];
  for (const attribute of ["wrapBuddyForm", "wrapBuddyLibraries"] as const) {
    const option = choiceOptions[attribute];
    const value = values[attribute];
    const choices: readonly string[] = wrapOptions[option].choices;
    if (value === undefined) continue;
    if (choices.includes(value)) flags.push(`--${option}=${value}`);
    else issues.push({ kind: "wrong-choice", attribute, found: value, choices });
  }
  return { flags, issues };
}

/** Its options that mean something here, by the name that they have here. */
const autoPatchelfNames: ReadonlyMap<string, string> = new Map([
  ["--keep-libc", "--keep-libc"],
  ["--ignore-existing", "--ignore-existing"],
  ["--ignore-missing", "--ignore-missing"],
  ["--libs", "--libs"],
  ["--runtime-dependencies", "--runtime-dependencies"],
  ["--append-rpaths", "--append-run-path"],
]);

/**
 * The options of auto-patchelf that mean something here, under the names that they have here. The others are left out:
 * `--preserve-origin` is what is always done, `--extra-args` are patchelf's.
 * Source: nixpkgs, pkgs/by-name/au/auto-patchelf.
 */
export function translateAutoPatchelfFlags(words: readonly string[]): readonly string[] {
  let isKept = false;
  return words.flatMap((word) => {
    if (!word.startsWith("--")) return isKept ? [word] : [];
    const [name = "", ...value] = word.split(/(?==)/);
    const translated = autoPatchelfNames.get(name);
    isKept = translated !== undefined;
    return translated === undefined ? [] : [translated + value.join("")];
  });
}
