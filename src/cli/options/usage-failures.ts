// What yargs finds wrong, in this program's own words.

import type { Argv } from "yargs";
import { nearestName } from "./nearest.ts";
import type { OptionTable } from "./option-spec.ts";
import type { UsageIssue } from "./usage-message.ts";
import type { ReadWords } from "./yargs-options.ts";

/** The words for yargs to say it in: a kind of issue, and the names. */
const failures = {
  "Unknown argument: %s": { one: "unknown-option %s", other: "unknown-option %s" },
  "Unknown command: %s": { one: "unknown-command %s", other: "unknown-command %s" },
  "Did you mean %s?": "nearest-command %s",
  "Not enough arguments following: %s": "missing-value %s",
};

/** The strings as yargs' types want them; it takes the plural forms too. Source: yargs, locales/en.json. */
const strings = failures as unknown as Readonly<Record<string, string>>;

/** Has yargs refuse what is unknown, and collects in `issues` all that it finds wrong with `words`. */
export function collectFailures(argv: Argv, words: readonly string[], table: OptionTable, issues: UsageIssue[]): Argv {
  return argv
    .updateStrings(strings)
    .strict()
    .recommendCommands()
    .showHelpOnFail(false)
    .check((read) => {
      const wrong = [...emptyValues(read as ReadWords, table), ...wrongChoices(read as ReadWords, table)];
      for (const issue of wrong) issues.push(issue);
      return true;
    })
    .fail((message, error) => {
      if (message === null || message === undefined || message === "") throw error;
      for (const issue of issuesOf(message, words, table)) issues.push(issue);
    });
}

function issuesOf(message: string, words: readonly string[], table: OptionTable): readonly UsageIssue[] {
  const [kind, ...rest] = message.split(" ");
  const names = rest.join(" ").split(", ");
  switch (kind) {
    case "unknown-option":
      return [...new Set(names.map((name) => asTyped(name, words)))].map((name) => unknownOption(name, table));
    case "unknown-command":
      return [{ kind: "unknown-command", name: names.join(", "), nearest: undefined }];
    case "nearest-command":
      return [{ kind: "unknown-command", name: words[0] ?? "", nearest: names[0] }];
    case "missing-value":
      return names.map((name) => missingValue(name, table));
    default:
      // A choice that there is not: wrongChoices says it.
      if (message.startsWith("Invalid values:")) return [];
      throw new Error(`yargs says what it was not expected to: ${message}`);
  }
}

function unknownOption(typed: string, table: OptionTable): UsageIssue {
  const names = Object.entries(table).flatMap(([name, spec]) =>
    spec.kind === "toggle" || spec.kind === "optional" ? [`--${name}`, `--no-${name}`] : [`--${name}`],
  );
  return { kind: "unknown-option", name: typed, nearest: nearestName(typed, names) };
}

/** yargs drops dashes, "no-" and the letters beside one that it does not know. */
function asTyped(name: string, words: readonly string[]): string {
  const options = words.filter((word) => word.startsWith("-")).map((word) => word.split("=")[0] ?? word);
  const long = options.find((option) => option === `--${name}` || option === `--no-${name}`);
  const short = options.find((option) => !option.startsWith("--") && option.includes(name));
  return long ?? short ?? name;
}

/** An empty path would be the working directory. */
function emptyValues(read: ReadWords, table: OptionTable): readonly UsageIssue[] {
  const names = Object.keys(table).filter((name) => table[name]?.kind !== "optional");
  return names
    .filter((name) => [read[name]].flat().includes(""))
    .map((name) => (name === "paths" ? { kind: "empty-path" } : missingValue(name, table)));
}

function wrongChoices(read: ReadWords, table: OptionTable): readonly UsageIssue[] {
  return Object.entries(table).flatMap(([name, spec]) => {
    const choices = "choices" in spec ? spec.choices : undefined;
    if (choices === undefined) return [];
    const wrong = [read[name]].flat().filter((value) => typeof value === "string" && value !== "");
    return wrong
      .filter((value) => !choices.includes(String(value)))
      .map(
        (value): UsageIssue => ({
          kind: "bad-value",
          option: `--${name}`,
          value: String(value),
          expected: choices,
        }),
      );
  });
}

function missingValue(name: string, table: OptionTable): UsageIssue {
  const spec = table[name];
  const placeholder =
    spec?.kind === "list" || spec?.kind === "value"
      ? spec.placeholder
      : spec?.kind === "choice"
        ? spec.choices.join("|")
        : "VALUE";
  return { kind: "missing-value", option: `--${name}`, placeholder };
}
