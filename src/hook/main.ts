// The entry point of the setup hook: `node main.js COMMAND`, the shell's hand-over on standard input.
//
//     list-unstrippable   patterns for stripExclude on standard output, each with a NUL
//     wrap-outputs        wrap every output of the derivation
//     wrap                wrap the paths that the hand-over's arguments name

import { readFileSync } from "node:fs";
import { bytesOfText } from "../base/text.ts";
import { workingDirectory } from "../cli/machine/working-directory.ts";
import { version } from "../cli/version.ts";
import { describeUnexpected } from "../report/unexpected.ts";
import { decodeHandover } from "./handover.ts";
import type { HookReport } from "./hook-report.ts";

/** Standard input. Not by process.stdin: that would make a pipe non-blocking, and reading it fail. */
const standardInput = 0;

async function main(command: string | undefined): Promise<HookReport> {
  const handover = decodeHandover(readFileSync(standardInput));
  // Each command is loaded where it is run: the two need different things, and a build waits for both.
  switch (command) {
    case "list-unstrippable":
      return (await import("./list-unstrippable.ts")).listUnstrippable(handover);
    case "wrap-outputs":
    case "wrap":
      return (await import("./wrap-buddy-hook.ts")).wrap(command, handover, process.env, workingDirectory());
    default:
      throw new Error(`the shell fragment asks for ${JSON.stringify(command)}`);
  }
}

main(process.argv[2])
  .then(({ stdout, stderr, code }) => {
    process.stderr.write(bytesOfText(stderr));
    process.stdout.write(bytesOfText(stdout));
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    const { text, code } = describeUnexpected(error, version);
    process.stderr.write(text);
    process.exitCode = code;
  });
