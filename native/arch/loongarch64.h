/*
 * loongarch64 (LP64).
 *
 *      system call     syscall 0; number a7; arguments a0 to a5; result a0; t0 to t8 lost
 *      process entry   sp at argc; a0: function to register with atexit, 0 from the kernel
 *      from the stub   s1 struct parameters, a4 descriptor of the mapped file, sp and a0 as at process entry
 *
 * Source: LoongArch ELF psABI; Linux Documentation/arch/loongarch/introduction.rst; glibc
 * sysdeps/loongarch/start.S; LoongArch Reference Manual vol. 1, 2.2.8.2 (IBAR).
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "generic-numbers.h"
#include "types.h"

#define ARCH_MACHINE 258 /* EM_LOONGARCH */

#define ARCH_SYSCALL "syscall 0"
#define ARCH_SYSCALL_NUMBER "a7"
#define ARCH_SYSCALL_ARGUMENT(index) "a" #index
#define ARCH_SYSCALL_CLOBBERS "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "memory"
#include "register-syscalls.h"

/* The caches are coherent; what this processor has fetched ahead is thrown away. */
static inline void clean_instruction_cache(word start, word end)
{
	(void)start;
	(void)end;
	__asm__ volatile("ibar 0" : : : "memory");
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
	"addi.d $sp, $sp, -32\n"                                                                                       \
	"st.d $a4, $sp, 0\n"                                                                                           \
	"st.d $s1, $sp, 8\n"                                                                                           \
	"addi.d $a4, $sp, 32\n"                                                                                        \
	"st.d $a4, $sp, 16\n"                                                                                          \
	"st.d $a0, $sp, 24\n"                                                                                          \
	"move $a0, $sp\n"                                                                                              \
	"bl loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	register word a0 __asm__("a0") = registers->exit_function;
	__asm__ volatile("move $sp, %[stack]\n\tjr %[entry]"
	                 :
	                 : [entry] "r"(entry), [stack] "r"(registers->stack), "r"(a0)
	                 : "memory");
	__builtin_unreachable();
}

#endif
