// Names of libraries in text that goes on before and after them, as Rust and Go keep their strings: only those of
// libraries that programs are known to open, and only where the program looks up functions of the library, too.

import { Buffer } from "node:buffer";
import { groupBy } from "../base/group-by.ts";
import { type AskedLibrary, askedLibraries } from "../linker/load/asked-functions.ts";
import { type Chunk, stride } from "./search-ranges.ts";

const suffix = ".so";

/** By the last letter before the suffix: most text before `.so` ends in another one. */
const byLastLetter: ReadonlyMap<string, readonly AskedLibrary[]> = new Map(
  groupBy(askedLibraries, ({ stem }) => stem.slice(-1)).map((alike) => [alike[0]?.stem.slice(-1) ?? "", alike]),
);

/** Before a name they make another name of it, or a path: libx-libGL.so, /usr/lib/libGL.so. */
const partsOfNames: ReadonlySet<number> = new Set(Buffer.from("/-_+"));

/** The longest name that is searched for, with the byte before it and the byte after it. */
export const longestName = 64;

/**
 * The name whose `.so` stands at `at` of the chunk; undefined for none, and for one that is whole in the chunk before or
 * after, too, and known there. A digit after the name is not taken for a part of it if the name is one without it.
 */
export function unendedName({ bytes, offset, range }: Chunk, at: number): string | undefined {
  for (const { stem, version } of byLastLetter.get(bytes.toString("latin1", at - 1, at)) ?? []) {
    const start = at - stem.length;
    const isSeenHere = (start > 0 || (start === 0 && offset === range.start)) && start <= stride;
    if (!isSeenHere || bytes.toString("latin1", start, at) !== stem) continue;
    if (start > 0 && partsOfNames.has(bytes[start - 1] ?? 0)) return undefined;
    const rest = bytes.toString("latin1", at + suffix.length, at + suffix.length + version.length);
    if (rest === version) return `${stem}${suffix}${version}`;
    return /^\.[0-9]/.test(rest) ? undefined : `${stem}${suffix}`;
  }
  return undefined;
}

/** Those of `stems` whose functions the chunks have the names of. */
export function stemsAskedFor(chunks: Iterable<Chunk>, stems: ReadonlySet<string>): readonly string[] {
  const libraries = askedLibraries.filter(({ stem }) => stems.has(stem));
  // One pass for all of them: twice as fast as a search for each where there are twelve.
  const anyFunction = new RegExp(libraries.flatMap(({ functions }) => functions).join("|"), "g");
  const seen = new Set<string>();
  const isAsked = ({ functions }: AskedLibrary): boolean => functions.some((name) => seen.has(name));
  for (const { bytes } of chunks) {
    for (const [name] of bytes.toString("latin1").matchAll(anyFunction)) seen.add(name);
    if (libraries.every(isAsked)) break;
  }
  return libraries.filter(isAsked).map(({ stem }) => stem);
}
