// What an ELF file says, as plain values. Types only: no reading, no policy.
// Fields carry camelCase names; the gABI name stands in each docstring.
// Source: System V gABI, chapters 4 and 5 (https://gabi.xinuos.com/).

declare const brand: unique symbol;

/** A byte position in a file, from its first byte. Always a safe integer. */
export type FileOffset = number & { readonly [brand]: "FileOffset" };

/** An address as the link editor assigned it, before the load bias is added. */
export type VirtualAddress = bigint & { readonly [brand]: "VirtualAddress" };

export type ElfClass = 32 | 64;
export type ByteOrder = "little" | "big";

/** Random access to a file's bytes. `read` never returns fewer bytes than asked: it throws ElfError instead. */
export interface ByteSource {
  /** File size in bytes. */
  readonly size: number;
  /**
   * `length` bytes from `offset`; not to be written to. Throws ElfError ("past-end-of-file") if they are not all
   * there; `what` names the structure in it.
   */
  read(offset: number, length: number, what?: string): Uint8Array;
}

/** The facts that two files must share to be loaded into one process. */
export interface ElfIdentity {
  /** EI_CLASS */
  readonly elfClass: ElfClass;
  /** EI_DATA */
  readonly byteOrder: ByteOrder;
  /** EI_OSABI: 0 System V, 3 GNU/Linux */
  readonly osAbi: number;
  /** e_machine, an EM_ constant */
  readonly machine: number;
}

/** The file header, Elf32_Ehdr or Elf64_Ehdr. */
export interface FileHeader extends ElfIdentity {
  /** e_type, an ET_ constant */
  readonly type: number;
  /** e_flags, machine-specific */
  readonly flags: number;
  /** e_entry; on arm bit 0 says that the code there is Thumb */
  readonly entry: VirtualAddress;
  /** e_phoff */
  readonly programHeaderOffset: FileOffset;
  /** e_phnum, or sh_info of section 0 where e_phnum is PN_XNUM */
  readonly programHeaderCount: number;
  /** e_shoff, 0 when there is no section header table */
  readonly sectionHeaderOffset: FileOffset;
  /** e_shnum, or sh_size of section 0 where e_shnum is 0 */
  readonly sectionHeaderCount: number;
}

/** One program header, Elf32_Phdr or Elf64_Phdr. */
export interface ProgramHeader {
  /** Position in the table, from 0. */
  readonly index: number;
  /** Where this header itself stands in the file; p_type is its first four bytes. */
  readonly headerOffset: FileOffset;
  /** p_type, a PT_ constant */
  readonly type: number;
  /** p_flags: PF_X 1, PF_W 2, PF_R 4 */
  readonly flags: number;
  /** p_offset */
  readonly offset: FileOffset;
  /** p_vaddr */
  readonly virtualAddress: VirtualAddress;
  /** p_filesz, bytes */
  readonly fileSize: number;
  /** p_memsz, bytes */
  readonly memorySize: bigint;
  /** p_align, bytes */
  readonly align: bigint;
}

/** What a section header says of the file's bytes. */
export interface SectionExtent {
  readonly index: number;
  /** sh_type, a SHT_ constant */
  readonly type: number;
  /** sh_offset */
  readonly offset: FileOffset;
  /** sh_size, bytes (of memory for SHT_NOBITS) */
  readonly size: number;
}

/** One section header. Optional information: a stripped file need not have any. */
export interface SectionHeader extends SectionExtent {
  /** sh_name resolved in the section name table; "" when it cannot be. */
  readonly name: string;
  /** sh_flags */
  readonly flags: bigint;
  readonly virtualAddress: VirtualAddress;
}

/** One slot of the dynamic array, Elf32_Dyn or Elf64_Dyn. */
export interface DynamicEntry {
  /** Slot, from 0. */
  readonly index: number;
  /** d_tag, a DT_ constant */
  readonly tag: bigint;
  /** d_un, address or number */
  readonly value: bigint;
}

/** PT_DYNAMIC, decoded. */
export interface DynamicSection {
  readonly offset: FileOffset;
  /** The entries before the first DT_NULL. */
  readonly entries: readonly DynamicEntry[];
  /** Slots in the array, DT_NULL ones included: p_filesz / sizeof(Dyn). */
  readonly slotCount: number;
  /** DT_NEEDED in order, as written. */
  readonly needed: readonly string[];
  /** DT_SONAME */
  readonly soname?: string;
  /** DT_RPATH, as written (colon-separated) */
  readonly rpath?: string;
  /** DT_RUNPATH, as written (colon-separated) */
  readonly runpath?: string;
  /** DT_FLAGS_1, 0 when absent; DF_1_PIE says "a position-independent executable" */
  readonly flags1: bigint;
}

/** One entry of a note segment. */
export interface Note {
  /** n_name without its NUL, for example "GNU" or "FDO" */
  readonly name: string;
  /** n_type */
  readonly type: number;
  readonly description: Uint8Array;
}

/** A version that an object wants of one of its libraries (DT_VERNEED). */
export interface VersionNeed {
  /** vn_file: the soname of the library that has to define it */
  readonly file: string;
  /** vna_name, for example "GLIBC_2.34" */
  readonly version: string;
  /** VER_FLG_WEAK: a missing version is not fatal */
  readonly isWeak: boolean;
}

/**
 * A parsed ELF file. The header and the program headers have been read and checked; the rest is read at the first
 * call and kept. Every method may throw ElfError for damaged input, and returns undefined where the thing is absent:
 * absent and damaged are never the same.
 */
export interface ElfFile {
  readonly source: ByteSource;
  readonly header: FileHeader;
  readonly programHeaders: readonly ProgramHeader[];
  /** The PT_INTERP string, without its NUL; undefined when there is no PT_INTERP. */
  interpreter(): string | undefined;
  /** The entries before the first DT_NULL, whatever they point to; [] without PT_DYNAMIC. */
  dynamicEntries(): readonly DynamicEntry[];
  /** PT_DYNAMIC, undefined when there is none. */
  dynamic(): DynamicSection | undefined;
  /** DT_VERNEED, in file order; [] when absent. */
  versionNeeds(): readonly VersionNeed[];
  /** DT_VERDEF names, the base version left out; [] when absent. */
  versionDefinitions(): readonly string[];
  /** Every note of every PT_NOTE segment. */
  notes(): readonly Note[];
  /** Section headers; [] when there is no table. */
  sections(): readonly SectionHeader[];
  /** The same without what takes longest to read, and as damaged as they are. */
  sectionExtents(): readonly SectionExtent[];
  /** Throws where `sectionExtents` does, and takes less time and memory. */
  checkSectionExtents(): void;
  /** The name of the section with this index, as `sections` has it. */
  sectionName(index: number): string;
  /** The value of a defined dynamic symbol (st_value), looked up by DT_GNU_HASH or DT_HASH; undefined when absent. */
  dynamicSymbol(name: string): VirtualAddress | undefined;
}
