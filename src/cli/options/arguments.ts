// The words of the command line: as bytes, and with the words that are paths told from those that belong to an option.

import { readFileSync } from "node:fs";
import { textOfBytes } from "../../base/text.ts";
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

/** Words in which every path has an option before it, and what is wrong with them that yargs does not see. */
export interface SeparatedWords {
  readonly words: readonly string[];
  readonly issues: readonly UsageIssue[];
}

/**
 * Puts `--paths` before words that belong to no option, and after the rest what follows "--". yargs' lists are greedy
 * and its flags take a following "true" or "false": without this `--libs=DIR ./tool` would make ./tool a library
 * directory, and `--dry-run true` would not find a file of that name. Nor does yargs refuse `--dry-run=yes`, which it
 * takes for "no", `--libs=`, or what isMisread says.
 */
export function separateWords(words: readonly string[], table: OptionTable): SeparatedWords {
  const separated: string[] = [];
  const issues: UsageIssue[] = [];
  let takes: "nothing" | "one" | "many" = "nothing";
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  for (const word of words.slice(0, end)) {
    if (word !== "-" && word.startsWith("-")) {
      const [option = word, ...values] = word.split("=");
      const spec = optionOf(option, table);
      const value = values.length === 0 ? undefined : values.join("=");
      if (spec === undefined) {
        // What follows was meant for it: one mistake is one message.
        takes = "many";
        if (isMisread(option, table)) {
          issues.push({ kind: "unknown-option", name: option, nearest: undefined });
          continue;
        }
      } else if (spec.kind === "list" || spec.kind === "value" || spec.kind === "choice") {
        if (value === "" && spec.kind === "list") {
          issues.push({ kind: "missing-value", option, placeholder: spec.placeholder });
        }
        takes = value !== undefined ? "nothing" : spec.kind === "list" ? "many" : "one";
      } else {
        if (value !== undefined && (spec.kind !== "optional" || option.startsWith("--no-")))
          issues.push({ kind: "unexpected-value", option, value });
        takes = "nothing";
      }
    } else if (takes === "nothing") {
      separated.push("--paths");
      takes = "many";
    } else if (takes === "one") {
      takes = "nothing";
    }
    // A file of that name, which yargs would drop.
    separated.push(word === "-" ? "./-" : word);
  }
  return { words: [...separated, ...words.slice(end)], issues };
}

/** An unknown option that yargs would not refuse: `--no-libs`, or the name of something that every object has. */
function isMisread(option: string, table: OptionTable): boolean {
  return (option.startsWith("--no-") && Object.hasOwn(table, option.slice(5))) || option.slice(2) in {};
}

/** Whether an option can be typed like that. */
export function hasOption(typed: string, table: OptionTable): boolean {
  return optionOf(typed, table) !== undefined;
}

function optionOf(typed: string, table: OptionTable): OptionSpec | undefined {
  const known = (name: string): OptionSpec | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
  // Only flags and counts have a letter.
  if (!typed.startsWith("--"))
    return Object.values(table).find((spec) => "alias" in spec && spec.alias === typed.slice(1, 2));
  const spec = known(typed.slice(2));
  if (spec !== undefined || !typed.startsWith("--no-")) return spec;
  const negated = known(typed.slice(5));
  return negated?.kind === "toggle" || negated?.kind === "optional" ? negated : undefined;
}
