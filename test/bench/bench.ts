// npm run bench: measures start-up and wrapping, prints tables, writes results.json and start-up.svg beside this file.
// A measurement, not a test: nothing passes or fails by a time.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createStore } from "../support/store.ts";
import { removeTemporaryDirectories } from "../support/temporary-directory.ts";
import { drawStartUp } from "./picture.ts";
import { preparePrograms, ways } from "./programs.ts";
import { measureStartUp, type StartUp } from "./start-up.ts";
import { measureBytes, measureWrapping } from "./wrapping.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 300);

const store = createStore();
try {
  console.log("start-up, microseconds (median, p10), ratio to patchelf's version, system calls");
  const startUp: StartUp[] = [];
  for (const program of await preparePrograms(store)) {
    const result = await measureStartUp(store, program, rounds);
    startUp.push(result);
    console.log(result.name);
    for (const way of ways) {
      const measured = result.ways[way];
      if (measured === undefined) {
        console.log(`  ${way.padEnd(14)} does not run`);
        continue;
      }
      const { median, p10, toPatchelf } = measured;
      const numbers = [median.toFixed(0).padStart(8), p10.toFixed(0).padStart(8), toPatchelf.toFixed(3).padStart(8)];
      console.log(`  ${way.padEnd(14)} ${numbers.join("")} ${String(result.systemCalls[way] ?? "").padStart(6)}`);
    }
  }
  const wrapping = await measureWrapping();
  console.log("wrapping, milliseconds (median, p10), ratio, peak memory");
  for (const { name, time, base, toBase, memory } of wrapping) {
    console.log(
      `  ${name.padEnd(40)} ${time.median.toFixed(0)} ${time.p10.toFixed(0)}  ${toBase.toFixed(2)} × ${base}, ${memory.toFixed(0)} MB`,
    );
  }
  const bytes = measureBytes();
  console.log(`one large executable: ${bytes.read} bytes read, ${bytes.written} bytes written`);

  const place = (name: string) => fileURLToPath(new URL(`../../test/bench/${name}`, import.meta.url));
  writeFileSync(place("results.json"), `${JSON.stringify({ rounds, startUp, wrapping, bytes }, null, 1)}\n`);
  writeFileSync(place("start-up.svg"), drawStartUp(startUp));
} finally {
  removeTemporaryDirectories();
}
