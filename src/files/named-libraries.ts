// Names of libraries among the constants of an ELF file: what it may open while it runs, as far as its text tells.

import { mayNameSymbol } from "../elf/dynamic/imports.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { once } from "../elf/once.ts";
import { readOnlyData } from "../elf/read-only-data.ts";
import { stemOf } from "../linker/load/commonly-opened.ts";
import { type Chunk, searchRanges } from "./search-ranges.ts";
import { longestName, stemsAskedFor, unendedName } from "./unended-names.ts";

/** What is searched for: rarer than any other part of a name. */
const suffix = Buffer.from(".so");

/**
 * A whole name at the end of a text: no path, nothing to be filled in, not two names. What stands before it is no text: a
 * NUL, or the last byte of a number. Or it is the last word of a sentence, since linkers keep a string that is the end of
 * another one only there: "Could not load libdbus-1.so.3" is all that MangoHud 0.6 has of the name that it opens.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is no text
const wholeName = /(?:^|[\0-\x08\x0e-\x1f ])(lib(?:(?!\.so(?:\.|lib))[A-Za-z0-9_+.-])+\.so(?:\.[0-9]+)*)$/;

/** Where the search ends: more constants than any program has (node: 35 MB). Bytes. */
const mostBytes = 0x8000000;

/**
 * The names of libraries that the file at `path`, read as `elf`, has among its constants. As C has them: whole strings
 * with a NUL after and before them. As Rust and Go have them, in the midst of other text: see unended-names.ts. In the
 * order in which they lie in the file, each once. [] for a file that opens nothing itself, for want of `dlopen`, and for
 * one that cannot be read.
 */
export function namedLibraries(path: string, elf: ElfFile): readonly string[] {
  const ranges = once(() => (mayNameSymbol(elf, "dlopen") || mayNameSymbol(elf, "dlmopen") ? readOnlyData(elf) : []));
  const searched = { ranges, overhang: longestName, mostBytes };
  const names = searchRanges(path, searched, search);
  const unended = names.filter(({ isWhole }) => !isWhole).map(({ name }) => stemOf(name));
  const asked =
    unended.length === 0 ? [] : searchRanges(path, searched, (chunks) => stemsAskedFor(chunks, new Set(unended)));
  return names.flatMap(({ name, isWhole }) => (isWhole || asked.includes(stemOf(name)) ? name : []));
}

interface FoundName {
  readonly name: string;
  /** Whether it is a string of its own somewhere. */
  readonly isWhole: boolean;
}

function search(chunks: Iterable<Chunk>): readonly FoundName[] {
  const found = new Map<string, boolean>();
  for (const chunk of chunks) {
    const { bytes, offset, range } = chunk;
    for (let at = bytes.indexOf(suffix); at !== -1; at = bytes.indexOf(suffix, at + 1)) {
      const whole = nameAround(bytes, at, offset === range.start);
      const name = whole ?? unendedName(chunk, at);
      if (name !== undefined) found.set(name, whole !== undefined || found.get(name) === true);
    }
  }
  return [...found].map(([name, isWhole]) => ({ name, isWhole }));
}

const dot = 0x2e;

/** What a name ends in, and nothing after it. */
const suffixAndVersion = /^\.so(?:\.[0-9]+)*$/;

/** The string around the suffix at `at`, where it is a name; `isStart`: the bytes begin with a constant. */
function nameAround(bytes: Buffer, at: number, isStart: boolean): string | undefined {
  const next = bytes[at + suffix.length];
  if (next !== 0 && next !== dot) return undefined;
  // Never further than a name is long: a file may have nothing but suffixes.
  const first = Math.max(at - longestName, 0);
  const around = bytes.subarray(first, at + longestName);
  const end = around.indexOf(0, at - first);
  if (end === -1 || !suffixAndVersion.test(around.toString("latin1", at - first, end))) return undefined;
  const before = around.lastIndexOf(0, at - first);
  if (before === -1 && !(isStart && first === 0)) return undefined;
  return wholeName.exec(around.toString("latin1", Math.max(before, 0), end))?.[1];
}
