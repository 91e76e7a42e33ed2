// The commands, each declared once: the command line, its help, the man page and the completions are made of this list.

import { type ExitCode, exitCode } from "../report/exit-code.ts";
import type { Command, CommandText } from "./command.ts";
import type { Environment } from "./machine/environment.ts";
import { bundleOptions } from "./options/bundle-options.ts";
import type { OptionTable, OptionValues } from "./options/option-spec.ts";
import { inspectOptions, wrapOptions } from "./options/options.ts";
import { unwrapOptions } from "./options/unwrap-options.ts";
import { verifyOptions } from "./options/verify-options.ts";
import { optionValues } from "./options/yargs-options.ts";
import type { CommandCall } from "./output/io.ts";
import { version } from "./version.ts";

interface Declaration<Table extends OptionTable> extends CommandText {
  readonly options: Table;
  readonly answer: (values: OptionValues<Table>) => Promise<string | undefined>;
  readonly run: (values: OptionValues<Table>, environment: Environment, io: CommandCall) => Promise<ExitCode>;
}

function command<Table extends OptionTable>(declaration: Declaration<Table>): Command {
  const { options, answer, run } = declaration;
  return {
    ...declaration,
    answer: (read) => answer(optionValues(options, read, [])),
    run: (read, trailing, environment, io) => run(optionValues(options, read, trailing), environment, io),
  };
}

const schemas = () => import("./json-schemas.ts");
const asJson = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

const wrap = command({
  name: "wrap",
  summary: "make executables run with libraries and a dynamic linker from elsewhere",
  description:
    "Makes pre-built Linux executables run with libraries and a dynamic linker from elsewhere, the Nix store above all, without rewriting them. This is what is done without a command.",
  purpose: "wrap",
  examples: [
    { words: "./tool", meaning: "wrap one executable" },
    { words: "./node_modules --dry-run", meaning: "say what would be done to a tree" },
    { words: "./tool --libs ./lib /nix/store/…-zlib", meaning: "search two places for its libraries" },
  ],
  options: wrapOptions,
  answer: async (values) => {
    if (values.version) return `${version}\n`;
    if (values.completion !== undefined) {
      return (await import("./installed-texts.ts")).completionScript(values.completion, commands);
    }
    if (values["man-page"]) return (await import("./installed-texts.ts")).manPage(commands, exitStatuses, version);
    return values["json-schema"] ? asJson((await schemas()).reportJsonSchema()) : undefined;
  },
  run: async (values, environment, io) => (await import("./wrap-command.ts")).runWrap(values, environment, io),
});

const unwrap = command({
  name: "unwrap",
  summary: "restore wrapped executables byte for byte",
  description:
    "Restores executables to what they were before they were wrapped, byte for byte, and removes their sidecars.",
  purpose: "unwrap",
  examples: [{ words: "unwrap ./node_modules", meaning: "restore every executable of a tree" }],
  options: unwrapOptions,
  answer: async (values) => (values["json-schema"] ? asJson((await schemas()).unwrapJsonSchema()) : undefined),
  run: async (values, environment, io) => (await import("./unwrap-command.ts")).runUnwrap(values, environment, io),
});

const verify = command({
  name: "verify",
  summary: "say whether wrapped executables are whole, and what they refer to is there",
  description:
    "Says whether wrapped executables and their sidecars belong together, whether all that they refer to is there, and whether their libraries load. Nothing is written or started. Exit status 0 means yes, 1 means no, and the messages say why.",
  purpose: "verify",
  examples: [{ words: "verify ./node_modules", meaning: "check every wrapped executable of a tree" }],
  options: verifyOptions,
  answer: async (values) => (values["json-schema"] ? asJson((await schemas()).verifyJsonSchema()) : undefined),
  run: async (values, environment, io) => (await import("./verify-command.ts")).runVerify(values, environment, io),
});

const inspect = command({
  name: "inspect",
  summary: "show what executables load, from where and why",
  description:
    "Shows what executables load, from where and why; of wrapped ones, what stands in their sidecars. With an option about libraries or how to wrap: what they would load if they were wrapped like that. Nothing is written. Exit status 1 means that something is missing.",
  purpose: "inspect",
  examples: [{ words: "inspect ./tool --libs ./lib", meaning: "show what it would load" }],
  options: inspectOptions,
  answer: async (values) => (values["json-schema"] ? asJson((await schemas()).inspectionJsonSchema()) : undefined),
  run: async (values, environment, io) => (await import("./inspect-command.ts")).runInspect(values, environment, io),
});

const bundle = command({
  name: "bundle",
  summary: "make a directory that runs from anywhere, without Nix and with any C library around it",
  description:
    "Copies executables, scripts and all that they load, the dynamic linker and what it opens, into one directory (or archive) that can be moved and needs nothing of the machine that it runs on. Absolute paths that are left in the files are counted and listed.",
  purpose: "bundle",
  examples: [
    { words: "bundle /nix/store/…-hello/bin/hello --output ./hello", meaning: "make ./hello/bin/hello" },
    {
      words: "bundle ./tool --libs ./lib --output tool.tar.zst --format tar.zst --strict --trace-run 'tool --version'",
      meaning: "make an archive, if the run opens nothing outside of it",
    },
  ],
  options: bundleOptions,
  answer: async (values) => (values["json-schema"] ? asJson((await schemas()).bundleJsonSchema()) : undefined),
  run: async (values, environment, io) => (await import("./bundle-command.ts")).runBundle(values, environment, io),
});

/** What is done without a command. */
export const defaultCommand = wrap;

/** Every command, the default one first. */
export const commands: readonly [Command, ...Command[]] = [wrap, unwrap, verify, inspect, bundle];

/** What an exit status of the program means, in its order. */
export const exitStatuses: readonly (readonly [ExitCode, string])[] = [
  [exitCode.done, "done, or nothing to do"],
  [exitCode.failed, "not done: a file could not be wrapped, or a library is missing"],
  [exitCode.usage, "wrong usage"],
  [exitCode.bug, "a bug"],
];
