/*
 * i386.
 *
 *      system call     int $0x80; number eax; arguments ebx ecx edx esi edi ebp; result eax
 *      process entry   esp at argc; edx: function to register with atexit, 0 from the kernel
 *      from the stub   esi struct parameters, edi descriptor of the mapped file, esp and edx as at process entry
 *
 * Source: System V psABI for Intel386, 2.3; Linux arch/x86/entry/syscalls/syscall_32.tbl.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 3 /* EM_386 */

#define ARCH_NR_read 3
#define ARCH_NR_write 4
#define ARCH_NR_close 6
#define ARCH_NR_execve 11
#define ARCH_NR_lseek 19
#define ARCH_NR_mprotect 125
#define ARCH_NR_mmap 192 /* mmap2: the offset counts 4096-byte units */
#define ARCH_NR_exit_group 252
#define ARCH_NR_openat 295
#define ARCH_NR_readlinkat 305
#define ARCH_NR_memfd_create 356
#define ARCH_MMAP_OFFSET_SHIFT 12

static inline sword syscall3(sword number, word a, word b, word c)
{
	sword result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

/* The sixth argument goes in ebp, which the compiler does not lend: it is swapped in around the call. */
static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	sword result;
	__asm__ volatile("push %[f]\n\tpush %%ebp\n\tmov 4(%%esp), %%ebp\n\tint $0x80\n\tpop %%ebp\n\tadd $4, %%esp"
	                 : "=a"(result)
	                 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), [f] "g"(f)
	                 : "memory");
	return result;
}

/* Gives a private, writable page its own memory, unchanged. Both accesses of a locked instruction count as writes. */
#define ARCH_HAS_TAKE_PAGE 1
static inline void take_page(void *address)
{
	__asm__ volatile("lock orb $0, %0" : "+m"(*(u8 *)address));
}

#define ARCH_HAS_COPY_BYTES 1
static inline void copy_bytes(void *to, const void *from, word size)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

/* What the start sequence pushes, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
};

#define ARCH_LOADER_START                                                                                              \
	"push %edx\n"                                                                                                  \
	"lea 4(%esp), %eax\n"                                                                                          \
	"push %eax\n"                                                                                                  \
	"push %esi\n"                                                                                                  \
	"push %edi\n"                                                                                                  \
	"mov %esp, %eax\n"                                                                                             \
	"and $-16, %esp\n"                                                                                             \
	"sub $12, %esp\n"                                                                                              \
	"push %eax\n"                                                                                                  \
	"call loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	__asm__ volatile("mov %[stack], %%esp\n\tjmp *%[entry]"
	                 :
	                 : [entry] "r"(entry), [stack] "r"(registers->stack), "d"(registers->exit_function)
	                 : "memory");
	__builtin_unreachable();
}

#endif
