// A thread that tries one case after another; what holds of them is in reader.ts and way-there-and-back.ts.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { countAllocations } from "./allocations.ts";
import { chooseCase, type Place, preparePlace } from "./cases.ts";
import { readAll } from "./reader.ts";
import type { Finding, Summary, Task } from "./task.ts";
import { putBack } from "./way-there-and-back.ts";

/**
 * Buffers that one command may make, as a multiple of the file's bytes and a number for blobs, libraries and pages: each
 * file of the tree is read whole now and then.
 */
const allocationFactor = 24;
const allocationBase = 8 << 20;

/** Calls for bytes, and bytes, that asking everything of a file in memory may take. */
const largestReads = 1_200_000;
const readFactor = 40;
const readBase = 4 << 20;

countAllocations();
const task = workerData as Task;
const progress = new Int32Array(task.progress);
const places = task.seeds.map((seed, index): Place => {
  const directory = join(task.directory, `${index}`);
  mkdirSync(directory);
  return preparePlace(seed, directory);
});
const outcomes = new Map<string, number>();
const largest = { reads: 0, bytesRead: 0, allocated: 0, milliseconds: 0, slowest: 0 };

function count(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function tryCase(number: number): void {
  const { tree, title, bytes, visit } = chooseCase(places, task.seed, number);
  const complaints: string[] = [];
  const start = performance.now();
  try {
    const { kind, reads, bytes: asked } = readAll(bytes);
    count(`read: ${kind}`);
    largest.reads = Math.max(largest.reads, reads);
    largest.bytesRead = Math.max(largest.bytesRead, asked / (bytes.length + readBase));
    if (reads > largestReads) complaints.push(`${reads} reads`);
    if (asked > readFactor * bytes.length + readBase) complaints.push(`${asked} bytes read of ${bytes.length}`);
  } catch (error) {
    complaints.push(`reading throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const visited = visit();
  putBack(tree);
  count(visited.outcome);
  complaints.push(...visited.complaints);
  largest.allocated = Math.max(largest.allocated, visited.allocated / (bytes.length + allocationBase));
  const allowed = allocationFactor * bytes.length + allocationBase;
  if (visited.allocated > allowed) {
    complaints.push(`${visited.allocated} bytes of buffers for a file of ${bytes.length}`);
  }
  const milliseconds = Math.round(performance.now() - start);
  if (milliseconds > largest.milliseconds) Object.assign(largest, { milliseconds, slowest: number });
  if (complaints.length === 0) return;
  const file = join(task.findings, `hostile-${task.seed}-${number}`);
  writeFileSync(file, bytes);
  parentPort?.postMessage({ number, title, file, complaints } satisfies Finding);
}

for (let number = task.first; number < task.end; number += task.step) {
  Atomics.store(progress, 0, number);
  Atomics.add(progress, 1, 1);
  tryCase(number);
}
parentPort?.postMessage({ outcomes: [...outcomes], largest } satisfies Summary);
