// Programs that are taken along, beside each other: how large, how quick to start, and what breaks.

import { execaSync } from "execa";
import { createStore, hostPath, type Store } from "../../support/roots/store.ts";
import { scale } from "../scale.ts";
import { timeStarts } from "../start-up/start-up.ts";
import { medianRatio } from "../statistics.ts";
import { breaksOf, compileSelf } from "./checks.ts";
import { type BundleResults, type BundleWay, bundleWays, type MeasuredProgram } from "./results.ts";
import { bytesOf, filesBelow, type Taken, takeAlong } from "./ways.ts";

/** One with few libraries, one with many. */
const programs = ["/usr/bin/jq", "/usr/bin/curl"];

type TakenInWay = readonly (readonly [BundleWay, Taken])[];

async function takeInEveryWay(store: Store, program: string, libraryPath?: string): Promise<TakenInWay> {
  const taken: [BundleWay, Taken][] = [];
  for (const way of bundleWays) {
    taken.push([way, await takeAlong(way, store, program, libraryPath)]);
  }
  return taken;
}

/** Each of `taken` is started in turn. */
async function measureProgram(name: string, taken: TakenInWay, store: Store): Promise<readonly MeasuredProgram[]> {
  // Read from the disk, all of them: what has just been written is mapped in larger pieces.
  for (const [, { directory }] of taken) {
    execaSync("sync", ["--file-system", store.directory]);
    for (const file of filesBelow(hostPath(store, directory))) {
      execaSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
    }
  }
  const started = taken.map(([, { directory, program }]) => ({ path: `${directory}/${program}` }));
  const columns = await timeStarts(store, started, scale.rounds);
  const base = columns[taken.findIndex(([way]) => way === "as installed")] ?? [];
  return taken.map(([, one], at) => ({
    name,
    bytes: bytesOf(store, one),
    toInstalled: medianRatio(columns[at] ?? [], base),
  }));
}

export async function measureBundles(): Promise<BundleResults> {
  const store = createStore();
  const measured: (readonly [BundleWay, MeasuredProgram])[] = [];
  for (const program of programs) {
    const taken = await takeInEveryWay(store, program);
    const results = await measureProgram(program.slice(program.lastIndexOf("/") + 1), taken, store);
    for (const [at, result] of results.entries()) measured.push([taken[at]?.[0] ?? "as installed", result]);
  }
  const { program, libraryPath } = await compileSelf();
  const ways = [];
  for (const [way, taken] of await takeInEveryWay(store, program, libraryPath)) {
    const own = measured.flatMap(([other, result]) => (other === way ? [result] : []));
    ways.push({ way, programs: own, breaks: way === "as installed" ? [] : await breaksOf(store, taken) });
  }
  return { rounds: scale.rounds, ways };
}
