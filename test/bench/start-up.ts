// Start-up: the programs are started in turn, so that all of them see the same machine.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../support/compile.ts";
import { runBesideStore } from "../support/sandbox.ts";
import type { Store } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { type Measured, type Way, ways } from "./programs.ts";
import { medianRatio, type Summary, summarise } from "./statistics.ts";

export interface StartUp {
  readonly name: string;
  /** From spawn to exit, microseconds; and the median of its ratios to patchelf's, round by round. */
  readonly ways: { readonly [way in Way]?: Summary & { readonly toPatchelf: number } };
  /** System calls of the whole run. */
  readonly systemCalls: { readonly [way in Way]?: number };
}

export async function measureStartUp(store: Store, program: Measured, rounds: number): Promise<StartUp> {
  const source = readFileSync(fileURLToPath(new URL("../../test/bench/spawn.c", import.meta.url)), "utf8");
  const spawn = await compile(join(temporaryDirectory(), "spawn"), { files: { "spawn.c": source } });
  const present = ways.filter((way) => program.paths[way] !== undefined);
  const argument = (way: Way) => `${program.paths[way] ?? ""}${way === "original" ? `@${program.libraryPath}` : ""}`;
  const ran = await runBesideStore(store, [spawn, String(rounds), ...present.map(argument)], { seconds: 600 });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  const columns = present.map((): number[] => []);
  for (const line of ran.stdout.trim().split("\n")) {
    for (const [column, text] of line.split(" ").entries()) columns[column]?.push(Number(text) / 1000);
  }
  const base = columns[present.indexOf("patchelf")] ?? [];
  const result: { [way in Way]?: Summary & { readonly toPatchelf: number } } = {};
  const systemCalls: { [way in Way]?: number } = {};
  for (const [column, way] of present.entries()) {
    const values = columns[column] ?? [];
    result[way] = { ...summarise(values), toPatchelf: medianRatio(values, base) };
    const environment = way === "original" ? { LD_LIBRARY_PATH: program.libraryPath } : {};
    systemCalls[way] = await countSystemCalls(store, program.paths[way] ?? "", environment);
  }
  return { name: program.name, ways: result, systemCalls };
}

async function countSystemCalls(
  store: Store,
  path: string,
  environment: { readonly [name: string]: string },
): Promise<number> {
  const ran = await runBesideStore(store, ["strace", "-qq", path, "--version"], { environment });
  return ran.stderr.split("\n").filter((line) => /^\w+\(/.test(line)).length;
}
