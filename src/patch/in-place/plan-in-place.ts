// From a file and what it is to find to the bytes to write in its padding. Pure: bytes in, edits out.

import { Buffer } from "node:buffer";
import { bytesOfText } from "../../base/text.ts";
import { recordsOf } from "../../elf/codec.ts";
import {
  DT_NULL,
  DT_RELACOUNT,
  DT_RELCOUNT,
  DT_RPATH,
  DT_RUNPATH,
  DT_STRTAB,
  PT_INTERP,
  SHT_PROGBITS,
} from "../../elf/constants.ts";
import type { DynamicEntry, DynamicSection, ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import { readableSections } from "../../elf/optional-parts.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { architectureOf } from "../architecture/architectures.ts";
import type { Edit } from "../file-plan.ts";
import { overlay } from "../overlay.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { type Field, fieldsOf, readWords } from "./changed-fields.ts";
import type { EntrySource, InPlaceContent, InPlaceFacts } from "./in-place-plan.ts";
import { type FoundInPlace, removingEdits } from "./read-in-place.ts";
import { encodeRecord, entryLimit, type FormerEntry, type InPlaceRecord, recordLimit } from "./record.ts";
import { findTail } from "./room.ts";

export interface InPlaceRequest {
  /** Absolute. */
  readonly path: string;
  /** The file as it is. */
  readonly current: ElfFile;
  /** What it was before it was patched; the same as `current` where it never was. */
  readonly original: ElfFile;
  /** The record in `current`, where it has one. */
  readonly found: FoundInPlace | undefined;
  readonly content: InPlaceContent;
}

export type InPlanned =
  | {
      readonly kind: "plan";
      /** From `current`, in their order; none where all stands there. */
      readonly edits: readonly Edit[];
      readonly facts: InPlaceFacts;
    }
  | { readonly kind: "impossible"; readonly issue: PatchIssue };

/**
 * Plans one file: a library that gets a run path, or an executable that gets a dynamic linker too. Throws ElfError for
 * a damaged file.
 */
export function planInPlace(request: InPlaceRequest): InPlanned {
  const { path, original, content } = request;
  const impossible = (issue: PatchIssue): InPlanned => ({ kind: "impossible", issue });
  const architecture = architectureOf(original.header);
  if (architecture === undefined) {
    return impossible({ kind: "unknown-architecture", path, machine: original.header.machine });
  }
  const runPath = bytesOfText(content.runPath.join(":"));
  const chosen = runPath.length === 0 ? noEntries : chooseEntries(original, content.tag);
  if (chosen === undefined) return impossible({ kind: "no-dynamic-entry", severity: "error", path });
  const interpreter = content.interpreter === undefined ? undefined : interpreterBefore(original, content.interpreter);
  const blank: Omit<InPlaceRecord, "address" | "segmentSize"> = {
    interpreter,
    runPath,
    tag: content.tag,
    entries: chosen.entries,
  };
  // Its sizes do not depend on its place. More than a page is refused before anything is encoded; the interpreter's path
  // was opened, so it is shorter.
  const size =
    runPath.length > recordLimit
      ? runPath.length
      : encodeRecord(architecture, { ...blank, address: 0n, segmentSize: 0 }).bytes.length;
  const { tail, largest } = findTail(original, size);
  if (tail === undefined)
    return impossible({ kind: "no-room-in-place", severity: "error", path, wanted: size, largest });
  const record: InPlaceRecord = { ...blank, address: tail.address, segmentSize: tail.segment.fileSize };
  const encoded = encodeRecord(architecture, record);
  const fields = fieldsOf({ elf: original, segment: tail.segment, offset: tail.offset, record, encoded });
  if (typeof fields === "string") throw new Error(`the record planned for ${path} is wrong: ${fields}`);
  checkFields(request, fields);
  return {
    kind: "plan",
    edits: editsTo(request, fields),
    facts: {
      architecture: architecture.name,
      elfClass: architecture.elfClass,
      interpreter: content.interpreter,
      runPath: content.runPath,
      runPathTag: content.tag,
      entrySource: chosen.source,
      segment: tail.segment.index,
      offset: tail.offset,
      size,
      room: tail.size,
    },
  };
}

interface ChosenEntries {
  readonly source: EntrySource | undefined;
  readonly entries: readonly FormerEntry[];
}

const noEntries: ChosenEntries = { source: undefined, entries: [] };

/**
 * The entries of the dynamic array that will hold the run path. A DT_RPATH beside a DT_RUNPATH is read by nobody and
 * stays; where a DT_RPATH is wanted, a DT_RUNPATH would switch it off and becomes one too. Undefined without any.
 * Source: glibc elf/dl-load.c _dl_init_paths(); without DT_RELACOUNT elf/do-rel.h only looks at each relocation's type.
 */
function chooseEntries(elf: ElfFile, tag: InPlaceContent["tag"]): ChosenEntries | undefined {
  const dynamic = elf.dynamic();
  // Without a string table no dynamic linker reads a run path.
  if (dynamic?.entries.some((entry) => entry.tag === DT_STRTAB) !== true) return undefined;
  // What stands after the end that p_filesz says is found by a dynamic linker, but is not ours to change.
  if (dynamic.entries.length > dynamic.slotCount) return undefined;
  const tagged = (...tags: readonly bigint[]): readonly DynamicEntry[] =>
    dynamic.entries.filter((entry) => tags.includes(entry.tag));
  const runPaths = tagged(DT_RUNPATH);
  const existing = tag === "runpath" && runPaths.length > 0 ? runPaths : tagged(DT_RUNPATH, DT_RPATH);
  if (existing.length > entryLimit) return undefined;
  if (existing.length > 0) return { source: "existing", entries: existing.map(formerEntry) };
  if (hasSpareEntry(elf, dynamic)) {
    const slot = dynamic.entries.length;
    const [, value = 0n] = entryAt(elf, dynamic, slot);
    return { source: "spare", entries: [{ slot, tag: DT_NULL, value }] };
  }
  const hint = tagged(DT_RELACOUNT, DT_RELCOUNT)[0];
  return hint === undefined ? undefined : { source: "relative-count", entries: [formerEntry(hint)] };
}

function formerEntry({ index, tag, value }: DynamicEntry): FormerEntry {
  return { slot: index, tag, value };
}

/** Whether a DT_NULL follows the DT_NULL that ends the array. */
function hasSpareEntry(elf: ElfFile, dynamic: DynamicSection): boolean {
  const next = dynamic.entries.length + 1;
  return next < dynamic.slotCount && entryAt(elf, dynamic, next)[0] === DT_NULL;
}

function entryAt({ header, source }: ElfFile, { offset }: DynamicSection, slot: number): readonly bigint[] {
  return readWords(header, source, offset + slot * recordsOf(header).dynamicEntry.size, 2);
}

/** PT_INTERP, and the section that names it, as they are. */
function interpreterBefore(elf: ElfFile, interpreter: string): NonNullable<InPlaceRecord["interpreter"]> {
  const { header, source } = elf;
  const named = elf.programHeaders.find(({ type }) => type === PT_INTERP);
  if (named === undefined) throw new Error("an executable without PT_INTERP was taken for eligible");
  const [offset = 0n, address = 0n, physical = 0n, fileSize = 0n, memorySize = 0n] = readWords(
    header,
    source,
    named.headerOffset + recordsOf(header).programHeader.offset,
    5,
  );
  return {
    text: bytesOfText(interpreter),
    former: [offset, address, physical, fileSize, memorySize],
    section: interpreterSection(elf, named),
  };
}

/** The number of the section that is PT_INTERP; one whose address is another is nobody's to follow. */
function interpreterSection(elf: ElfFile, named: ProgramHeader): number | undefined {
  const section = readableSections(elf).find(
    ({ type, offset, size, virtualAddress }) =>
      type === SHT_PROGBITS &&
      offset === named.offset &&
      size === named.fileSize &&
      virtualAddress === named.virtualAddress,
  );
  return section === undefined || section.index > 0xffff ? undefined : section.index;
}

/** The edits from the file as it is to the file as planned. */
function editsTo({ current, found }: InPlaceRequest, fields: readonly Field[]): readonly Edit[] {
  const written = fields.map(
    ({ what, offset, former, written }): Edit => ({ what, offset, before: former, after: written }),
  );
  if (found === undefined) return written;
  const stands = ({ offset, after, what }: Edit): boolean =>
    Buffer.from(after).equals(current.source.read(offset, after.length, what));
  const differing = written.filter((edit) => !stands(edit));
  // As large, and what leads to them stands: they are in the same place.
  const size = (of: readonly Field[]): number | undefined => of.find(({ what }) => what === "texts")?.written.length;
  if (size(found.fields) === size(fields) && differing.every(({ what }) => what === "texts")) {
    return differing.map((edit) => ({
      ...edit,
      before: current.source.read(edit.offset, edit.after.length, edit.what),
    }));
  }
  return [...removingEdits(current, found), ...written];
}

/** Throws when the file as planned does not read as it has to: a bug of this tool. */
function checkFields({ path, original, content }: InPlaceRequest, fields: readonly Field[]): void {
  const claim = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`the plan for ${path} is wrong: ${what}`);
  };
  for (const { what, offset, former, written } of fields) {
    claim(former.length === written.length, `${what} changes size`);
    claim(Buffer.from(original.source.read(offset, former.length)).equals(former), `${what} is not as it was`);
  }
  const patched = parseElf(
    overlay(
      original.source,
      fields.map(({ offset, written }) => ({ offset, bytes: written })),
    ),
  );
  claim(
    patched.interpreter() === (content.interpreter ?? original.interpreter()),
    "the interpreter does not read back",
  );
  if (content.runPath.length === 0) return;
  const [before, after] = [original.dynamic(), patched.dynamic()];
  const written = content.tag === "rpath" ? after?.rpath : after?.runpath;
  claim(written === content.runPath.join(":"), "the run path does not read back");
  claim(before?.needed.join("\0") === after?.needed.join("\0"), "the needed entries change");
  claim(before?.soname === after?.soname, "the soname changes");
}
