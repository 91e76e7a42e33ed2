// What a program carries that is no part of its code and data: after its last section or between two (strip would lose
// it), or in a section of its own.

import { recordsOf } from "./codec.ts";
import { PF_X, PT_LOAD, SHT_NOBITS, SHT_NOTE } from "./constants.ts";
import type { ElfFile, SectionExtent } from "./elf-file.ts";
import { readableExtents } from "./optional-parts.ts";

/** Bytes of the file, from `start` up to but not including `end`. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that belong to no section and to no table of the ELF format, and are not only padding; 0 for an ordinary
 * executable. They are single-file programs' payloads, after the last section (deno, pkg), and what such programs
 * find them by, between two sections (bun from 1.4 on: a pointer where the section of that name was). GNU strip and
 * llvm-strip write what sections hold, and zeros or nothing in place of these.
 *
 * What stands between the sections of an executable segment does not count: lld fills it with trap instructions. Of a
 * file without section headers, or with damaged ones, which strip refuses, what is after the last segment counts.
 */
export function bytesOutsideSections(elf: ElfFile): number {
  const filled = outsideSections(elf).filter((gap) => holdsSomething(gap, elf));
  return filled.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * Where a single-file program keeps what it carries, in file order: outside of its sections (deno, pkg, bun from 1.0 on),
 * in a note (node's single executable applications, which postject puts there), or in the section `.bun` (bun from 1.4
 * on). Only ranges of at least `least` bytes.
 */
export function payloadRanges(elf: ElfFile, least: number): readonly FileRange[] {
  const { size } = elf.source;
  const own = readableExtents(elf)
    .filter((section) => section.size >= least && isCarrier(section, elf))
    .map((section) => rangeOf(section.offset, section.size));
  return [...outsideSections(elf, least), ...own]
    .map(({ start, end }) => ({ start, end: Math.min(end, size) }))
    .filter(({ start, end }) => end - start >= least)
    .sort((a, b) => a.start - b.start);
}

function isCarrier({ type, index }: SectionExtent, elf: ElfFile): boolean {
  return type === SHT_NOTE || (type !== SHT_NOBITS && elf.sectionName(index) === bunSection);
}

/** Source: bun src/elf.zig. */
const bunSection = ".bun";

/** `least`: smaller ones are left out. */
function outsideSections(elf: ElfFile, least = 0): readonly FileRange[] {
  return gapsBetween(accountedRanges(elf), elf.source.size)
    .filter(({ start, end }) => end - start >= least)
    .flatMap((gap) => withoutExecutable(gap, elf));
}

function accountedRanges(elf: ElfFile): readonly FileRange[] {
  const { header, programHeaders } = elf;
  const sizes = recordsOf(header);
  const named = readableExtents(elf).filter(({ type }) => type !== SHT_NOBITS);
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
