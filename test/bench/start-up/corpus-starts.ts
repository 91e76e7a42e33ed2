// The programs of the corpus: pinned beside the original and what patchelf makes of it.

import { rmSync } from "node:fs";
import { createStore } from "../../support/roots/store.ts";
import type { Executable } from "../executables.ts";
import type { CorpusStart, Way } from "../results.ts";
import { roundsFor } from "../scale.ts";
import { medianRatio, summarise } from "../statistics.ts";
import { addLibraries, prepare } from "./programs.ts";
import { startedIn, timeStarts } from "./start-up.ts";

const compared: readonly Way[] = ["pinned", "original", "patchelf"];

/** Undefined for a program that `--version` does not end, pinned or not. */
export async function measureCorpusStart({ name, path, size }: Executable): Promise<CorpusStart | undefined> {
  // One of its own, so that no more than a few copies of large files are there at a time.
  const store = createStore();
  const libraries = addLibraries(store);
  const foreign = { name, file: path, libraryDirectories: [libraries.gcc] };
  const program = await prepare(store, libraries, foreign, compared);
  if (program.paths.pinned === undefined) return undefined;
  const present = compared.filter((way) => program.paths[way] !== undefined);
  const programs = present.map((way) => startedIn(program, way));
  const first = (await timeStarts(store, programs, 1)).flat();
  const rounds = roundsFor((first.reduce((sum, one) => sum + one, 0) / first.length / 1e6) * programs.length);
  const [pinned = [], original = [], patchelf] = await timeStarts(store, programs, rounds);
  rmSync(store.directory, { recursive: true });
  return {
    name,
    megabytes: size / 1e6,
    rounds,
    pinned: summarise(pinned.map((nanoseconds) => nanoseconds / 1e6)),
    toOriginal: medianRatio(pinned, original),
    ...(patchelf === undefined ? {} : { toPatchelf: medianRatio(pinned, patchelf) }),
  };
}
