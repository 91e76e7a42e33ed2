/*
 * powerpc64, little-endian (ELFv2), POWER8 and later.
 *
 *      system call     sc; number r0; arguments r3 to r8; result r3; cr0.so set: r3 is the positive error number;
 *                      r0, r4 to r12, cr0, ctr and xer lost
 *      process entry   r12 the entry point's address; from the kernel r1 at argc, r3 to r7 0; from a dynamic linker r1
 *                      at a word that is 0, r3 argc, r4 argv, r5 environment, r6 auxiliary vector, r7 function to
 *                      register with atexit
 *      from the stub   r30 the byte before struct parameters, r31 descriptor of the mapped file, r26 and r29 what r4
 *                      and r7 were, r1 as at process entry
 *
 * Source: OpenPOWER ELF V2 ABI 2.3.4; Linux Documentation/arch/powerpc/syscall64-abi.rst,
 * arch/powerpc/kernel/syscalls/syscall.tbl; glibc sysdeps/powerpc/powerpc64/dl-machine.h RTLD_START,
 * sysdeps/unix/sysv/linux/powerpc/libc-start.c; Power ISA 3.0B, book II 1.8.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 21 /* EM_PPC64 */

#define ARCH_NR_read 3
#define ARCH_NR_write 4
#define ARCH_NR_close 6
#define ARCH_NR_execve 11
#define ARCH_NR_lseek 19
#define ARCH_NR_mmap 90
#define ARCH_NR_mprotect 125
#define ARCH_NR_exit_group 234
#define ARCH_NR_openat 286
#define ARCH_NR_readlinkat 296
#define ARCH_NR_memfd_create 360
#define ARCH_MMAP_OFFSET_SHIFT 0

static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	register word r0 __asm__("r0") = number;
	register word r3 __asm__("r3") = a;
	register word r4 __asm__("r4") = b;
	register word r5 __asm__("r5") = c;
	register word r6 __asm__("r6") = d;
	register word r7 __asm__("r7") = e;
	register word r8 __asm__("r8") = f;
	__asm__ volatile("sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
	                 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
	                 :
	                 : "r9", "r10", "r11", "r12", "cr0", "ctr", "xer", "memory");
	return r3;
}

static inline sword syscall3(sword number, word a, word b, word c)
{
	register word r0 __asm__("r0") = number;
	register word r3 __asm__("r3") = a;
	register word r4 __asm__("r4") = b;
	register word r5 __asm__("r5") = c;
	__asm__ volatile("sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
	                 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5)
	                 :
	                 : "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cr0", "ctr", "xer", "memory");
	return r3;
}

/* No processor has lines shorter than these. */
static inline void clean_instruction_cache(word start, word end)
{
	word first = ALIGN_DOWN(start, 32);
	for (word at = first; at < end; at += 32)
		__asm__ volatile("dcbst 0, %0" : : "r"(at) : "memory");
	__asm__ volatile("sync" : : : "memory");
	for (word at = first; at < end; at += 32)
		__asm__ volatile("icbi 0, %0" : : "r"(at) : "memory");
	__asm__ volatile("sync\n\tisync" : : : "memory");
}
#define ARCH_CLEANS_INSTRUCTION_CACHE 1

/* What the start sequence stores, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
	const word *arguments; /* argv, when a dynamic linker started the program */
};

/* Where the environment begins. */
static inline const word *environment_of(const struct entry_registers *registers)
{
	const word *stack = (const word *)registers->stack;
	if (*stack)
		return stack + *stack + 2;
	const word *at = registers->arguments;
	while (*at++)
		;
	return at;
}
#define ARCH_ENVIRONMENT environment_of

/* The constants are addressed from r2. 32 bytes below the structure are the called function's frame header. */
#define ARCH_LOADER_START                                                                                              \
	"bcl 20, 31, 1f\n"                                                                                             \
	"1: mflr 2\n"                                                                                                  \
	"addis 2, 2, (.TOC. - 1b)@ha\n"                                                                                \
	"addi 2, 2, (.TOC. - 1b)@l\n"                                                                                  \
	"addi 30, 30, 1\n"                                                                                             \
	"addi 3, 1, -48\n"                                                                                             \
	"std 31, 0(3)\n"                                                                                               \
	"std 30, 8(3)\n"                                                                                               \
	"std 1, 16(3)\n"                                                                                               \
	"std 29, 24(3)\n"                                                                                              \
	"std 26, 32(3)\n"                                                                                              \
	"li 0, 0\n"                                                                                                    \
	"stdu 0, -80(1)\n"                                                                                             \
	"bl loader_main\n"                                                                                             \
	"nop\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	const word *environment = environment_of(registers);
	const word *vector = environment;
	while (*vector++)
		;
	register word r3 __asm__("r3") = 0;
	register word r4 __asm__("r4") = (word)registers->arguments;
	register word r5 __asm__("r5") = (word)environment;
	register word r6 __asm__("r6") = (word)vector;
	register word r7 __asm__("r7") = registers->exit_function;
	register word r12 __asm__("r12") = entry;
	/* argc, where the dynamic linker gave argv. */
	if (r4)
		r3 = (word)(environment - registers->arguments) - 1;
	__asm__ volatile("mr 1, %[stack]\n\tmtctr 12\n\tbctr"
	                 :
	                 : [stack] "r"(registers->stack), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7), "r"(r12)
	                 : "memory");
	__builtin_unreachable();
}

#endif
