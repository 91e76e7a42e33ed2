// What the first 64 bytes of a file already decide, so that a walk over ten thousand files reads little of them.

import {
  ELFOSABI_AIX,
  ELFOSABI_CLOUDABI,
  ELFOSABI_FREEBSD,
  ELFOSABI_GNU,
  ELFOSABI_HPUX,
  ELFOSABI_IRIX,
  ELFOSABI_NETBSD,
  ELFOSABI_OPENBSD,
  ELFOSABI_SOLARIS,
  ELFOSABI_STANDALONE,
  ELFOSABI_SYSV,
  EM_X86_64,
  ET_CORE,
  ET_DYN,
  ET_EXEC,
  ET_REL,
} from "../../elf/constants.ts";
import { ElfError } from "../../elf/error.ts";
import { decodeFileHeader, isElf, type RawFileHeader } from "../../elf/headers/file-header.ts";
import type { Eligibility, EligibilityFacts } from "./skip-reason.ts";

/** A reason to leave a file alone. */
export type Skipped = Extract<Eligibility, { readonly kind: "skipped" }>;

/** Names of the EI_OSABI values that are not Linux's, for the reason's detail. */
const osNames: ReadonlyMap<number, string> = new Map([
  [ELFOSABI_HPUX, "HP-UX"],
  [ELFOSABI_NETBSD, "NetBSD"],
  [ELFOSABI_SOLARIS, "Solaris"],
  [ELFOSABI_AIX, "AIX"],
  [ELFOSABI_IRIX, "IRIX"],
  [ELFOSABI_FREEBSD, "FreeBSD"],
  [ELFOSABI_OPENBSD, "OpenBSD"],
  [ELFOSABI_CLOUDABI, "CloudABI"],
  [ELFOSABI_STANDALONE, "no operating system"],
]);

/**
 * The reason to leave a file alone that its first bytes give; undefined when more of it must be read. `head` is the
 * file's first 64 bytes, or all of a shorter file; `size` the file's.
 */
export function judgeHead(
  head: Uint8Array,
  size: number,
  facts: Pick<EligibilityFacts, "supported">,
): Skipped | undefined {
  if (size === 0) return skip("empty");
  if (!isElf(head)) return skip("not-elf");
  const appImage = appImageType(head);
  if (appImage !== undefined) return skip("appimage", `type ${appImage}`);
  try {
    return judgeFileHeader(decodeFileHeader(head, size), facts);
  } catch (error) {
    if (error instanceof ElfError) return { kind: "skipped", reason: "damaged", defect: error.defect };
    throw error;
  }
}

/** As `judgeHead`, of a file header that has been decoded. */
export function judgeFileHeader(
  header: Pick<RawFileHeader, "type" | "machine" | "elfClass" | "byteOrder" | "osAbi" | "entry">,
  { supported }: Pick<EligibilityFacts, "supported">,
): Skipped | undefined {
  const { type, machine, elfClass, byteOrder, osAbi } = header;
  if (type === ET_REL) return skip("object-file");
  if (type === ET_CORE) return skip("core-file");
  if (type !== ET_EXEC && type !== ET_DYN) return skip("not-executable", `e_type is ${type}`);
  if (osAbi !== ELFOSABI_SYSV && osAbi !== ELFOSABI_GNU) {
    return skip("other-os-abi", osNames.get(osAbi) ?? `EI_OSABI is ${osAbi}`);
  }
  if (machine === EM_X86_64 && elfClass === 32) return skip("x32");
  const isSupported = supported.some(
    (target) => target.machine === machine && target.elfClass === elfClass && target.byteOrder === byteOrder,
  );
  if (!isSupported) return skip("other-machine", `e_machine is ${machine}, ${elfClass}-bit, ${byteOrder}-endian`);
  if (type === ET_EXEC && header.entry === 0n) return skip("not-executable", "e_entry is 0");
  return undefined;
}

/** A reason as a value. */
export function skip(reason: Skipped["reason"], detail?: string): Skipped {
  return { kind: "skipped", reason, ...(detail === undefined ? {} : { detail }) };
}

/** 1 or 2 for an AppImage: "AI" and its type stand in e_ident's padding, at byte 8. Source: AppImageSpec, draft.md. */
function appImageType(head: Uint8Array): number | undefined {
  if (head[8] !== 0x41 || head[9] !== 0x49) return undefined;
  return head[10] === 1 || head[10] === 2 ? head[10] : undefined;
}
