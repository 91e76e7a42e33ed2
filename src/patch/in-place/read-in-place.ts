// What a file was before texts were put into its padding, by the record beside them. Reads only.
//
// The record may have been written by somebody else: only the fields of changed-fields.ts are ever restored.

import { Buffer } from "node:buffer";
import { addressIn, asFileOffset } from "../../elf/address.ts";
import { recordsOf, viewOf, wordSizeOf } from "../../elf/codec.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import type { Edit } from "../file-plan.ts";
import { overlay } from "../overlay.ts";
import { type Field, fieldsOf } from "./changed-fields.ts";
import { gapsOf } from "./gaps.ts";
import { mayGrow, memoryBehind } from "./growing-segments.ts";
import { beginsRecord, decodeRecord, type InPlaceRecord, markSize, recordLimit, sizeBefore } from "./record.ts";
import { startsBehind } from "./room.ts";

/** A file with texts in its padding. */
export interface FoundInPlace {
  readonly kind: "in-place";
  readonly segment: ProgramHeader;
  readonly record: InPlaceRecord;
  /** In the order in which they are written. */
  readonly fields: readonly Field[];
  /** The fields that are not as written: a run was stopped, and a second one finishes or takes back its work. */
  readonly unwritten: readonly Field["what"][];
  /** The original, to be read like any file. */
  readonly elf: ElfFile;
}

export type InPlaceReading =
  | FoundInPlace
  | { readonly kind: "none" }
  /** Something else has changed what the record is about. */
  | { readonly kind: "changed"; readonly problem: string };

/** Looks for a record, and reads the original by it. Throws ElfError for a damaged file. */
export function readInPlace(elf: ElfFile): InPlaceReading {
  const place = findRecord(elf);
  return place === undefined ? { kind: "none" } : check(elf, place);
}

function findRecord(elf: ElfFile): FoundRecord | undefined {
  for (const segment of elf.programHeaders) {
    if (!mayGrow(segment)) continue;
    const found = recordIn(elf, segment) ?? recordBehind(elf, segment);
    if (found !== undefined) return found;
  }
  for (const gap of gapsOf(elf)) {
    const found = recordAt(elf, gap.segment, gap.start, gap.end);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The edits that make the original of the file, in the order opposite to writing; none for what is original already. */
export function removingEdits({ source }: ElfFile, { fields }: FoundInPlace): readonly Edit[] {
  return fields.toReversed().flatMap(({ what, offset, former }): readonly Edit[] => {
    const before = source.read(offset, former.length, what);
    return Buffer.from(before).equals(former) ? [] : [{ what, offset, before, after: former }];
  });
}

interface FoundRecord {
  readonly segment: ProgramHeader;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The record that ends with the segment. */
function recordIn({ header, source }: ElfFile, segment: ProgramHeader): FoundRecord | undefined {
  const end = segment.offset + segment.fileSize;
  if (segment.fileSize < markSize || end > source.size) return undefined;
  const size = sizeBefore(header, source.read(end - markSize, markSize, "end of a segment"));
  if (size === undefined || size > segment.fileSize) return undefined;
  const bytes = source.read(end - size, size, "record");
  const address = segment.virtualAddress + BigInt(segment.fileSize - size);
  return beginsRecord(header, bytes, address) ? { segment, offset: end - size, bytes } : undefined;
}

/**
 * The record after a segment that has not grown over it: a run was stopped after its first step. Only where one may have
 * been written: of most files every segment's next page would be read in vain.
 */
function recordBehind(elf: ElfFile, segment: ProgramHeader): FoundRecord | undefined {
  const end = segment.offset + segment.fileSize;
  return recordAt(elf, segment, end, end + memoryBehind(elf, segment));
}

/** The record that begins at a place after `end` and before `limit`. */
function recordAt(elf: ElfFile, segment: ProgramHeader, end: number, limit: number): FoundRecord | undefined {
  const { header, source } = elf;
  for (const offset of startsBehind(end).filter((start) => start < limit)) {
    const length = Math.min(recordLimit, source.size - offset);
    const address = addressIn(segment, offset);
    if (length < markSize || !beginsRecord(header, source.read(offset, Math.min(length, 32), "record"), address))
      continue;
    return { segment, offset, bytes: source.read(offset, length, "record") };
  }
  return undefined;
}

const changed = (problem: string): InPlaceReading => ({ kind: "changed", problem });

/** Where a tool has moved what a dynamic array refers to, the file may not be readable to its end. */
function check(elf: ElfFile, place: FoundRecord): InPlaceReading {
  try {
    return checkRecord(elf, place);
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    return changed("its string table has been moved or cut, and its run path is not found any more");
  }
}

/** What a field is called where it is not as it was written. */
const fieldNames: { readonly [What in Field["what"]]: string } = {
  "entry point": "its entry point",
  texts: "its run path",
  "segment size": "the size of its segment",
  "dynamic entry": "the entry of its run path",
  "interpreter section": "the section of its interpreter",
  "interpreter header": "its PT_INTERP",
};

function checkRecord(elf: ElfFile, { segment, offset, bytes }: FoundRecord): InPlaceReading {
  const decoded = decodeRecord(elf.header, bytes);
  if (decoded === undefined) return changed("its record is damaged, or of another version");
  const { record } = decoded;
  const isAfter = startsBehind(segment.offset + record.segmentSize).includes(offset);
  if (!isAfter && !isInGap(elf, segment, offset, record)) return changed("its record is damaged");
  const fields = fieldsOf({ elf, segment, offset: asFileOffset(offset), record, encoded: decoded });
  if (typeof fields === "string") return changed(fields);
  const odd = fields.find((field) => !isOneOf(elf, field));
  if (odd !== undefined) {
    return changed(`${fieldNames[odd.what]}, at 0x${odd.offset.toString(16)}, is not what was written there`);
  }
  // They are written in their order and taken back in the opposite one.
  const first = fields.findIndex((field) => !stands(elf, field));
  const unwritten = first === -1 ? [] : fields.slice(first);
  const late = unwritten.slice(1).find((field) => !isAsBefore(elf, field));
  if (late !== undefined) return changed(`${fieldNames[late.what]} is written, and what is written before it is not`);
  if (hasMovedEntry(elf, fields)) return changed("the entry of its run path stands elsewhere in the dynamic array");
  const original = parseElf(
    overlay(
      elf.source,
      fields.map((field) => ({ offset: field.offset, bytes: field.former })),
    ),
  );
  if (findRecord(original) !== undefined) return changed("there is a second record in it");
  return { kind: "in-place", segment, record, fields, unwritten: unwritten.map(({ what }) => what), elf: original };
}

function isInGap(elf: ElfFile, segment: ProgramHeader, offset: number, { segmentSize }: InPlaceRecord): boolean {
  return (
    segmentSize === segment.fileSize &&
    gapsOf(elf).some((gap) => gap.segment.index === segment.index && startsBehind(gap.start).includes(offset))
  );
}

function stands({ source }: ElfFile, { what, offset, written }: Field): boolean {
  return Buffer.from(written).equals(source.read(offset, written.length, what));
}

function isAsBefore({ source }: ElfFile, { what, offset, former }: Field): boolean {
  return Buffer.from(former).equals(source.read(offset, former.length, what));
}

/** Whether an entry that was written is in another slot: what removes an entry moves those after it. */
function hasMovedEntry(elf: ElfFile, fields: readonly Field[]): boolean {
  const { size } = recordsOf(elf.header).dynamicEntry;
  const written = fields.filter(({ what }) => what === "dynamic entry");
  const slots = new Set<number>(written.map(({ offset }) => offset));
  const start = elf.dynamic()?.offset ?? 0;
  return elf.dynamicEntries().some(({ index, tag, value }) => {
    if (slots.has(start + index * size)) return false;
    return written.some((field) => {
      const view = viewOf(elf.header, field.written);
      return view.word(0) === tag && view.word(wordSizeOf(elf.header)) === value;
    });
  });
}

/** Whether each half of the field is as it was or as it is written: a write over a page's end may have been stopped. */
function isOneOf({ source }: ElfFile, { what, offset, former, written }: Field): boolean {
  const now = source.read(offset, written.length, what);
  return now.every((byte, index) => byte === former[index] || byte === written[index]);
}
