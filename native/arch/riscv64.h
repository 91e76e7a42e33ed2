/*
 * riscv64, little-endian (rv64gc).
 *
 *      system call     ecall; number a7; arguments a0 to a5; result a0; all other registers kept
 *      process entry   sp at argc; a0: function to register with atexit, 0 from the kernel
 *      from the stub   s1 struct parameters, a4 descriptor of the mapped file, sp and a0 as at process entry
 *
 * Source: RISC-V psABI; Linux arch/riscv/include/uapi/asm/unistd.h
 * (riscv_flush_icache); glibc sysdeps/riscv/start.S.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "generic-numbers.h"
#include "types.h"

#define ARCH_MACHINE 243 /* EM_RISCV */

#define ARCH_NR_riscv_flush_icache 259

#define ARCH_SYSCALL "ecall"
#define ARCH_SYSCALL_NUMBER "a7"
#define ARCH_SYSCALL_ARGUMENT(index) "a" #index
#define ARCH_SYSCALL_CLOBBERS "memory"
#include "register-syscalls.h"

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
