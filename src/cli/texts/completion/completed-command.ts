// What the completions know of a command and of its options.

import type { OptionSpec, OptionTable } from "../../options/option-spec.ts";

/** A command, as much of it as is offered. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionTable;
}

/** Every command; the first is the one that is meant where none is typed. */
export type CompletedCommands = readonly [CompletedCommand, ...CompletedCommand[]];

/** The ways in which an option can be written, long ones only. */
export function longNames(name: string, spec: OptionSpec): readonly string[] {
  if (spec.kind === "optional") return [`--${name}`, `--no-${name}`];
  if (spec.kind !== "toggle") return [`--${name}`];
  return spec.default === true ? [`--no-${name}`] : [`--${name}`, `--no-${name}`];
}

/** The one letter of an option; undefined where it has none. */
export function letterOf(spec: OptionSpec): string | undefined {
  return "alias" in spec ? spec.alias : undefined;
}
