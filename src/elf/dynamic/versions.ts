// Symbol versions: what an object wants of its libraries (DT_VERNEED) and what it defines (DT_VERDEF).
// Both are chains of records, each of which gives the distance to the next one; 0 ends a chain.
//
//   Verneed 0 vn_version u16 | 2 vn_cnt u16   | 4 vn_file u32   | 8 vn_aux u32    | 12 vn_next u32
//   Vernaux 0 vna_hash u32   | 4 vna_flags u16| 6 vna_other u16 | 8 vna_name u32  | 12 vna_next u32
//   Verdef  0 vd_version u16 | 2 vd_flags u16 | 4 vd_ndx u16    | 6 vd_cnt u16    |  8 vd_hash u32
//          12 vd_aux u32     | 16 vd_next u32
//   Verdaux 0 vda_name u32   | 4 vda_next u32
//
// Source: Linux Standard Base, Core, chapter "Symbol Versioning"; the same in both classes.

import { requireFileOffset } from "../address.ts";
import { type View, viewOf } from "../codec.ts";
import { DT_VERDEF, DT_VERDEFNUM, DT_VERNEED, DT_VERNEEDNUM, VER_FLG_BASE, VER_FLG_WEAK } from "../constants.ts";
import type { ByteSource, FileHeader, ProgramHeader, VersionNeed } from "../elf-file.ts";
import { ElfError } from "../error.ts";
import type { DynamicTable } from "./dynamic.ts";

const verneedSize = 16;
const vernauxSize = 16;
const verdefSize = 20;
const verdauxSize = 8;

/**
 * A version's number has 15 bits (the 16th of a DT_VERSYM entry hides the symbol), so no object has more versions.
 * Source: glibc elf/dl-version.c, `vna_other & 0x7fff`.
 */
const largestVersionCount = 0x7fff;

/** DT_VERNEED in file order; [] when absent. Throws ElfError. */
export function readVersionNeeds(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  dynamic: DynamicTable,
): readonly VersionNeed[] {
  const address = dynamic.value(DT_VERNEED);
  if (address === undefined) return [];
  const budget = createBudget("DT_VERNEED");
  const read = recordReader(source, header, programHeaders, address, "DT_VERNEED");
  const needs: VersionNeed[] = [];
  const count = dynamic.value(DT_VERNEEDNUM) ?? 0n;
  let offset = 0;
  for (let i = 0n; i < count; i++) {
    const record = read(offset, verneedSize);
    record.expectVersion("vn_version", 0);
    budget.spend(record.offset);
    const file = dynamic.strings().at(record.view.u32(4));
    let auxOffset = offset + record.view.u32(8);
    for (let left = record.view.u16(2); left > 0; left--) {
      const aux = read(auxOffset, vernauxSize);
      budget.spend(aux.offset);
      const version = dynamic.strings().at(aux.view.u32(8));
      needs.push({ file, version, isWeak: (aux.view.u16(4) & VER_FLG_WEAK) !== 0 });
      const next = aux.view.u32(12);
      if (next === 0) break;
      auxOffset += next;
    }
    const next = record.view.u32(12);
    if (next === 0) break;
    offset += next;
  }
  return needs;
}

/** The names of DT_VERDEF in file order, the base version left out; [] when absent. Throws ElfError. */
export function readVersionDefinitions(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  dynamic: DynamicTable,
): readonly string[] {
  const address = dynamic.value(DT_VERDEF);
  if (address === undefined) return [];
  const budget = createBudget("DT_VERDEF");
  const read = recordReader(source, header, programHeaders, address, "DT_VERDEF");
  const names: string[] = [];
  const count = dynamic.value(DT_VERDEFNUM) ?? 0n;
  let offset = 0;
  for (let i = 0n; i < count; i++) {
    const record = read(offset, verdefSize);
    record.expectVersion("vd_version", 0);
    budget.spend(record.offset);
    if ((record.view.u16(2) & VER_FLG_BASE) === 0) {
      // The first auxiliary record names the version; the others name those that it inherits from.
      const aux = read(offset + record.view.u32(12), verdauxSize);
      names.push(dynamic.strings().at(aux.view.u32(0)));
    }
    const next = record.view.u32(16);
    if (next === 0) break;
    offset += next;
  }
  return names;
}

/** One record of a chain. */
interface VersionRecord {
  readonly view: View;
  /** Where it stands in the file. */
  readonly offset: number;
  /** Throws ElfError unless the 2 bytes at `at` hold the only structure version there is, 1. */
  expectVersion(field: string, at: number): void;
}

function recordReader(
  source: ByteSource,
  header: FileHeader,
  programHeaders: readonly ProgramHeader[],
  address: bigint,
  what: string,
): (offset: number, size: number) => VersionRecord {
  const base = requireFileOffset(programHeaders, address, 0, what);
  return (relative, size) => {
    const offset = base + relative;
    const view = viewOf(header, source.read(offset, size, what));
    return {
      view,
      offset,
      expectVersion(field, at) {
        const value = view.u16(at);
        if (value === 1) return;
        throw new ElfError({
          kind: "bad-value",
          what,
          field,
          offset: offset + at,
          value: BigInt(value),
          expected: "1",
        });
      },
    };
  };
}

function createBudget(what: string): { spend(offset: number): void } {
  // Every file counts as one, too: an object with the most versions there may be has at most as many files.
  let left = 2 * largestVersionCount;
  return {
    spend(offset) {
      left -= 1;
      if (left >= 0) return;
      const value = BigInt(2 * largestVersionCount + 1);
      const expected = `at most ${2 * largestVersionCount}`;
      throw new ElfError({ kind: "bad-value", what, field: "number of records", offset, value, expected });
    },
  };
}
