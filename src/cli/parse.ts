// From words to the values of a table of options. yargs does the work; it is loaded only here, where it is used.

import type { UsageIssue } from "../report/usage-message.ts";
import { normaliseWords } from "./arguments.ts";
import type { OptionSpec, OptionTable, OptionValues } from "./option-spec.ts";

export type ParsedWords<Table extends OptionTable> =
  | { readonly kind: "values"; readonly values: OptionValues<Table> }
  | { readonly kind: "issues"; readonly issues: readonly UsageIssue[] };

/** The values of all options of `table`. It has an option `paths`: words that belong to no option are its values. */
export async function parseWords<Table extends OptionTable>(
  words: readonly string[],
  table: Table,
): Promise<ParsedWords<Table>> {
  const normal = normaliseWords(words, table);
  if (normal.issues.length > 0) return { kind: "issues", issues: normal.issues };
  // Most packages give the setup hook no words at all.
  const parsed = normal.words.length === 0 ? noWords : await parseWithYargs(normal.words, table);
  const values = Object.entries(table).map(([name, spec]) => [name, optionValue(spec, parsed[name])] as const);
  const trailing = parsed._.map(String);
  const all = Object.fromEntries(
    values.map(([name, value]) => [name, name === "paths" ? [...stringsOf(value), ...trailing] : value]),
  );
  // The table's own types say what stands under each name: see optionValue.
  return { kind: "values", values: all as OptionValues<Table> };
}

/** What the parser has found, by the options' names; the words of none under "_". */
interface Parsed {
  readonly [name: string]: unknown;
  readonly _: readonly (string | number)[];
}

const noWords: Parsed = { _: [] };

async function parseWithYargs(words: readonly string[], table: OptionTable): Promise<Parsed> {
  const { default: yargs } = await import("yargs");
  return yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .options(Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, yargsOption(spec)])))
    .strictOptions()
    .fail((message, error) => {
      // Everything that a user can get wrong has been found above, and worded in this program's style.
      throw error ?? new Error(`the option parser refuses what was found right: ${message}`);
    })
    .parseSync([...words]);
}

function yargsOption(spec: OptionSpec) {
  switch (spec.kind) {
    case "list":
      return { type: "array", string: true } as const;
    case "value":
    case "choice":
      return { type: "string" } as const;
    case "flag":
      return spec.alias === undefined
        ? ({ type: "boolean" } as const)
        : ({ type: "boolean", alias: spec.alias } as const);
    case "toggle":
      return { type: "boolean" } as const;
    case "count":
      return { type: "count", alias: spec.alias } as const;
    default:
      return spec satisfies never;
  }
}

/** What OptionValue says for the kind of option, from what the parser found. */
function optionValue(spec: OptionSpec, parsed: unknown): readonly string[] | string | boolean | number | undefined {
  // The parser makes a list of what is given more than once.
  const last = Array.isArray(parsed) ? parsed.at(-1) : parsed;
  switch (spec.kind) {
    case "list":
      return stringsOf(parsed);
    case "value":
      return typeof last === "string" ? last : undefined;
    case "choice":
      return typeof last === "string" ? last : spec.default;
    case "flag":
      return last === true;
    case "toggle":
      return typeof last === "boolean" ? last : spec.default === "unset" ? undefined : spec.default;
    case "count":
      return typeof parsed === "number" ? parsed : 0;
    default:
      return spec satisfies never;
  }
}

function stringsOf(parsed: unknown): readonly string[] {
  return Array.isArray(parsed) ? parsed.map(String) : [];
}
