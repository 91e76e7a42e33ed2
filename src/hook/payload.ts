// What a program carries outside its sections, and strip would lose.

import { recordsOf } from "../elf/codec.ts";
import { PF_X, PT_LOAD, SHT_NOBITS } from "../elf/constants.ts";
import type { ElfFile } from "../elf/elf-file.ts";

/** Bytes of the file, from `start` up to but not including `end`. */
interface FileRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that belong to no section and to no table of the ELF format, and are not only padding; 0 for an ordinary
 * executable. They are single-file programs' payloads, behind the last section (deno, pkg), and what such programs
 * find them by, between two sections (bun from 1.4 on: a pointer where the section of that name was). GNU strip and
 * llvm-strip write what sections hold, and zeros or nothing in place of these.
 *
 * What stands between the sections of an executable segment does not count: lld fills it with trap instructions. Of a
 * file without section headers, which strip refuses, what is behind the last segment counts.
 */
export function bytesOutsideSections(elf: ElfFile): number {
  const gaps = gapsBetween(accountedRanges(elf), elf.source.size);
  const filled = gaps.flatMap((gap) => withoutExecutable(gap, elf)).filter((gap) => holdsSomething(gap, elf));
  return filled.reduce((sum, { start, end }) => sum + end - start, 0);
}

function accountedRanges({ header, programHeaders, sections }: ElfFile): readonly FileRange[] {
  const sizes = recordsOf(header);
  const named = sections().filter(({ type }) => type !== SHT_NOBITS);
  const segments = programHeaders.map(({ offset, fileSize }) => rangeOf(offset, fileSize));
  return [
    rangeOf(0, sizes.fileHeader.size),
    rangeOf(header.programHeaderOffset, header.programHeaderCount * sizes.programHeader.size),
    rangeOf(header.sectionHeaderOffset, header.sectionHeaderCount * sizes.sectionHeader.size),
    ...(named.length > 0 ? named.map(({ offset, size }) => rangeOf(offset, size)) : segments),
  ];
}

function rangeOf(start: number, size: number): FileRange {
  return { start, end: start + size };
}

/** What is left of a file of `size` bytes. */
function gapsBetween(ranges: readonly FileRange[], size: number): readonly FileRange[] {
  const gaps: FileRange[] = [];
  let end = 0;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start > end) gaps.push({ start: end, end: Math.min(range.start, size) });
    end = Math.max(end, range.end);
  }
  if (end < size) gaps.push({ start: end, end: size });
  return gaps;
}

/** The parts of a range that no executable segment loads. */
function withoutExecutable(range: FileRange, { programHeaders }: ElfFile): readonly FileRange[] {
  const code = programHeaders.filter(({ type, flags }) => type === PT_LOAD && (flags & PF_X) !== 0);
  return code.reduce<readonly FileRange[]>(
    (parts, { offset, fileSize }) =>
      parts
        .flatMap(({ start, end }) => [
          { start, end: Math.min(end, offset) },
          { start: Math.max(start, offset + fileSize), end },
        ])
        .filter(({ start, end }) => start < end),
    [range],
  );
}

/** What padding is made of: zeros, and the X that patchelf writes over what it has moved elsewhere. */
const padding: ReadonlySet<number> = new Set([0, 0x58]);

/** Bytes looked at in one go: a payload shows itself in the first of them, padding is short. */
const stride = 0x10000;

function holdsSomething({ start, end }: FileRange, { source }: ElfFile): boolean {
  for (let at = start; at < end; at += stride) {
    const bytes = source.read(at, Math.min(stride, end - at));
    if (bytes.some((byte) => !padding.has(byte))) return true;
  }
  return false;
}
