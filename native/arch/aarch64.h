/*
 * aarch64, little-endian.
 *
 *      system call     svc 0; number x8; arguments x0 to x5; result x0; all other registers kept
 *      process entry   sp at argc; x0: function to register with atexit, 0 from the kernel
 *      from the stub   x10 struct parameters, x4 descriptor of the mapped file, sp and x0 as at process entry
 *
 * Source: Arm AAPCS64 and the System V ABI for AArch64 (ARM-software/abi-aa sysvabi64); Linux
 * Documentation/arch/arm64/elf_hwcaps.rst (HWCAP2_BTI); Arm ARM B2.4.4 (cache maintenance after writing instructions).
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "generic-numbers.h"
#include "types.h"

#define ARCH_MACHINE 183 /* EM_AARCH64 */

/* Written code is not seen by the instruction fetch of every implementation before the caches are cleaned. */
static inline void clean_instruction_cache(word start, word end)
{
	word types;
	__asm__ volatile("mrs %0, ctr_el0" : "=r"(types));
	/* DminLine and IminLine: the logarithm of the smallest line, in four-byte words. */
	word data_line = (word)4 << (types >> 16 & 15);
	word instruction_line = (word)4 << (types & 15);
	for (word at = ALIGN_DOWN(start, data_line); at < end; at += data_line)
		__asm__ volatile("dc cvau, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb ish" : : : "memory");
	for (word at = ALIGN_DOWN(start, instruction_line); at < end; at += instruction_line)
		__asm__ volatile("ic ivau, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}
#define ARCH_CLEANS_INSTRUCTION_CACHE 1

/*
 * An executable without PT_INTERP whose note asks for BTI is mapped with PROT_BTI by the kernel; an mprotect without
 * the bit would take it away. A processor without BTI refuses the bit, so it is given only where HWCAP2 has it.
 */
#define ARCH_BRANCH_PROTECTION_HWCAP2 ((word)1 << 17) /* HWCAP2_BTI */
#define ARCH_BRANCH_PROTECTION 0x10                   /* PROT_BTI */

#define ARCH_SYSCALL "svc #0"
#define ARCH_SYSCALL_NUMBER "x8"
#define ARCH_SYSCALL_ARGUMENT(index) "x" #index
#define ARCH_SYSCALL_CLOBBERS "memory"
#include "register-syscalls.h"

/* What the start sequence stores, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
};

#define ARCH_LOADER_START                                                                                              \
	"mov x9, sp\n"                                                                                                 \
	"stp x9, x0, [sp, #-16]!\n"                                                                                    \
	"stp x4, x10, [sp, #-16]!\n"                                                                                   \
	"mov x0, sp\n"                                                                                                 \
	"bl loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	register word x0 __asm__("x0") = registers->exit_function;
	/* x16: an indirect branch through it may land on `bti c` as well as on `bti j`. */
	register word x16 __asm__("x16") = entry;
	__asm__ volatile("mov sp, %[stack]\n\tbr %[entry]"
	                 :
	                 : [entry] "r"(x16), [stack] "r"(registers->stack), "r"(x0)
	                 : "memory");
	__builtin_unreachable();
}

#endif
