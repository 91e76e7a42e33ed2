/*
 * riscv64, little-endian (rv64gc).
 *
 *      system call     ecall; number a7; arguments a0 to a5; result a0; all other registers kept
 *      process entry   sp at argc; a0: function to register with atexit, 0 from the kernel
 *      from the stub   s1 struct parameters, a4 descriptor of the mapped file, sp and a0 as at process entry
 *
 * Source: RISC-V psABI; Linux include/uapi/asm-generic/unistd.h, arch/riscv/include/uapi/asm/unistd.h
 * (riscv_flush_icache); glibc sysdeps/riscv/start.S.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 243 /* EM_RISCV */

#define ARCH_NR_openat 56
#define ARCH_NR_close 57
#define ARCH_NR_lseek 62
#define ARCH_NR_read 63
#define ARCH_NR_write 64
#define ARCH_NR_readlinkat 78
#define ARCH_NR_exit_group 94
#define ARCH_NR_mmap 222
#define ARCH_NR_mprotect 226
#define ARCH_NR_riscv_flush_icache 259
#define ARCH_NR_memfd_create 279
#define ARCH_MMAP_OFFSET_SHIFT 0

static inline sword syscall3(sword number, word a, word b, word c)
{
	register word a7 __asm__("a7") = number;
	register word a0 __asm__("a0") = a;
	register word a1 __asm__("a1") = b;
	register word a2 __asm__("a2") = c;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}

static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	register word a7 __asm__("a7") = number;
	register word a0 __asm__("a0") = a;
	register word a1 __asm__("a1") = b;
	register word a2 __asm__("a2") = c;
	register word a3 __asm__("a3") = d;
	register word a4 __asm__("a4") = e;
	register word a5 __asm__("a5") = f;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
	return a0;
}

/* fence.i holds for the hart that runs it only, and the kernel may move the thread to another one. */
static inline void clean_instruction_cache(word start, word end)
{
	syscall3(ARCH_NR_riscv_flush_icache, start, end, 0);
}
#define ARCH_CLEANS_INSTRUCTION_CACHE 1

/* What the start sequence stores, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
};

#define ARCH_LOADER_START                                                                                              \
	"addi sp, sp, -32\n"                                                                                           \
	"sd a4, 0(sp)\n"                                                                                               \
	"sd s1, 8(sp)\n"                                                                                               \
	"addi a4, sp, 32\n"                                                                                            \
	"sd a4, 16(sp)\n"                                                                                              \
	"sd a0, 24(sp)\n"                                                                                              \
	"mv a0, sp\n"                                                                                                  \
	"call loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	register word a0 __asm__("a0") = registers->exit_function;
	__asm__ volatile("mv sp, %[stack]\n\tjr %[entry]"
	                 :
	                 : [entry] "r"(entry), [stack] "r"(registers->stack), "r"(a0)
	                 : "memory");
	__builtin_unreachable();
}

#endif
