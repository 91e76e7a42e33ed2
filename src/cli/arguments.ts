// The words of the command line: as bytes, and in the one form that leaves the parser nothing to guess.

import { readFileSync } from "node:fs";
import { textOfBytes } from "../base/text.ts";
import { nearestName } from "./nearest.ts";
import type { OptionSpec, OptionTable } from "./option-spec.ts";
import type { UsageIssue } from "./usage-message.ts";

/**
 * The words after the program's name. Node replaces bytes that are not UTF-8 by U+FFFD, and no file could be found by
 * such a name; the kernel still has them.
 */
export function commandLineWords(argv: readonly string[]): readonly string[] {
  const words = argv.slice(2);
  if (!words.some((word) => word.includes("\ufffd"))) return words;
  try {
    const bytes = readFileSync("/proc/self/cmdline");
    const all = textOfBytes(bytes).split("\0").slice(0, -1);
    return words.length === 0 ? [] : all.slice(-words.length);
  } catch {
    return words;
  }
}

/** The words in normal form, or what is wrong with them (all of it). */
export interface NormalWords {
  readonly words: readonly string[];
  readonly issues: readonly UsageIssue[];
}

/**
 * Checks every option against the table, and puts `--paths` before words that belong to no option. The parser's lists
 * are greedy and its flags take a following "true" or "false": without this `--libs=DIR ./tool` would make ./tool a
 * library directory, and `--dry-run true` would not find a file of that name.
 */
export function normaliseWords(words: readonly string[], table: OptionTable): NormalWords {
  const normal: string[] = [];
  const issues: UsageIssue[] = [];
  let taker: Taker | undefined;
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const leading = words.slice(0, end);
  for (const [index, word] of leading.entries()) {
    if (word !== "-" && word.startsWith("-")) {
      const checked = checkOption(word, leading[index + 1], table);
      if (checked.issue !== undefined) issues.push(checked.issue);
      normal.push(word);
      taker = checked.taker;
      continue;
    }
    if (taker === undefined) {
      normal.push("--paths");
      taker = { option: "--paths", placeholder: "PATH…", isMany: true };
    }
    if (word === "") issues.push({ kind: "missing-value", option: taker.option, placeholder: taker.placeholder });
    normal.push(word);
    if (!taker.isMany) taker = undefined;
  }
  return { words: [...normal, ...words.slice(end)], issues };
}

/** The option that the words that follow belong to. */
interface Taker {
  readonly option: string;
  readonly placeholder: string;
  readonly isMany: boolean;
}

interface CheckedOption {
  readonly issue?: UsageIssue;
  readonly taker?: Taker;
}

function checkOption(word: string, next: string | undefined, table: OptionTable): CheckedOption {
  const equals = word.indexOf("=");
  const option = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const spec = word.startsWith("--") ? longOption(option, table) : shortOptions(option, table);
  if (spec === undefined) {
    // What follows was meant for it: one mistake is one message.
    return { issue: unknownOption(option, table), taker: { option, placeholder: "VALUE", isMany: true } };
  }
  switch (spec.kind) {
    case "list": {
      const { placeholder } = spec;
      if (value === "") return { issue: { kind: "missing-value", option, placeholder } };
      return value === undefined ? { taker: { option, placeholder, isMany: true } } : {};
    }
    case "value":
    case "choice": {
      const placeholder = spec.kind === "value" ? spec.placeholder : spec.choices.join("|");
      const given = value ?? (next?.startsWith("-") === true ? undefined : next);
      const taker = { option, placeholder, isMany: false };
      if (given === undefined || value === "") return { issue: { kind: "missing-value", option, placeholder } };
      const isBad = spec.kind === "choice" && given !== "" && !spec.choices.includes(given);
      return {
        ...(isBad ? { issue: { kind: "bad-value", option, value: given, expected: spec.choices } } : {}),
        ...(value === undefined ? { taker } : {}),
      };
    }
    case "flag":
    case "toggle":
    case "count":
      return value === undefined ? {} : { issue: { kind: "unexpected-value", option, value } };
    default:
      return spec satisfies never;
  }
}

function longOption(typed: string, table: OptionTable): OptionSpec | undefined {
  const name = typed.slice(2);
  if (Object.hasOwn(table, name)) return table[name];
  if (!name.startsWith("no-")) return undefined;
  const positive = name.slice(3);
  const spec = Object.hasOwn(table, positive) ? table[positive] : undefined;
  return spec?.kind === "toggle" ? spec : undefined;
}

/** `-q`, `-vv`, `-qv`: only flags and counts have a letter. */
function shortOptions(typed: string, table: OptionTable): OptionSpec | undefined {
  const letters = [...typed.slice(1)];
  const specs = letters.map((letter) => Object.values(table).find((spec) => "alias" in spec && spec.alias === letter));
  return specs.every((spec) => spec !== undefined) ? specs[0] : undefined;
}

function unknownOption(typed: string, table: OptionTable): UsageIssue {
  const names = Object.entries(table).flatMap(([name, spec]) =>
    spec.kind === "toggle" ? [`--${name}`, `--no-${name}`] : [`--${name}`],
  );
  return { kind: "unknown-option", name: typed, nearest: nearestName(typed, names) };
}
