// Whether the kernel and the dynamic linker find by the headers what is read here by them: the one goes by offsets where
// the other goes by addresses, and a tool that changes one field leaves the other as it was.

import { fileOffsetOf, segmentOf } from "../../elf/address.ts";
import { recordsOf } from "../../elf/codec.ts";
import { ET_DYN, ET_EXEC, PF_X, PT_DYNAMIC, PT_GNU_STACK, PT_LOAD, PT_PHDR } from "../../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";
import { hex } from "../../report/words.ts";

/** No page of Linux is smaller, bytes: what is not aligned to it is aligned to no page. */
const smallestPage = 4096n;

/**
 * The first field of the file header or of a program header with which an executable cannot start, whatever dynamic
 * linker it has; undefined without one. Only what is certain on every kernel and with glibc and musl alike. Source: Linux
 * fs/binfmt_elf.c, load_elf_binary, elf_load; mm/mmap.c, security_mmap_addr (no address below vm.mmap_min_addr); glibc
 * elf/rtld.c, rtld_setup_main_map; musl ldso/dynlink.c, __dls3 (both have the load bias from PT_PHDR).
 */
export function oddHeader(elf: ElfFile): ElfDefect | undefined {
  return oddType(elf) ?? oddLoad(elf) ?? oddEntry(elf) ?? oddProgramHeaders(elf) ?? oddDynamic(elf);
}

function oddType({ header, programHeaders }: ElfFile): ElfDefect | undefined {
  const odd = (expected: string): ElfDefect => ({
    kind: "bad-value",
    what: "file header",
    field: "e_type",
    offset: recordsOf(header).fileHeader.type,
    value: BigInt(header.type),
    expected,
  });
  if (header.type !== ET_EXEC && header.type !== ET_DYN) return odd(`${ET_EXEC} (EXEC) or ${ET_DYN} (DYN)`);
  const first = programHeaders.find(({ type }) => type === PT_LOAD);
  const isAtZero = first !== undefined && first.virtualAddress < smallestPage;
  return header.type === ET_EXEC && isAtZero
    ? odd(`${ET_DYN} (DYN): its first segment has address ${hex(first.virtualAddress)}, where nothing can be mapped`)
    : undefined;
}

/** Which field of the program header has what value instead of what was expected. */
function odd(
  { header }: ElfFile,
  { index, headerOffset }: ProgramHeader,
  field: "type" | "flags" | "offset" | "virtualAddress",
  value: bigint | number,
  expected: string,
): ElfDefect {
  const names = { type: "p_type", flags: "p_flags", offset: "p_offset", virtualAddress: "p_vaddr" } as const;
  return {
    kind: "bad-value",
    what: `program header ${index}`,
    field: names[field],
    offset: headerOffset + recordsOf(header).programHeader[field],
    value: BigInt(value),
    expected,
  };
}

function oddLoad(elf: ElfFile): ElfDefect | undefined {
  const one = elf.programHeaders.find(
    ({ type, virtualAddress, offset, memorySize }) =>
      type === PT_LOAD && memorySize > 0n && (virtualAddress - BigInt(offset)) % smallestPage !== 0n,
  );
  return one && odd(elf, one, "offset", one.offset, `p_vaddr ${hex(one.virtualAddress)} and whole pages`);
}

function oddEntry(elf: ElfFile): ElfDefect | undefined {
  const segment = segmentOf(elf.programHeaders, elf.header.entry);
  // Without it what may be read may be executed on some machines. Source: Linux arch/x86/include/asm/elf.h.
  const hasStackHeader = elf.programHeaders.some(({ type }) => type === PT_GNU_STACK);
  if (segment === undefined) return { kind: "unmapped-address", what: "e_entry", address: elf.header.entry };
  return hasStackHeader && (segment.flags & PF_X) === 0
    ? odd(elf, segment, "flags", segment.flags, `${PF_X} (X) among them: the entry point is in it`)
    : undefined;
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

/** The dynamic linker reads the table in memory. */
function oddProgramHeaders(elf: ElfFile): ElfDefect | undefined {
  const { header, programHeaders } = elf;
  const own = programHeaders.find(({ type }) => type === PT_PHDR);
  // Nothing else says where a position-independent one has come to stand.
  if (own === undefined) return header.type === ET_DYN ? noHeader(elf, "PT_PHDR") : undefined;
  const segment = segmentOf(programHeaders, own.virtualAddress);
  if (segment?.flags === 0) return odd(elf, segment, "flags", 0, "4 (R): the program headers are in it");
  return fileOffsetOf(programHeaders, own.virtualAddress, 1) === header.programHeaderOffset
    ? undefined
    : odd(elf, own, "virtualAddress", own.virtualAddress, `the address of e_phoff, ${hex(header.programHeaderOffset)}`);
}

function oddDynamic(elf: ElfFile): ElfDefect | undefined {
  const dynamic = elf.programHeaders.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return noHeader(elf, "PT_DYNAMIC");
  return fileOffsetOf(elf.programHeaders, dynamic.virtualAddress, 1) === dynamic.offset
    ? undefined
    : odd(elf, dynamic, "virtualAddress", dynamic.virtualAddress, `the address of p_offset, ${hex(dynamic.offset)}`);
}
