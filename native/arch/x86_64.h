/*
 * x86_64 (LP64; x32 is not this).
 *
 *      system call     number rax; arguments rdi rsi rdx r10 r8 r9; result rax; rcx and r11 lost
 *      process entry   rsp at argc; rdx: function to register with atexit, 0 from the kernel
 *      from the stub   rbx struct parameters, r8 descriptor of the mapped file, rsp and rdx as at process entry
 *
 * Source: System V psABI for AMD64, 3.4.1 and A.2.1; Linux arch/x86/entry/syscalls/syscall_64.tbl.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 62 /* EM_X86_64 */

#define ARCH_NR_read 0
#define ARCH_NR_write 1
#define ARCH_NR_close 3
#define ARCH_NR_lseek 8
#define ARCH_NR_mmap 9
#define ARCH_NR_mprotect 10
#define ARCH_NR_execve 59
#define ARCH_NR_exit_group 231
#define ARCH_NR_openat 257
#define ARCH_NR_readlinkat 267
#define ARCH_NR_memfd_create 319
#define ARCH_MMAP_OFFSET_SHIFT 0

static inline sword syscall3(sword number, word a, word b, word c)
{
	sword result;
	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	register word r10 __asm__("r10") = d;
	register word r8 __asm__("r8") = e;
	register word r9 __asm__("r9") = f;
	sword result;
	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
	                 : "rcx", "r11", "memory");
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
	"push %rdx\n"                                                                                                  \
	"lea 8(%rsp), %rax\n"                                                                                          \
	"push %rax\n"                                                                                                  \
	"push %rbx\n"                                                                                                  \
	"push %r8\n"                                                                                                   \
	"mov %rsp, %rdi\n"                                                                                             \
	"and $-16, %rsp\n"                                                                                             \
	"call loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	__asm__ volatile("mov %[stack], %%rsp\n\tjmp *%[entry]"
	                 :
	                 : [entry] "r"(entry), [stack] "r"(registers->stack), "d"(registers->exit_function)
	                 : "memory");
	__builtin_unreachable();
}

#endif
