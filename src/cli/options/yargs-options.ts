// The table of options as yargs wants it, and what yargs has read by the table's types.

import type { Argv, Options } from "yargs";
import type { OptionSpec, OptionTable, OptionValues } from "./option-spec.ts";

/** How yargs is to read words: as they were typed, without guesses. */
export const parserConfiguration = {
  "camel-case-expansion": false,
  "dot-notation": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "strip-aliased": true,
} as const;

/** Declares the options of `table`, in their groups and in their order. */
export function declareOptions(argv: Argv, table: OptionTable): Argv {
  for (const [name, spec] of Object.entries(table)) {
    const groupAndText = { group: `${spec.group}:`, describe: describeOption(spec) };
    for (const [declared, option] of yargsOptions(name, spec)) argv.option(declared, { ...groupAndText, ...option });
  }
  return argv;
}

/** With what stands for the value, as yargs itself shows none. */
function describeOption(spec: OptionSpec): string {
  if (spec.kind === "optional") return `[=${spec.placeholder}]  ${spec.description}`;
  return spec.kind === "list" || spec.kind === "value" ? `${spec.placeholder}  ${spec.description}` : spec.description;
}

/** yargs reads `--no-NAME` as NAME being false; only what help is to show of a toggle is not hidden. */
function yargsOptions(name: string, spec: OptionSpec): readonly (readonly [string, Options])[] {
  switch (spec.kind) {
    case "list":
      return [[name, { type: "string", array: true }]];
    case "value":
      return [[name, { type: "string", requiresArg: true }]];
    case "choice": {
      const fallback = spec.default === undefined ? {} : { default: spec.default };
      return [[name, { type: "string", requiresArg: true, choices: spec.choices, ...fallback }]];
    }
    case "flag":
      return [[name, { type: "boolean", ...(spec.alias === undefined ? {} : { alias: spec.alias }) }]];
    case "toggle":
      if (spec.default === true) {
        return [
          [name, { type: "boolean", hidden: true }],
          [`no-${name}`, { type: "boolean" }],
        ];
      }
      return [
        [
          name,
          { type: "boolean", ...(spec.defaultText === undefined ? {} : { defaultDescription: spec.defaultText }) },
        ],
        [`no-${name}`, { type: "boolean", describe: `The opposite of --${name}` }],
      ];
    case "optional":
      return [
        [name, { type: "string", defaultDescription: spec.defaultText }],
        [`no-${name}`, { type: "boolean", describe: `The opposite of --${name}` }],
      ];
    case "count":
      return [[name, { type: "count", alias: spec.alias }]];
    default:
      return spec satisfies never;
  }
}

/** What yargs has read, by the options' names; the words of none under "_". */
export interface ReadWords {
  readonly [name: string]: unknown;
  readonly _: readonly (string | number)[];
}

/** Without words, what yargs would read: loading it for that is not worth the time. */
export const noWords: ReadWords = { _: [] };

/** The values of all options; `trailing` are paths too. */
export function optionValues<Table extends OptionTable>(
  table: Table,
  read: ReadWords,
  trailing: readonly string[],
): OptionValues<Table> {
  const values = Object.entries(table).map(([name, spec]) => {
    const value = optionValue(spec, read[name]);
    return [name, name === "paths" ? [...listOfStrings(value), ...trailing] : value] as const;
  });
  // The table's own types say what stands under each name: see optionValue.
  return Object.fromEntries(values) as OptionValues<Table>;
}

/** What OptionValue says for the kind of option, from what yargs has read. */
function optionValue(spec: OptionSpec, read: unknown): readonly string[] | string | boolean | number | undefined {
  // yargs makes a list of what is given more than once.
  const last = Array.isArray(read) ? read.at(-1) : read;
  switch (spec.kind) {
    case "list":
      return listOfStrings(read);
    case "value":
      return typeof last === "string" ? last : undefined;
    case "choice":
      return typeof last === "string" ? last : spec.default;
    case "flag":
      return last === true;
    case "toggle":
      return typeof last === "boolean" ? last : spec.default === "unset" ? undefined : spec.default;
    case "optional":
      return last === "" ? true : typeof last === "string" || last === false ? last : undefined;
    case "count":
      return typeof read === "number" ? read : 0;
    default:
      return spec satisfies never;
  }
}

function listOfStrings(read: unknown): readonly string[] {
  if (typeof read === "string") return [read];
  return Array.isArray(read) ? read.map(String) : [];
}
