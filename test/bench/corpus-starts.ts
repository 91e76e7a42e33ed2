// The programs of the corpus: pinned beside the original and what patchelf makes of it.

import type { Store } from "../support/store.ts";
import type { Executable } from "./executables.ts";
import { type Libraries, prepare } from "./programs.ts";
import type { CorpusStart, Way } from "./results.ts";
import { roundsFor } from "./scale.ts";
import { startedIn, timeStarts } from "./start-up.ts";
import { medianRatio, summarise } from "./statistics.ts";

const compared: readonly Way[] = ["pinned", "original", "patchelf"];

/** Undefined for a program that `--version` does not end, pinned or not. */
export async function measureCorpusStart(
  store: Store,
  libraries: Libraries,
  { name, path, size }: Executable,
): Promise<CorpusStart | undefined> {
  const foreign = { name, file: path, libraryDirectories: [libraries.gcc] };
  const program = await prepare(store, libraries, foreign, compared);
  if (program.paths.pinned === undefined) return undefined;
  const present = compared.filter((way) => program.paths[way] !== undefined);
  const programs = present.map((way) => startedIn(program, way));
  const first = (await timeStarts(store, programs, 1)).flat();
  const rounds = roundsFor((first.reduce((sum, one) => sum + one, 0) / first.length / 1e6) * programs.length);
  const [pinned = [], original = [], patchelf] = await timeStarts(store, programs, rounds);
  return {
    name,
    megabytes: size / 1e6,
    rounds,
    pinned: summarise(pinned.map((nanoseconds) => nanoseconds / 1e6)),
    toOriginal: medianRatio(pinned, original),
    ...(patchelf === undefined ? {} : { toPatchelf: medianRatio(pinned, patchelf) }),
  };
}
