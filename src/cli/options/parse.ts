// From words to the values of a table of options, without commands: what the setup hook does with a package's flags.

import { separateWords } from "./arguments.ts";
import type { OptionTable, OptionValues } from "./option-spec.ts";
import { collectFailures } from "./usage-failures.ts";
import type { UsageIssue } from "./usage-message.ts";
import { declareOptions, noWords, optionValues, parserConfiguration } from "./yargs-options.ts";

export type ParsedWords<Table extends OptionTable> =
  | { readonly kind: "values"; readonly values: OptionValues<Table> }
  | { readonly kind: "issues"; readonly issues: readonly UsageIssue[] };

/** The values of all options of `table`. It has an option `paths`: words that belong to no option are its values. */
export async function parseWords<Table extends OptionTable>(
  words: readonly string[],
  table: Table,
): Promise<ParsedWords<Table>> {
  // Most packages give the setup hook no words at all.
  if (words.length === 0) return { kind: "values", values: optionValues(table, noWords, []) };
  const separated = separateWords(words, table);
  const issues: UsageIssue[] = [...separated.issues];
  const { yargs } = await import("../yargs.ts");
  const argv = yargs().locale("en").exitProcess(false).help(false).version(false);
  collectFailures(declareOptions(argv.parserConfiguration(parserConfiguration), table), words, table, issues);
  const read = await argv.parseAsync([...separated.words]);
  if (issues.length > 0) return { kind: "issues", issues };
  return { kind: "values", values: optionValues(table, read, read._.map(String)) };
}
