// Programs that are measured see this machine and the store, and nothing that they write in a home directory stays.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../support/compiled/compile.ts";
import { repository } from "../../support/repository.ts";
import { type Ran, runBesideStore } from "../../support/roots/sandbox.ts";
import { addFiles, packagePath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

export function runForBench(
  store: Store,
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return runBesideStore(store, command, {
    environment: { HOME: "/tmp", ...environment },
    bwrap: ["--tmpfs", "/tmp", "--tmpfs", "/root", "--chdir", "/tmp"],
    seconds: 600,
  });
}

/** One of the C programs beside this file, compiled into the store. */
export async function addTool(store: Store, name: "spawn" | "observe"): Promise<string> {
  const source = readFileSync(new URL(`test/bench/start-up/${name}.c`, repository), "utf8");
  const file = await compile(join(temporaryDirectory(), name), { files: { [`${name}.c`]: source } });
  return `${addFiles(store, `${packagePath("bench")}/bin`, [file])}/${name}`;
}
