// What test/support/elf/elf-builder.ts can be asked for.

export interface ElfSpec {
  /** 64 */
  readonly elfClass?: 32 | 64;
  /** little */
  readonly byteOrder?: "little" | "big";
  /** 62, x86-64 */
  readonly machine?: number;
  /** 3, ET_DYN */
  readonly type?: number;
  readonly osAbi?: number;
  /** e_flags */
  readonly flags?: number;
  /** PT_INTERP; null for none. "/lib64/ld-linux-x86-64.so.2" */
  readonly interpreter?: string | null;
  /** False for no PT_DYNAMIC: a static executable. */
  readonly dynamic?: boolean;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** DT_FLAGS_1, left out when not given. */
  readonly flags1?: bigint;
  /** DT_NULL slots; 1 */
  readonly nullSlots?: number;
  /** Which hash tables the symbols get; gnu */
  readonly hash?: "gnu" | "sysv" | "both" | "none";
  /** Defined dynamic symbols. */
  readonly symbols?: readonly { readonly name: string; readonly value: bigint }[];
  /** Undefined dynamic symbols, in front of the others. */
  readonly imports?: readonly string[];
  readonly versionNeeds?: readonly {
    readonly file: string;
    readonly versions: readonly { readonly name: string; readonly isWeak?: boolean }[];
  }[];
  /** The first is the base version, named like the file. */
  readonly versionDefinitions?: readonly string[];
  readonly notes?: readonly { readonly name: string; readonly type: number; readonly description: Uint8Array }[];
  /** p_align of PT_NOTE; 4 */
  readonly noteAlign?: 4 | 8;
  /** The bytes of .text; the entry point is its first byte. 512 bytes of 0x90 */
  readonly code?: Uint8Array;
  /** The entry point, bytes into .text; 0 */
  readonly entryOffset?: number;
  /** False for no PT_PHDR. */
  readonly programHeaderSegment?: boolean;
  /** p_align of PT_LOAD, and the file alignment of segments; 0x1000 */
  readonly pageSize?: number;
  /** Address of the file's first byte; 0, or 0x400000 where type is 2 (ET_EXEC) */
  readonly base?: bigint;
  /** False for no section headers. */
  readonly sections?: boolean;
  /** Bytes after everything else. */
  readonly payload?: Uint8Array;
}

/** A part of the file: what stands at `offset`, `size` bytes, loaded by segment number `segment` (-1: not loaded). */
export interface Part {
  readonly offset: number;
  readonly size: number;
  readonly segment: number;
}
