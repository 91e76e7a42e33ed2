// Start-up: the programs are started in turn, so that all of them see the same machine.

import type { Store } from "../support/store.ts";
import { type Measured, ways } from "./programs.ts";
import type { Start, StartUp, Way } from "./results.ts";
import { addTool, runForBench } from "./run.ts";
import { medianRatio, summarise } from "./statistics.ts";

/** Nanoseconds from spawn to exit of `--version`, a list for each program. */
export async function timeStarts(
  store: Store,
  programs: readonly string[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const spawn = await addTool(store, "spawn");
  const ran = await runForBench(store, [spawn, String(rounds), ...programs, "--", "--version"]);
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  const columns = programs.map((): number[] => []);
  for (const line of ran.stdout.trim().split("\n")) {
    for (const [column, text] of line.split(" ").entries()) columns[column]?.push(Number(text));
  }
  return columns;
}

export async function measureStartUp(store: Store, program: Measured, rounds: number): Promise<StartUp> {
  const present = ways.filter((way) => program.paths[way] !== undefined);
  const argument = (way: Way) => `${program.paths[way] ?? ""}${way === "original" ? `@${program.libraryPath}` : ""}`;
  const columns = await timeStarts(store, present.map(argument), rounds);
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
async function observe(
  store: Store,
  program: Measured,
  way: Way,
): Promise<Pick<Start, "systemCalls" | "privateDirty">> {
  const environment = way === "original" ? { LD_LIBRARY_PATH: program.libraryPath } : {};
  const tool = await addTool(store, "observe");
  const ran = await runForBench(store, [tool, program.paths[way] ?? "", "--version"], environment);
  // A program whose other threads end it may be gone before it can be asked.
  if (ran.exitCode !== 0) return {};
  const [systemCalls = Number.NaN, privateDirty = Number.NaN] = ran.stdout.trim().split(" ").map(Number);
  return { systemCalls, privateDirty };
}
