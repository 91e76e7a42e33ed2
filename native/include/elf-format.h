/*
 * The part of the ELF format that the loader reads, at the executable's own class and byte order.
 * Source: System V gABI, chapters 4 and 5; names as in elf.h.
 */
#ifndef WRAP_BUDDY_ELF_FORMAT_H
#define WRAP_BUDDY_ELF_FORMAT_H

#include "types.h"

/*
 * Fields that are looked at together, as numbers: e_ident's magic; EI_CLASS and EI_DATA of this class and byte order;
 * e_type and e_machine.
 */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ELF_MAGIC 0x7f454c46u
#define ELF_CLASS_AND_ORDER (__SIZEOF_POINTER__ / 4 << 8 | 2)
#define ELF_TYPE_AND_MACHINE(type, machine) ((u32)(type) << 16 | (machine))
#else
#define ELF_MAGIC 0x464c457fu
#define ELF_CLASS_AND_ORDER (1 << 8 | __SIZEOF_POINTER__ / 4)
#define ELF_TYPE_AND_MACHINE(type, machine) ((u32)(machine) << 16 | (type))
#endif

enum { ET_EXEC = 2, ET_DYN = 3 };
enum { PT_NULL = 0, PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_PHDR = 6 };
enum { PF_X = 1, PF_W = 2, PF_R = 4 };
enum { DT_NULL = 0, DT_NEEDED = 1, DT_STRTAB = 5, DT_RPATH = 15, DT_DEBUG = 21, DT_RUNPATH = 29 };
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_ENTRY = 9,
	AT_SECURE = 23,
	AT_HWCAP2 = 26,
};

struct elf_header {
	u32 e_magic;
	u16 e_class_and_order;
	u8 e_ident_rest[10];
	u32 e_type_and_machine;
	u32 e_version;
	word e_entry;
	word e_phoff;
	word e_shoff;
	u32 e_flags;
	u16 e_ehsize;
	u16 e_phentsize;
	u16 e_phnum;
	u16 e_shentsize;
	u16 e_shnum;
	u16 e_shstrndx;
};

struct program_header {
	u32 p_type;
#if __SIZEOF_POINTER__ == 8
	u32 p_flags;
#endif
	word p_offset;
	word p_vaddr;
	word p_paddr;
	word p_filesz;
	word p_memsz;
#if __SIZEOF_POINTER__ == 4
	u32 p_flags;
#endif
	word p_align;
};

struct dynamic_entry {
	word d_tag;
	word d_value;
};

/* One entry of the auxiliary vector that the kernel leaves after the environment on the stack. */
struct aux_entry {
	word type;
	word value;
};

#endif
