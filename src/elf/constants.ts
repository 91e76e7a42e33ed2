// Numbers of the ELF format, in the spelling of elf.h. Only those that this tool uses.
// Source: System V gABI chapters 4 and 5; glibc elf/elf.h for the GNU and processor-specific ones.

/** Bytes of e_ident, and the positions in it. */
export const EI_CLASS = 4;
export const EI_DATA = 5;
export const EI_VERSION = 6;
export const EI_OSABI = 7;
export const EI_NIDENT = 16;

export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;
export const EV_CURRENT = 1;

/** EI_OSABI */
export const ELFOSABI_SYSV = 0;
export const ELFOSABI_HPUX = 1;
export const ELFOSABI_NETBSD = 2;
export const ELFOSABI_GNU = 3;
export const ELFOSABI_SOLARIS = 6;
export const ELFOSABI_AIX = 7;
export const ELFOSABI_IRIX = 8;
export const ELFOSABI_FREEBSD = 9;
export const ELFOSABI_OPENBSD = 12;
export const ELFOSABI_CLOUDABI = 17;
export const ELFOSABI_STANDALONE = 255;

/** e_type */
export const ET_REL = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const ET_CORE = 4;

/** e_machine */
export const EM_386 = 3;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_X86_64 = 62;
export const EM_AARCH64 = 183;
export const EM_RISCV = 243;
export const EM_LOONGARCH = 258;
/** Not in the gABI: the number that Linux uses for alpha. Its DT_HASH entries are 8 bytes wide. */
export const EM_ALPHA = 0x9026;

/** e_phnum: the real count is in sh_info of section 0. */
export const PN_XNUM = 0xffff;

/** p_type */
export const PT_NULL = 0;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PT_PHDR = 6;
export const PT_GNU_STACK = 0x6474e551;
export const PT_GNU_PROPERTY = 0x6474e553;
export const PT_GNU_RELRO = 0x6474e552;

/** p_flags */
export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

/** d_tag */
export const DT_NULL = 0n;
export const DT_NEEDED = 1n;
export const DT_PLTRELSZ = 2n;
export const DT_HASH = 4n;
export const DT_STRTAB = 5n;
export const DT_SYMTAB = 6n;
export const DT_RELA = 7n;
export const DT_RELASZ = 8n;
export const DT_STRSZ = 10n;
export const DT_SONAME = 14n;
export const DT_RPATH = 15n;
export const DT_REL = 17n;
export const DT_RELSZ = 18n;
export const DT_DEBUG = 21n;
export const DT_JMPREL = 23n;
export const DT_RUNPATH = 29n;
export const DT_PREINIT_ARRAY = 32n;
export const DT_PREINIT_ARRAYSZ = 33n;
export const DT_GNU_HASH = 0x6ffffef5n;
/** Hints only: how many relocations at the front are relative. */
export const DT_RELACOUNT = 0x6ffffff9n;
export const DT_RELCOUNT = 0x6ffffffan;
export const DT_FLAGS_1 = 0x6ffffffbn;
export const DT_VERDEF = 0x6ffffffcn;
export const DT_VERDEFNUM = 0x6ffffffdn;
export const DT_VERSYM = 0x6ffffff0n;
export const DT_VERNEED = 0x6ffffffen;
export const DT_VERNEEDNUM = 0x6fffffffn;

/** DT_FLAGS_1: the object is a position-independent executable. */
export const DF_1_PIE = 0x0800_0000n;

/** sh_type */
export const SHT_PROGBITS = 1;
export const SHT_NOTE = 7;
export const SHT_NOBITS = 8;
/** .eh_frame on x86_64. Source: x86-64 psABI, "Special Sections". */
export const SHT_X86_64_UNWIND = 0x7000_0001;

/** sh_flags: the section occupies memory; holds code. */
export const SHF_WRITE = 1n;
export const SHF_ALLOC = 2n;
export const SHF_EXECINSTR = 4n;

/** st_shndx: the symbol is not defined here. */
export const SHN_UNDEF = 0;
/** e_shstrndx: the real index is in sh_link of section 0. */
export const SHN_XINDEX = 0xffff;

/** vd_flags: the version definition names the file itself. */
export const VER_FLG_BASE = 1;
/** vna_flags: a missing version is not fatal. */
export const VER_FLG_WEAK = 2;

/** n_type of notes named "GNU". */
export const NT_GNU_ABI_TAG = 1;
