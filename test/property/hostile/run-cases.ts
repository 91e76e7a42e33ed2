// Tries cases in threads of their own, so that one that does not come to an end, or takes all memory, is known by its number.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { Seed } from "./seeds.ts";
import type { Finding, Summary, Task } from "./task.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const findings = `${root}build/fuzz`;

/** A case takes milliseconds; one that takes this long has no end. */
const timeLimit = 60_000;

/** What a thread may have on its heap: the code, the trees' maps, and one case of a file of a few MB. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

export interface Ran {
  readonly findings: readonly Finding[];
  readonly summaries: readonly Summary[];
}

export interface Effort {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly threads: number;
}

/** Tries the cases from `first` to before `end` with all seeds. */
export async function runCases(seeds: readonly Seed[], { seed, first, end, threads }: Effort): Promise<Ran> {
  const worker = await bundleWorker();
  mkdirSync(findings, { recursive: true });
  const ran = await Promise.all(
    Array.from({ length: Math.min(threads, end - first) }, (_, index) =>
      runThread(worker, { seeds, seed, first: first + index, step: threads, end }),
    ),
  );
  rmSync(worker);
  return { findings: ran.flatMap((one) => one.findings), summaries: ran.flatMap((one) => one.summaries) };
}

/** Two levels below the package's root, where src/patch/blobs.ts looks for the blobs from. */
async function bundleWorker(): Promise<string> {
  const outfile = `${root}build/hostile/worker-${process.pid}.js`;
  await build({
    absWorkingDir: root,
    entryPoints: ["test/property/hostile/worker.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.12",
    sourcemap: "inline",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

function runThread(worker: string, task: Pick<Task, "seeds" | "seed" | "first" | "step" | "end">): Promise<Ran> {
  const directory = temporaryDirectory();
  const progress = new SharedArrayBuffer(8);
  const now = new Int32Array(progress);
  const found: Finding[] = [];
  const summaries: Summary[] = [];
  const thread = new Worker(worker, { workerData: { ...task, directory, findings, progress }, resourceLimits });
  return new Promise((resolve) => {
    let before = -1;
    const watch = setInterval(() => {
      const begun = Atomics.load(now, 1);
      if (begun === before) stop("no end in sight");
      else console.info(`${begun} cases, ${found.length} findings`);
      before = begun;
    }, timeLimit);
    const end = (): void => {
      clearInterval(watch);
      resolve({ findings: found, summaries });
    };
    function stop(complaint: string): void {
      const number = Atomics.load(now, 0);
      const file = join(findings, `hostile-${task.seed}-${number}`);
      found.push({ number, title: "", file, complaints: [complaint] });
      void thread.terminate().then(end);
    }
    thread.on("message", (message: Finding | Summary) => {
      if ("number" in message) found.push(message);
      else summaries.push(message);
    });
    thread.on("error", (error) => stop(`the thread ends: ${error.stack ?? error.message}`));
    thread.on("exit", end);
  });
}
