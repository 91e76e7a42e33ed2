// Many programs of a store started one after the other in one sandbox.

import { addDriver } from "../compiled/driver.ts";
import { emulator, emulatorPath } from "../compiled/emulator.ts";
import type { Machine } from "../compiled/machines.ts";
import { runInStore, type SandboxOptions } from "./sandbox.ts";
import type { Store } from "./store.ts";

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
  { storeAt }: Pick<SandboxOptions, "storeAt"> = {},
): Promise<readonly Started[]> {
  const driver = await addDriver(store, "start-each");
  const qemu = name === "x86_64" ? [] : [emulatorPath];
  const ran = await runInStore(store, [driver, ...qemu, ...words, "--", ...programs], {
    seconds: 60 + 5 * programs.length,
    binds: name === "x86_64" ? [] : [[emulator(name), emulatorPath]],
    ...(storeAt === undefined ? {} : { storeAt }),
  });
  if (ran.exitCode !== 0) throw new Error(`start-each: ${ran.exitCode}: ${ran.stderr}`);
  return [...ran.stdout.matchAll(/^> (.*)\n([\s\S]*?)^< (\d+)\n/gm)].map(([, path = "", output = "", status]) => ({
    path,
    output,
    status: Number(status),
  }));
}
