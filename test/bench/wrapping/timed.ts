// Whole processes, of node most of them, in turn with what they are compared to.

import { execaSync } from "execa";
import type { Timed } from "../results.ts";
import { medianRatio, summarise } from "../statistics.ts";

/** What is started. */
export interface TimedRun {
  readonly name: string;
  /** Without it node. */
  readonly program?: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Done before each run, not measured. */
  readonly reset?: () => void;
}

interface Sample {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** One run; GNU time says its peak memory. */
function sample({ program = process.execPath, args, input, environment = {}, reset }: TimedRun): Sample {
  reset?.();
  const start = process.hrtime.bigint();
  const { stderr } = execaSync("/usr/bin/time", ["-f", "%M", program, ...args], {
    env: environment,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  return { milliseconds, megabytes: Number(stderr.trim().split("\n").at(-1)) / 1024 };
}

/** `run` and `base` in turn, each first every other time. A base that does a part of the work counts that many times. */
export function compare(run: TimedRun, base: TimedRun, rounds: number, baseTimes = 1): Timed {
  const samples: Sample[] = [];
  const bases: Sample[] = [];
  const measureRun = () => samples.push(sample(run));
  const measureBase = () => bases.push(sample(base));
  for (let round = 0; round < rounds; round++) {
    for (const measure of round % 2 === 0 ? [measureRun, measureBase] : [measureBase, measureRun]) measure();
  }
  const milliseconds = samples.map((one) => one.milliseconds);
  return {
    name: run.name,
    time: summarise(milliseconds),
    base: baseTimes === 1 ? base.name : `${baseTimes} × ${base.name}`,
    toBase: medianRatio(
      milliseconds,
      bases.map((one) => one.milliseconds * baseTimes),
    ),
    memory: Math.max(...samples.map(({ megabytes }) => megabytes)),
  };
}
