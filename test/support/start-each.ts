// Many programs of a store started one after the other in one sandbox.

import { readFileSync } from "node:fs";
import { compile } from "./compile.ts";
import { emulator, emulatorPath } from "./emulator.ts";
import type { Machine } from "./machines.ts";
import { runInStore } from "./sandbox.ts";
import { addFiles, packagePath, type Store } from "./store.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

export interface Started {
  readonly path: string;
  /** stdout and stderr together. */
  readonly output: string;
  /** Exit status, or 128 and a signal's number. */
  readonly status: number;
}

/** Starts `WORDS PROGRAM` for each program, natively on x86_64, elsewhere by qemu, in a root that holds only the store. */
export async function startEach(
  { name }: Machine,
  store: Store,
  programs: readonly string[],
  words: readonly string[] = [],
): Promise<readonly Started[]> {
  const source = readFileSync(new URL("../fixtures/native/start-each.c", import.meta.url), "utf8");
  const driver = await compile(`${temporaryDirectory()}/start-each`, {
    files: { "start-each.c": source },
    flags: ["-O2", "-static"],
  });
  const bin = addFiles(store, `${packagePath("start-each")}/bin`, [driver]);
  const qemu = name === "x86_64" ? [] : [emulatorPath];
  const ran = await runInStore(store, [`${bin}/start-each`, ...qemu, ...words, "--", ...programs], {
    seconds: 60 + 5 * programs.length,
    binds: name === "x86_64" ? [] : [[emulator(name), emulatorPath]],
  });
  if (ran.exitCode !== 0) throw new Error(`start-each: ${ran.exitCode}: ${ran.stderr}`);
  return [...ran.stdout.matchAll(/^> (.*)\n([\s\S]*?)^< (\d+)\n/gm)].map(([, path = "", output = "", status]) => ({
    path,
    output,
    status: Number(status),
  }));
}
