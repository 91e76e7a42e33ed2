// Shared libraries inside an executable: the addons of single-file programs. Only what they say to a dynamic linker is
// read.
//
//   0 7f 'E' 'L' 'F' | 4 EI_CLASS | 5 EI_DATA | 6 EI_VERSION | ... | 16 e_type u16 | 18 e_machine u16 | 20 e_version u32

import { viewOf } from "../elf/codec.ts";
import { ET_DYN, EV_CURRENT } from "../elf/constants.ts";
import type { ByteSource, ElfFile, ElfIdentity } from "../elf/elf-file.ts";
import { ElfError } from "../elf/error.ts";
import { parseElf } from "../elf/parse-elf.ts";
import { payloadRanges } from "../elf/payload.ts";
import { fileSource } from "../elf/source.ts";
import type { EmbeddedLibrary } from "../linker/load/embedded-library.ts";
import { readObjectFacts } from "../linker/load/object-facts.ts";
import { type Chunk, searchRanges, stride } from "./search-ranges.ts";

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Up to here the file header says which machine it is for, bytes. */
const identityEnd = 24;

/** A library has at least headers, a dynamic array and names, which lie in a page; bytes. */
const smallest = 0x1000;

/** A file of no more bytes has been read in one go, and a look at all of them takes less time than to work out the ranges. */
const readAtOnce = 0x4000;

/** Where the search ends: what no program reaches, and no damaged one passes. Bytes, and libraries. */
const mostBytes = 0x40000000;
const mostLibraries = 256;

/**
 * The shared libraries that the executable at `path`, read as `elf`, carries in its payload and that have its machine,
 * as they lie in the file. What only looks like a library, or is damaged or compressed, is none. [] where the file
 * cannot be read.
 */
export function embeddedLibraries(path: string, elf: ElfFile): readonly EmbeddedLibrary[] {
  const { source } = elf;
  if (source.size <= readAtOnce && !mayHold(source.read(0, source.size))) return [];
  // Of section headers that lead nowhere only strip has to know.
  const ranges = () => payloadRanges(elf, smallest);
  return searchRanges(path, { ranges, overhang: identityEnd, mostBytes }, (chunks, descriptor) =>
    search(chunks, fileSource(descriptor, source.size), elf),
  );
}

/** Whether there is a second ELF file in a file that begins as one. */
function mayHold(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(magic, 1) !== -1;
}

function search(chunks: Iterable<Chunk>, whole: ByteSource, elf: ElfFile): readonly EmbeddedLibrary[] {
  const found: EmbeddedLibrary[] = [];
  for (const { bytes, offset, range } of chunks) {
    for (let at = bytes.indexOf(magic); at !== -1 && at < stride; at = bytes.indexOf(magic, at + 1)) {
      if (!isLibraryFor(elf.header, bytes.subarray(at, at + identityEnd))) continue;
      const library = libraryAt(offset + at, range.end, whole);
      if (library !== undefined) found.push(library);
      if (found.length === mostLibraries) return found;
    }
  }
  return found;
}

/** Whether a file header that begins like this is a library's for the same machine. */
function isLibraryFor(wanted: ElfIdentity, bytes: Uint8Array): boolean {
  if (bytes.length < identityEnd) return false;
  const { elfClass, byteOrder, machine } = wanted;
  if (bytes[4] !== elfClass / 32 || bytes[5] !== (byteOrder === "little" ? 1 : 2) || bytes[6] !== EV_CURRENT)
    return false;
  const view = viewOf(wanted, bytes);
  return view.u16(16) === ET_DYN && view.u16(18) === machine && view.u32(20) === EV_CURRENT;
}

function libraryAt(offset: number, end: number, whole: ByteSource): EmbeddedLibrary | undefined {
  try {
    const elf = parseElf({
      size: end - offset,
      read: (at, length, what) => whole.read(offset + at, length, what),
    });
    if (elf.interpreter() !== undefined || elf.dynamic() === undefined) return undefined;
    return { offset, header: elf.header, facts: readObjectFacts(elf) };
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
