// Whether a dynamic linker finds by the program headers, in memory, what it needs of the executable.

import { fileOffsetOf, segmentOf } from "../../elf/address.ts";
import { addressSpaceOf } from "../../elf/codec.ts";
import {
  DT_DEBUG,
  DT_STRTAB,
  DT_SYMTAB,
  EM_386,
  EM_X86_64,
  ET_DYN,
  PF_R,
  PF_W,
  PF_X,
  PT_DYNAMIC,
  PT_GNU_PROPERTY,
  PT_GNU_RELRO,
  PT_INTERP,
  PT_LOAD,
  PT_NOTE,
  PT_PHDR,
} from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";
import { madeForBy } from "../../linker/interpreter/made-for.ts";
import { oddField } from "./odd-field.ts";
import { isCovered, isMappedFrom, pageSizesOf, pageStart, segmentsAt } from "./whole-pages.ts";

/** What an executable is patched to. With a stub the loader gives the dynamic linker headers of its own. */
export type StartedForm = "stub" | "in-place";

/**
 * The first program header with which the C library that the executable was made for cannot start it. Throws ElfError
 * for a damaged dynamic array. Source: glibc elf/rtld.c, rtld_setup_main_map (each header by what those before it have
 * said), dl_main; musl ldso/dynlink.c, __dls3, kernel_mapped_dso, reloc_all.
 */
export function oddForLinker(elf: ElfFile, form: StartedForm): ElfDefect | undefined {
  return oddProgramHeaders(elf, form) ?? oddDynamic(elf) ?? oddRelro(elf) ?? oddNotes(elf);
}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** The last of a type counts, for glibc and musl alike. */
function lastOf({ programHeaders }: ElfFile, wanted: number): ProgramHeader | undefined {
  return programHeaders.findLast(({ type }) => type === wanted);
}

function noHeader({ header }: ElfFile, type: string): ElfDefect {
  const offset = header.programHeaderOffset;
  return {
    kind: "bad-value",
    what: "program header table",
    field: `the number of ${type}`,
    offset,
    value: 0n,
    expected: "1",
  };
}

function oddProgramHeaders(elf: ElfFile, form: StartedForm): ElfDefect | undefined {
  const { header, programHeaders } = elf;
  const own = lastOf(elf, PT_PHDR);
  const isPositionIndependent = header.type === ET_DYN;
  // Nothing else says where a position-independent one has come to stand.
  if (own === undefined) return isPositionIndependent ? noHeader(elf, "PT_PHDR") : undefined;
  const at = header.programHeaderOffset;
  const segment = programHeaders.find(
    ({ type, offset, fileSize }) => type === PT_LOAD && offset <= at && at < offset + fileSize,
  );
  if (segment !== undefined && (segment.flags & (PF_R | PF_W | PF_X)) === 0) {
    return oddField(elf, segment, "flags", segment.flags, `${PF_R} (R) among them: the program headers are in it`);
  }
  const first = programHeaders.find(({ type }) => type === PT_PHDR);
  const early = programHeaders.find(({ type }) => type === PT_INTERP || type === PT_DYNAMIC);
  if (isPositionIndependent && first && early && early.index < first.index && madeForBy(elf) === "glibc") {
    return oddField(elf, first, "type", first.type, `${PT_PHDR} (PT_PHDR) before program header ${early.index}`);
  }
  return form === "stub" || isMappedFrom(elf, own.virtualAddress, at)
    ? undefined
    : oddField(elf, own, "virtualAddress", own.virtualAddress, `the address of e_phoff, ${hex(at)}`);
}

/** p_offset is read by nobody: what stands at p_vaddr counts. */
function oddDynamic(elf: ElfFile): ElfDefect | undefined {
  const dynamic = lastOf(elf, PT_DYNAMIC);
  if (dynamic === undefined) return noHeader(elf, "PT_DYNAMIC");
  const { virtualAddress, offset } = dynamic;
  const entries = elf.dynamicEntries();
  const isThere =
    fileOffsetOf(elf.programHeaders, virtualAddress, 1) !== undefined || isMappedFrom(elf, virtualAddress, offset);
  if (!isThere || ![DT_STRTAB, DT_SYMTAB].every((wanted) => entries.some(({ tag }) => tag === wanted))) {
    return oddField(elf, dynamic, "virtualAddress", virtualAddress, `the address of p_offset, ${hex(offset)}`);
  }
  const segments = segmentsAt(elf, virtualAddress);
  const [segment] = segments;
  // Both linkers write there, for debuggers. lld leaves the entry out where the array is read-only.
  return segment !== undefined &&
    segments.every(({ flags }) => (flags & PF_W) === 0) &&
    entries.some(({ tag }) => tag === DT_DEBUG)
    ? oddField(elf, segment, "flags", segment.flags, `${PF_W} (W) among them: DT_DEBUG is in it`)
    : undefined;
}

/** Both linkers end the program where what is to be read-only after relocation is not all there. */
function oddRelro(elf: ElfFile): ElfDefect | undefined {
  const relro = lastOf(elf, PT_GNU_RELRO);
  if (relro === undefined) return undefined;
  const { virtualAddress, memorySize } = relro;
  const end = (virtualAddress + memorySize) % addressSpaceOf(elf.header);
  const isMapped = pageSizesOf(elf).some((page) => {
    const [from, to] = [pageStart(virtualAddress, page), pageStart(end, page)];
    return from === to || (from < to && isCovered(elf, from, to, page));
  });
  if (isMapped) return undefined;
  return segmentOf(elf.programHeaders, virtualAddress) === undefined
    ? oddField(elf, relro, "virtualAddress", virtualAddress, "an address in a PT_LOAD segment")
    : oddField(elf, relro, "memorySize", memorySize, "no more than the PT_LOAD segments have");
}

/**
 * glibc on x86 reads the first note of those that are aligned as properties are, before anything else. Source: glibc
 * sysdeps/x86/dl-prop.h, _dl_process_property_note (since 2.33 whatever it is configured with).
 */
function oddNotes(elf: ElfFile): ElfDefect | undefined {
  const { machine, elfClass } = elf.header;
  if ((machine !== EM_X86_64 && machine !== EM_386) || madeForBy(elf) !== "glibc") return undefined;
  const isRead = ({ type, align, memorySize }: ProgramHeader): boolean =>
    (type === PT_NOTE || type === PT_GNU_PROPERTY) && align === BigInt(elfClass / 8) && memorySize > noteHeaderSize;
  const [page = 4096n] = pageSizesOf(elf);
  const odd = elf.programHeaders
    .filter(isRead)
    .find(({ virtualAddress }) => !isCovered(elf, virtualAddress, virtualAddress + noteHeaderSize, page));
  return odd && oddField(elf, odd, "virtualAddress", odd.virtualAddress, "an address in a PT_LOAD segment");
}

/** Three 4-byte fields. */
const noteHeaderSize = 12n;
