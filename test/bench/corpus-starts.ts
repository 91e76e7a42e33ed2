// The programs of the corpus: pinned beside patched with patchelf.

import type { Store } from "../support/store.ts";
import type { Executable } from "./executables.ts";
import { type Libraries, prepare } from "./programs.ts";
import type { CorpusStart } from "./results.ts";
import { roundsFor } from "./scale.ts";
import { timeStarts } from "./start-up.ts";
import { medianRatio, summarise } from "./statistics.ts";

/** Undefined for a program that `--version` does not end, pinned or not. */
export async function measureCorpusStart(
  store: Store,
  libraries: Libraries,
  { name, path, size }: Executable,
): Promise<CorpusStart | undefined> {
  const program = { name, file: path, libraryDirectories: [libraries.gcc] };
  const { paths } = await prepare(store, libraries, program, ["patchelf", "pinned"]);
  if (paths.pinned === undefined) return undefined;
  const programs = [paths.pinned, ...(paths.patchelf === undefined ? [] : [paths.patchelf])];
  const [first = [Number.NaN]] = await timeStarts(store, programs, 2);
  const rounds = roundsFor((Math.min(...first) / 1e6) * programs.length);
  const [pinned = [], patchelf] = await timeStarts(store, programs, rounds);
  return {
    name,
    megabytes: size / 1e6,
    rounds,
    pinned: summarise(pinned.map((nanoseconds) => nanoseconds / 1e6)),
    ...(patchelf === undefined ? {} : { toPatchelf: medianRatio(pinned, patchelf) }),
  };
}
