// One program started with many contents of a file, of its sidecar or of its own, in one sandbox: a few milliseconds each.

import { mkdirSync, writeFileSync } from "node:fs";
import { addDriver } from "../compiled/driver.ts";
import { emulatorPath, neededEmulatorIn } from "../compiled/emulator.ts";
import type { Program } from "../compiled/program.ts";
import { runInStore, type SandboxOptions } from "./sandbox.ts";
import { hostPath, packagePath } from "./store.ts";

/** How one start ended. */
export interface Start {
  readonly end: "exit" | "signal";
  /** Exit status, or the signal's number. */
  readonly number: number;
  /** stdout and stderr together, a character a byte. */
  readonly output: string;
}

/** Starts the program once with each of the files, which replace the one at `replaced` in its store: a sidecar, or itself. */
export async function runEach(
  program: Pick<Program, "store" | "path">,
  replaced: string,
  files: readonly Uint8Array[],
  options: Pick<SandboxOptions, "binds" | "storeAt"> = {},
): Promise<readonly Start[]> {
  const driver = await addDriver(program.store, "run-each");
  const cases = `${packagePath("run-each")}/cases`;
  mkdirSync(hostPath(program.store, cases), { recursive: true });
  for (const [index, bytes] of files.entries())
    writeFileSync(hostPath(program.store, `${cases}/${index}`), bytes, { mode: 0o755 });
  const qemu = neededEmulatorIn(program.store, program.path);
  const command = [
    driver,
    ...[replaced, cases, `${files.length}`],
    ...(qemu === undefined ? [] : [emulatorPath]),
    program.path,
  ] as const;
  const ran = await runInStore(program.store, command, {
    ...options,
    seconds: 60 + files.length / 20,
    binds: [...(qemu === undefined ? [] : [[qemu, emulatorPath] as const]), ...(options.binds ?? [])],
  });
  if (ran.exitCode !== 0) throw new Error(`run-each: ${ran.exitCode}: ${ran.stderr}`);
  return ran.stdout.trimEnd().split("\n").map(readStart);
}

function readStart(line: string): Start {
  const [, end, number, hex = ""] = line.split(" ");
  return {
    end: end === "signal" ? "signal" : "exit",
    number: Number(number),
    output: Buffer.from(hex, "hex").toString("latin1"),
  };
}
