// What is wrong with options and paths that yargs has read without complaint.

import type { Command } from "../command.ts";
import type { UsageIssue } from "./usage-message.ts";
import type { ReadWords } from "./yargs-options.ts";

/** Options that contradict each other, and that nothing is named. `trailing` are paths too. */
export function commandIssues(read: ReadWords, trailing: readonly string[], command: Command): readonly UsageIssue[] {
  // yargs' own conflicts() takes a count of 0 for one that was given.
  const isContradiction = read["quiet"] === true && Number(read["verbose"] ?? 0) > 0;
  return [
    ...pathsMissing(read, trailing, command),
    ...(isContradiction ? [{ kind: "conflicting-options", options: ["--quiet", "--verbose"] } as const] : []),
  ];
}

/** A command line without a path is mostly one whose path a list before it has taken. */
function pathsMissing(
  read: ReadWords,
  trailing: readonly string[],
  { name, options, purpose }: Command,
): readonly UsageIssue[] {
  const valuesOf = (option: string): readonly string[] => [read[option] ?? []].flat().map(String);
  if (valuesOf("paths").length + trailing.length > 0) return [];
  const taker = Object.entries(options).find(([option, { kind }]) => kind === "list" && valuesOf(option).length > 1);
  if (taker === undefined) return [{ kind: "no-paths", purpose }];
  const values = valuesOf(taker[0]);
  const [path = "", option] = [values.at(-1), `--${taker[0]}`];
  return [{ kind: "no-paths", purpose, taken: { command: name, path, option, others: values.slice(0, -1) } }];
}
