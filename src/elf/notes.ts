// The notes of PT_NOTE segments.
//
//   0 n_namesz u32 | 4 n_descsz u32 | 8 n_type u32 | 12 name, padded | description, padded
//
// Padding is to 4 bytes, or to 8 where p_align is 8. Source: System V gABI chapter 5, "Note Section";
// Linux fs/binfmt_elf.c, parse_elf_properties, for the 8-byte form. mold 1.x puts sections of both kinds into one segment
// of the larger alignment: there, 4 bytes that are not zero begin a note, and zeros are padding.

import { textOfBytes } from "../base/text.ts";
import { viewOf } from "./codec.ts";
import { PT_NOTE } from "./constants.ts";
import type { ByteSource, FileHeader, Note, ProgramHeader } from "./elf-file.ts";
import { ElfError } from "./error.ts";

const headerSize = 12;

/** Executables and libraries have fewer than twenty. A million empty ones would fit 12 MB, and take ten times that. */
const largestNoteCount = 65_536;

/** Every note of every PT_NOTE segment, in file order of the program headers. Throws ElfError. */
export function readNotes(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
): readonly Note[] {
  const notes: Note[] = [];
  // Segments that overlap again and again would make a small file expensive.
  let allowance = source.size;
  for (const segment of programHeaders) {
    if (segment.type !== PT_NOTE) continue;
    allowance -= segment.fileSize;
    if (allowance < 0) throw tooManyNotes(segment, source.size);
    readSegmentNotes(source, header, segment, notes);
  }
  return notes;
}

function readSegmentNotes(source: ByteSource, header: FileHeader, segment: ProgramHeader, notes: Note[]): void {
  const what = `note segment (program header ${segment.index})`;
  const padding = segment.align === 8n ? 8 : 4;
  const bytes = source.read(segment.offset, segment.fileSize, what);
  const view = viewOf(header, bytes);
  let at = 0;
  while (at + headerSize <= bytes.length) {
    const nameSize = view.u32(at);
    const descriptionSize = view.u32(at + 4);
    const nameStart = at + headerSize;
    // Counted from the note, which begins at a multiple of 4 only in those segments of mold's.
    const descriptionStart = at + roundUp(headerSize + nameSize, padding);
    const end = descriptionStart + descriptionSize;
    if (descriptionStart > bytes.length || end > bytes.length) {
      const field = descriptionStart > bytes.length ? "n_namesz" : "n_descsz";
      throw badNote(what, field, segment.offset + at, field === "n_namesz" ? nameSize : descriptionSize);
    }
    const name = textOfBytes(bytes.subarray(nameStart, nameStart + nameSize));
    notes.push({
      name: name.endsWith("\0") ? name.slice(0, -1) : name,
      type: view.u32(at + 8),
      description: bytes.subarray(descriptionStart, end),
    });
    if (notes.length > largestNoteCount) throw tooManyNotes(segment, source.size);
    at = roundUp(end, 4);
    if (at % padding !== 0 && at + headerSize <= bytes.length && view.u32(at) === 0) at = roundUp(at, padding);
  }
}

function roundUp(value: number, to: 4 | 8): number {
  return Math.ceil(value / to) * to;
}

function badNote(what: string, field: "n_namesz" | "n_descsz", noteOffset: number, value: number): ElfError {
  const offset = noteOffset + (field === "n_namesz" ? 0 : 4);
  return new ElfError({
    kind: "bad-value",
    what,
    field,
    offset,
    value: BigInt(value),
    expected: "a size inside the segment",
  });
}

function tooManyNotes(segment: ProgramHeader, size: number): ElfError {
  return new ElfError({
    kind: "bad-value",
    what: `program header ${segment.index}`,
    field: "p_filesz",
    offset: segment.headerOffset,
    value: BigInt(segment.fileSize),
    expected: `at most ${largestNoteCount} notes, all segments of them together no larger than the file, 0x${size.toString(16)}`,
  });
}
