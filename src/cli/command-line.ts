// The command line, as yargs reads it: the first word chooses a command, and without one the files named are wrapped.

import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import type { Argv } from "yargs";
import { bytesOfText } from "../base/text.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { Command } from "./command.ts";
import { commands, defaultCommand, exitStatuses } from "./commands.ts";
import { readEnvironment } from "./machine/read-environment.ts";
import { hasOption, separateWords } from "./options/arguments.ts";
import { commandIssues } from "./options/command-issues.ts";
import { collectFailures } from "./options/usage-failures.ts";
import type { UsageIssue } from "./options/usage-message.ts";
import { declareOptions, parserConfiguration, type ReadWords } from "./options/yargs-options.ts";
import type { CommandIo } from "./output/io.ts";
import { refuse } from "./output/streams.ts";
import { yargs } from "./yargs.ts";

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 110;

/** Runs the words after the program's name; every outcome is worded on the two streams. */
export async function runCommandLine(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const mistyped = await mistypedCommand(words, io);
  if (mistyped !== undefined) return refuse([mistyped], io, "");
  const named = commands.find(({ name }) => name === words[0]);
  const refused = (issues: readonly UsageIssue[]): ExitCode => refuse(issues, io, named?.name ?? "");
  const command = named ?? defaultCommand;
  const separated = separateWords(named === undefined ? words : words.slice(1), command.options);
  const given = [...(named === undefined ? [] : [named.name]), ...separated.words];
  const issues = [...separated.issues];
  const { read, output } = await readWords(given, words, command, issues, io);
  if (output !== "") {
    io.writeOutput(`${output}\n`);
    return exitCode.done;
  }
  if (issues.length > 0 || read === undefined) return refused(issues.map(withItsCommands));
  const answer = await command.answer(read);
  if (answer !== undefined) {
    io.writeOutput(answer);
    return exitCode.done;
  }
  const trailing = read._.map(String).slice(named === undefined ? 0 : 1);
  const environment = readEnvironment(io.variables);
  const wrong = [
    ...(environment.kind === "issues" ? environment.issues : []),
    ...commandIssues(read, trailing, command),
  ];
  if (environment.kind === "issues" || wrong.length > 0) return refused(wrong);
  return command.run(read, trailing, environment.environment, { ...io, words });
}

interface Read {
  /** Undefined where yargs has not come to run a command. */
  readonly read: ReadWords | undefined;
  /** What yargs would print: help. */
  readonly output: string;
}

/** Has yargs read `given`, the words of `command`; `words` are the same as they were typed. */
async function readWords(
  given: readonly string[],
  words: readonly string[],
  command: Command | undefined,
  issues: UsageIssue[],
  io: CommandIo,
): Promise<Read> {
  let read: ReadWords | undefined;
  let output = "";
  const argv = yargs()
    .scriptName("wrap-buddy")
    .locale("en")
    .exitProcess(false)
    .version(false)
    .parserConfiguration(parserConfiguration)
    .wrap(Math.min(io.columns, widest));
  for (const one of commands) {
    const form = `${one.name} [paths..]`;
    argv.command({
      command: one === defaultCommand && command !== undefined ? [form, "$0"] : form,
      describe: one.summary,
      builder: (built: Argv) => declareCommand(built, one),
      handler: (found) => {
        read = found as ReadWords;
      },
    });
  }
  collectFailures(argv, words, command?.options ?? {}, issues);
  await argv.parseAsync([...given], {}, (_error, _read, text) => {
    output = text;
  });
  return { read, output };
}

function declareCommand(argv: Argv, { options, description, examples }: Command): Argv {
  const exits = exitStatuses.map(([code, text]) => `${code} ${text}`).join("; ");
  const closing = `${description}\n\nExit status: ${exits}.`;
  declareOptions(argv.epilogue(closing).help("help", options["help"]?.description ?? ""), options);
  for (const { words, meaning } of examples) argv.example(`$0 ${words}`, meaning);
  return argv;
}

/** With the commands that have the option, where others have it. */
function withItsCommands(issue: UsageIssue): UsageIssue {
  if (issue.kind !== "unknown-option") return issue;
  const having = commands.filter(({ options }) => hasOption(issue.name, options));
  return having.length === 0 ? issue : { ...issue, of: having.map(({ name }) => name) };
}

/** A first word that is no command and no file, but nearly a command: yargs says which. */
async function mistypedCommand(words: readonly string[], io: CommandIo): Promise<UsageIssue | undefined> {
  const [first] = words;
  if (first === undefined || !/^[a-z]+$/.test(first) || commands.some(({ name }) => name === first)) return undefined;
  if (isThere(resolve(io.workingDirectory, first))) return undefined;
  if (first === "help") return { kind: "unknown-command", name: first, nearest: helpFor(words[1]) };
  if (first === "version") return { kind: "unknown-command", name: first, nearest: "--version" };
  const issues: UsageIssue[] = [];
  await readWords([first], words, undefined, issues, io);
  return issues.find((issue) => issue.kind === "unknown-command" && issue.nearest !== undefined);
}

/** What is to be typed by those who know `git help COMMAND`. */
function helpFor(word: string | undefined): string {
  return commands.some(({ name }) => name === word) ? `${word} --help` : "--help";
}

function isThere(path: string): boolean {
  try {
    lstatSync(bytesOfText(path));
    return true;
  } catch {
    // Whatever is wrong with it: the command that gets it says so.
    return false;
  }
}
