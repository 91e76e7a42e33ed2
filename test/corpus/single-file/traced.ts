// Programs that open addons while they run, by the dynamic linker's own account.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, runInStore } from "../../support/roots/sandbox.ts";
import type { Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

export interface Traced {
  readonly ran: Ran;
  /** What LD_DEBUG=files says, of all its processes. */
  readonly trace: string;
}

/** Starts a program in an empty directory, in a root that holds only the store. */
export async function startTraced(store: Store, command: readonly [string, ...string[]]): Promise<Traced> {
  const work = temporaryDirectory();
  const ran = await runInStore(store, command, {
    binds: [[work, "/work"]],
    workingDirectory: "/work",
    environment: { LD_DEBUG: "files", LD_DEBUG_OUTPUT: "/work/trace" },
    seconds: 60,
  });
  const traces = readdirSync(work).filter((name) => name.startsWith("trace"));
  return { ran, trace: traces.map((name) => readFileSync(join(work, name), "utf8")).join("") };
}

/** The initialisers of an addon that the program has unpacked have run, after those of what it needs. */
export const addonLoaded = /calling init: \/nix\/store\/\S*libstdc\+\+\.so\.6[\s\S]*calling init: \/tmp\/\S*\.node/;
