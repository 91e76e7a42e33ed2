// From words to the values of a table of options. yargs does the work; it is loaded only here, where it is used.

import { normaliseWords } from "./arguments.ts";
import type { OptionSpec, OptionTable, OptionValues } from "./option-spec.ts";
import type { UsageIssue } from "./usage-message.ts";

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

/** By yargs' parser alone: the rest of yargs takes 10 ms to load, for help and messages that this program has of its own. */
async function parseWithYargs(words: readonly string[], table: OptionTable): Promise<Parsed> {
  const { Parser } = await import("yargs/helpers");
  const named = (...kinds: readonly OptionSpec["kind"][]): string[] =>
    Object.entries(table).flatMap(([name, { kind }]) => (kinds.includes(kind) ? [name] : []));
  const aliases = Object.entries(table).flatMap(([name, spec]) =>
    "alias" in spec && spec.alias !== undefined ? [[name, spec.alias] as const] : [],
  );
  const parsed = Parser([...words], {
    array: named("list"),
    string: named("list", "value", "choice"),
    boolean: named("flag", "toggle"),
    count: named("count"),
    alias: Object.fromEntries(aliases),
    configuration: {
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "strip-aliased": true,
    },
  });
  // Everything that a user can get wrong has been found before, and worded in this program's style.
  const unknown = Object.keys(parsed).find((name) => name !== "_" && !(name in table));
  if (unknown !== undefined) throw new Error(`the option parser has found --${unknown}, which there is not`);
  return parsed;
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
