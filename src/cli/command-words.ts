// What commands with paths, a report and a help text do with their words before they begin: help, the JSON schema, and
// everything that is wrong, said at once.

import { type ExitCode, exitCode } from "../report/exit-code.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { type CommandSummary, helpText } from "./help.ts";
import type { CommandIo } from "./io.ts";
import type { OptionTable, OptionValues } from "./option-spec.ts";
import { parseWords } from "./parse.ts";
import { refuse } from "./streams.ts";
import type { UsageIssue } from "./usage-message.ts";

export interface CommandText<Values> {
  /** The first line of the help text, behind "usage: ". */
  readonly usage: string;
  readonly summary: string;
  /** What is done to the paths: a verb. */
  readonly purpose: string;
  /** The schema of the JSON report. Its code is loaded only when it is asked for. */
  readonly jsonSchema: () => Promise<object>;
  /** The other commands, for the help text of the one that is meant without a name. */
  readonly commands?: readonly CommandSummary[];
  /** What else can be asked for instead of doing anything; undefined when it is not. */
  readonly information?: (values: Values) => string | undefined;
}

/** The options that every such command has, and two that contradict each other where it has both. */
interface CommonOptions extends OptionTable {
  readonly paths: Extract<OptionTable[string], { readonly kind: "list" }>;
  readonly help: Extract<OptionTable[string], { readonly kind: "flag" }>;
  readonly "json-schema": Extract<OptionTable[string], { readonly kind: "flag" }>;
}

export type CommandReading<Table extends OptionTable> =
  | { readonly kind: "values"; readonly values: OptionValues<Table>; readonly environment: Environment }
  /** All that was asked for has been printed, or what is wrong has. */
  | { readonly kind: "done"; readonly exitCode: ExitCode };

/** Reads the words of a command. */
export async function readCommand<Table extends CommonOptions>(
  words: readonly string[],
  table: Table,
  { usage, summary, purpose, jsonSchema, commands = [], information }: CommandText<OptionValues<Table>>,
  io: CommandIo,
): Promise<CommandReading<Table>> {
  const done = (code: ExitCode): CommandReading<Table> => ({ kind: "done", exitCode: code });
  const parsed = await parseWords(words, table);
  if (parsed.kind === "issues") return done(refuse(parsed.issues, io));
  const { values } = parsed;
  const { paths, help } = values as OptionValues<CommonOptions>;
  const { quiet, verbose } = values as Partial<Record<string, unknown>>;
  const answer = help ? helpText(usage, summary, table, commands) : information?.(values);
  if (answer !== undefined || values["json-schema"]) {
    io.writeOutput(answer ?? `${JSON.stringify(await jsonSchema(), undefined, 2)}\n`);
    return done(exitCode.done);
  }
  const checked = readEnvironment(io.variables);
  const issues: readonly UsageIssue[] = [
    ...(checked.kind === "issues" ? checked.issues : []),
    ...(paths.length === 0 ? [{ kind: "no-paths", purpose } as const] : []),
    ...(quiet === true && Number(verbose ?? 0) > 0
      ? [{ kind: "conflicting-options", options: ["--quiet", "--verbose"] } as const]
      : []),
  ];
  if (checked.kind === "issues" || issues.length > 0) return done(refuse(issues, io));
  return { kind: "values", values, environment: checked.environment };
}
