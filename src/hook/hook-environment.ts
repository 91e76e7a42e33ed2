// The values of the attributes, from the shell and from $NIX_ATTRS_JSON_FILE, checked.
//
//     attribute               plain: a shell string   __structuredAttrs: shell     in the JSON file
//     [ "a" "b c" ]           "a b c"                 an array                     the list
//     "a b"                   "a b"                   "a b"                        the string
//     [ ] / null              "" / unset              an empty array / unset       [] / null
//     true / false            "1" / ""                "1" / ""                     true / false
//     { … }                   no derivation at all    nothing, or a map            the set
//
// The file has the exact value, the shell what a phase may have made of it. So the file counts where the shell still
// has what Nix made of the same value, and the shell where it has something else. Without a file, an empty string is an
// empty list, and of an attribute that is true or false it is false: not set is what null makes of it.
// Source: Nix manual, "Advanced attributes", __structuredAttrs; nixpkgs pkgs/stdenv/generic/setup.sh, concatTo.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { type AttributeValues, readAttributeKinds } from "./attributes.ts";
import type { Handover, ShellValue } from "./handover.ts";
import type { HookIssue } from "./hook-message.ts";

export interface ReadAttributes {
  readonly values: AttributeValues;
  readonly issues: readonly HookIssue[];
}

const attributesFile = z.record(z.string(), z.unknown());

/**
 * The attributes of a derivation with __structuredAttrs; undefined for one without. Nix writes the file, so it throws
 * when it is not there or no object. Up to 2.8, Nix names it as it is seen from outside of the sandbox.
 */
export function readAttributesFile(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> | undefined {
  const { NIX_ATTRS_JSON_FILE: named, NIX_BUILD_TOP: top } = variables;
  if (named === undefined || named === "") return undefined;
  const path = existsSync(named) || top === undefined ? named : join(top, ".attrs.json");
  return attributesFile.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** The attributes of a derivation; `file` is undefined for one without __structuredAttrs. All wrong ones are found. */
export function readAttributes(
  handover: Handover,
  file: Readonly<Record<string, unknown>> | undefined,
): ReadAttributes {
  const values = new Map<string, readonly string[] | string | boolean | undefined>();
  const issues: HookIssue[] = [];
  for (const { name, kind } of readAttributeKinds) {
    const value = file === undefined ? plainValue(handover, name) : structuredValue(handover, name, file);
    const parsed = schemas[kind].safeParse(value);
    if (!parsed.success) issues.push({ kind: "wrong-attribute-type", attribute: name, expected: kind, found: value });
    else if (kind === "paths" && typeof parsed.data === "object") {
      for (const issue of relativePaths(name, parsed.data)) issues.push(issue);
    }
    values.set(name, parsed.success ? parsed.data : schemas[kind].parse(null));
  }
  // readAttributeKinds has every name of the type, and the schemas give what it says of each kind.
  return { values: Object.fromEntries(values) as AttributeValues, issues };
}

function relativePaths(attribute: string, paths: readonly string[]): readonly HookIssue[] {
  const relative = paths.filter((path) => !path.startsWith("/"));
  return relative.map((path) => ({ kind: "relative-attribute-path", attribute, path }));
}

/** What `schema` accepts, made into something else. */
const made = <Schema extends z.ZodMiniType, Value>(schema: Schema, make: (value: z.output<Schema>) => Value) =>
  z.pipe(schema, z.transform(make));

const absent = made(z.null(), (): readonly string[] => []);
const oneString = made(z.string(), splitWords);
// lib.optional and the like leave null and "" behind.
const list = made(z.array(z.union([z.string(), z.null()])), (items): readonly string[] =>
  items.filter((item): item is string => item !== null && item !== ""),
);
const words = z.union([absent, oneString, list]);

const schemas = {
  words,
  paths: words,
  // Nix makes "1" of true where there is no JSON.
  patterns: z.union([
    made(z.boolean(), (isEverything): readonly string[] => (isEverything ? ["*"] : [])),
    made(words, (items) => items.map((item) => (item === "1" ? "*" : item))),
  ]),
  // What the word may be, the command line's option says.
  choice: z.union([made(z.null(), () => undefined), made(z.string(), (text) => (text === "" ? undefined : text))]),
  toggle: z.union([made(z.null(), () => undefined), z.boolean(), made(z.enum(["", "1"]), (text) => text === "1")]),
};

function splitWords(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function structuredValue(handover: Handover, name: string, file: Readonly<Record<string, unknown>>): unknown {
  const current = handover.get(name);
  if (!Object.hasOwn(file, name)) return currentValue(current);
  const declared = file[name];
  return isUntouched(declared, current) ? declared : currentValue(current);
}

/** Whether the shell has what Nix makes of `declared`; what it cannot write it leaves out. */
function isUntouched(declared: unknown, current: ShellValue | undefined): boolean {
  if (current === undefined) return true;
  if (current.kind === "map") return typeof declared === "object" && declared !== null && !Array.isArray(declared);
  if (current.kind === "string") return shellString(declared) === current.values[0];
  if (!Array.isArray(declared)) return false;
  const items = declared.map(shellString);
  return items.length === current.values.length && items.every((item, index) => item === current.values[index]);
}

function shellString(value: unknown): string | undefined {
  if (value === null || value === false) return "";
  if (value === true) return "1";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

function currentValue(current: ShellValue | undefined): unknown {
  if (current === undefined) return null;
  if (current.kind === "map") return Object.fromEntries(current.values.map((key) => [key, null]));
  return current.kind === "string" ? (current.values[0] ?? "") : current.values;
}

/** Without a file: a string that spaces separate, or the array that a phase has made of it. */
function plainValue(handover: Handover, name: string): unknown {
  const current = handover.get(name);
  if (current?.kind !== "list") return currentValue(current);
  const declared = handover.get(`declared:${name}`)?.values[0] ?? "";
  const [first, ...others] = current.values;
  return first !== undefined && first === declared ? [...splitWords(first), ...others] : current.values;
}
