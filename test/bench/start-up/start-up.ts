// Start-up: the programs are started in turn, so that all of them see the same machine.

import { execaSync } from "execa";
import { hostPath, type Store } from "../../support/roots/store.ts";
import type { Start, StartUp, Way } from "../results.ts";
import { medianRatio, type Summary, summarise } from "../statistics.ts";
import { type Measured, ways } from "./programs.ts";
import { addTool, runForBench } from "./run.ts";

/** A program that is given `--version`. */
export interface Started {
  readonly path: string;
  /** LD_LIBRARY_PATH, where it has to be set. */
  readonly libraryPath?: string;
}

/** The program in one of its ways, as it is started. */
export function startedIn({ paths, libraryPath }: Measured, way: Way): Started {
  return { path: paths[way] ?? "", ...(way === "original" ? { libraryPath } : {}) };
}

/** How often the files get other places in memory: which they have changes a start by a few percent. */
const batches = 3;

/** Nanoseconds from spawn to exit of `--version`, a list for each program. */
export async function timeStarts(
  store: Store,
  programs: readonly Started[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const spawn = await addTool(store, "spawn");
  const words = programs.map(({ path, libraryPath }) => (libraryPath === undefined ? path : `${path}@${libraryPath}`));
  const columns = programs.map((): number[] => []);
  for (let batch = 0; batch < batches; batch++) {
    settle(
      store,
      programs.map(({ path }) => hostPath(store, path)),
    );
    const share = String(Math.ceil(rounds / batches));
    const ran = await runForBench(store, [spawn, share, ...words, "--", "--version"]);
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    for (const line of ran.stdout.trim().split("\n")) {
      for (const [column, text] of line.split(" ").entries()) columns[column]?.push(Number(text));
    }
  }
  return columns;
}

/**
 * Has each file in memory as one that was read from the disk. What has just been written is there in pieces of another
 * size, depending on who wrote it, and a program that is mapped from larger pieces starts up to 5 % faster: measured,
 * patchelf's version against a copy of the original. Dirty pages would count as the process's own, too.
 */
function settle(store: Store, files: readonly string[]): void {
  execaSync("sync", ["--file-system", store.directory]);
  for (const file of files) {
    execaSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
    execaSync("cat", [file], { stdout: "ignore" });
  }
}

export async function measureStartUp(store: Store, program: Measured, rounds: number): Promise<StartUp> {
  const present = ways.filter((way) => program.paths[way] !== undefined);
  const columns = await timeStarts(
    store,
    present.map((way) => startedIn(program, way)),
    rounds,
  );
  const base = columns[present.indexOf("patchelf")] ?? [];
  const result: { [way in Way]?: Start } = {};
  for (const [column, way] of present.entries()) {
    const nanoseconds = columns[column] ?? [];
    result[way] = {
      ...summarise(nanoseconds.map((one) => one / 1000)),
      toPatchelf: medianRatio(nanoseconds, base),
      ...(await observe(store, program, way)),
    };
  }
  return { name: program.name, ways: result };
}

/** What has happened when main begins. */
async function observe(store: Store, program: Measured, way: Way): Promise<Omit<Start, "toPatchelf" | keyof Summary>> {
  const environment = way === "original" ? { LD_LIBRARY_PATH: program.libraryPath } : {};
  const tool = await addTool(store, "observe");
  const ran = await runForBench(store, [tool, program.paths[way] ?? "", "--version"], environment);
  // A program whose other threads end it may be gone before it can be asked.
  if (ran.exitCode !== 0) return {};
  const [
    systemCalls = Number.NaN,
    privateDirty = Number.NaN,
    opens = Number.NaN,
    maps = Number.NaN,
    pageFaults = Number.NaN,
  ] = ran.stdout.trim().split(" ").map(Number);
  return { systemCalls, privateDirty, opens, maps, pageFaults };
}
