/*
 * An architecture to compile the loader's pure parts for, as a program of the machine that runs the fuzzer: x86_64
 * whose system calls stop it, for no pure part makes one, and whose copies the sanitizers can see.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 62 /* EM_X86_64 */

enum {
	ARCH_NR_read,
	ARCH_NR_write,
	ARCH_NR_close,
	ARCH_NR_lseek,
	ARCH_NR_mmap,
	ARCH_NR_mprotect,
	ARCH_NR_exit_group,
	ARCH_NR_openat,
	ARCH_NR_readlinkat,
	ARCH_NR_memfd_create,
};
#define ARCH_MMAP_OFFSET_SHIFT 0

static inline sword syscall3(sword number, word a, word b, word c)
{
	(void)number, (void)a, (void)b, (void)c;
	__builtin_trap();
}

static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	(void)number, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	__builtin_trap();
}

struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
};

#endif
