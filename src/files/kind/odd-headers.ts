// Whether the kernel and the dynamic linker find by the headers what is read here by them: the one goes by offsets where
// the other goes by addresses, and a tool that changes one field leaves the other as it was.

import { recordsOf } from "../../elf/codec.ts";
import { EM_S390, ET_DYN, ET_EXEC, PF_X, PT_GNU_STACK, PT_INTERP, PT_LOAD } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";
import { oddField } from "./odd-field.ts";
import { oddForLinker, type StartedForm } from "./odd-for-linker.ts";
import { segmentsAt } from "./whole-pages.ts";

/** No page of Linux is smaller, bytes: what is not aligned to it is aligned to no page. */
const smallestPage = 4096n;

/**
 * No process has memory at or above this address: x86_64 with five levels of page tables, riscv64 and loongarch64 have
 * the most. Source: Linux arch/x86/include/asm/page_64_types.h, arch/riscv/include/asm/pgtable.h.
 */
const addressLimit = 2n ** 56n;

/**
 * The first field of the file header or of a program header with which an executable cannot start as what it is going to
 * be, or is: `original` is the file without what this tool has written. Undefined without one. Only what is certain on
 * every kernel. What is not: an entry point at another instruction, a segment that only the program itself needs, more
 * memory than the machine has. Source: Linux fs/binfmt_elf.c, load_elf_binary, elf_load; mm/mmap.c, security_mmap_addr
 * (no address below vm.mmap_min_addr).
 */
export function oddHeader(original: ElfFile, form: StartedForm): ElfDefect | undefined {
  return (
    oddType(original) ??
    oddLoad(original) ??
    oddEntry(original) ??
    oddInterpreters(original, form) ??
    oddForLinker(original, form)
  );
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
    ? odd(
        `${ET_DYN} (DYN): its first segment has address 0x${first.virtualAddress.toString(16)}, where nothing can be mapped`,
      )
    : undefined;
}

function oddLoad(elf: ElfFile): ElfDefect | undefined {
  for (const one of elf.programHeaders) {
    const { type, virtualAddress, offset, fileSize, memorySize, align } = one;
    if (type !== PT_LOAD || memorySize === 0n) continue;
    // Nothing of the file is mapped for one without file bytes.
    if (fileSize > 0 && (virtualAddress - BigInt(offset)) % smallestPage !== 0n) {
      return oddField(elf, one, "offset", offset, `p_vaddr 0x${virtualAddress.toString(16)} and whole pages`);
    }
    // s390x has as many levels of page tables as it takes.
    if (elf.header.elfClass !== 64 || elf.header.machine === EM_S390) continue;
    if (virtualAddress >= addressLimit) return oddField(elf, one, "virtualAddress", virtualAddress, "less than 2^56");
    if (memorySize >= addressLimit) return oddField(elf, one, "memorySize", memorySize, "less than 2^56");
    // Since Linux 5.10; another number than a power of two does not count.
    if (elf.header.type === ET_DYN && align >= addressLimit && (align & (align - 1n)) === 0n) {
      return oddField(elf, one, "align", align, "less than 2^56");
    }
  }
  return undefined;
}

function oddEntry(elf: ElfFile): ElfDefect | undefined {
  const { entry } = elf.header;
  // Where segments overlap, the one that is mapped last counts.
  const all = segmentsAt(elf, entry);
  const segment = all.find(({ flags }) => (flags & PF_X) !== 0) ?? all[0];
  // Without it what may be read may be executed on some machines. Source: Linux arch/x86/include/asm/elf.h.
  const hasStackHeader = elf.programHeaders.some(({ type }) => type === PT_GNU_STACK);
  if (segment === undefined) return { kind: "unmapped-address", what: "e_entry", address: entry };
  return hasStackHeader && (segment.flags & PF_X) === 0
    ? oddField(elf, segment, "flags", segment.flags, `${PF_X} (X) among them: the entry point is in it`)
    : undefined;
}

/** The kernel takes the first; a stub clears that one only, and the kernel would take the next. */
function oddInterpreters(elf: ElfFile, form: StartedForm): ElfDefect | undefined {
  const [, second] = elf.programHeaders.filter(({ type }) => type === PT_INTERP);
  if (second === undefined || form === "in-place") return undefined;
  return oddField(elf, second, "type", second.type, "at most one PT_INTERP (3), where a stub is to start it");
}
