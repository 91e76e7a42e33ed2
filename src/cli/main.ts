#!/usr/bin/env node
// The entry point of `wrap-buddy`: streams, exit status, and the last resort for what nothing expected.

import { type ExitCode, exitCode } from "../report/exit-code.ts";
import { describeOutputFailure } from "../report/messages/output-message.ts";
import { describeUnexpected } from "../report/unexpected.ts";
import { optimiseLate } from "./engine/optimise-late.ts";
import { workingDirectory } from "./machine/working-directory.ts";
import { commandLineWords } from "./options/arguments.ts";
import { version } from "./version.ts";

async function main(): Promise<ExitCode> {
  const words = commandLineWords(process.argv);
  // Asked for by scripts, often, and alone: not worth loading an option parser.
  if (words.length === 1 && words[0] === "--version") {
    process.stdout.write(`${version}\n`);
    return exitCode.done;
  }
  optimiseLate();
  return (await import("./command-line.ts")).runCommandLine(words, {
    writeOutput: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    variables: process.env,
    workingDirectory: workingDirectory(),
    outputIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? 100,
  });
}

/** A reader that has gone away (`| head`) is no failure, and leaves the exit status to what was done. */
function reportOutputFailure(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(describeOutputFailure(error.code ?? error.message));
  endWith(exitCode.failed);
}

/** Sets the exit status, unless it says already that something failed: what comes first counts. */
function endWith(code: ExitCode): void {
  if ((process.exitCode ?? exitCode.done) === exitCode.done) process.exitCode = code;
}

process.stdout.on("error", reportOutputFailure);
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  // There is no third stream to say it on.
  if (error.code !== "EPIPE") endWith(exitCode.failed);
});

main().then(endWith, (error: unknown) => {
  const { text, code } = describeUnexpected(error, version);
  process.stderr.write(text);
  process.exitCode = code;
});
