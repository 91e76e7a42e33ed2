/*
 * arm, EABI, little-endian, ARMv6 and later.
 *
 *      system call     svc 0; number r7; arguments r0 to r5; result r0; all other registers kept
 *      process entry   sp at argc; r0: function to register with atexit, 0 from the kernel; the entry point's bit 0
 *                      says whether the processor is in Thumb state
 *      from the stub   r6 struct parameters, r4 descriptor of the mapped file, sp and r0 as at process entry; ARM state
 *
 * Source: Procedure Call Standard for the Arm Architecture; Linux arch/arm/tools/syscall.tbl,
 * arch/arm/include/uapi/asm/unistd.h (__ARM_NR_cacheflush); glibc sysdeps/arm/start.S.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 40 /* EM_ARM */

#define ARCH_NR_read 3
#define ARCH_NR_write 4
#define ARCH_NR_close 6
#define ARCH_NR_execve 11
#define ARCH_NR_lseek 19
#define ARCH_NR_mprotect 125
#define ARCH_NR_mmap 192 /* mmap2: the offset counts 4096-byte units */
#define ARCH_NR_exit_group 248
#define ARCH_NR_openat 322
#define ARCH_NR_readlinkat 332
#define ARCH_NR_memfd_create 385
#define ARCH_NR_cacheflush 0x0f0002
#define ARCH_MMAP_OFFSET_SHIFT 12

#define ARCH_SYSCALL "svc #0"
#define ARCH_SYSCALL_NUMBER "r7"
#define ARCH_SYSCALL_ARGUMENT(index) "r" #index
#define ARCH_SYSCALL_CLOBBERS "memory"
#include "register-syscalls.h"

/* Only the kernel may clean the caches. */
static inline void clean_instruction_cache(word start, word end)
{
	syscall3(ARCH_NR_cacheflush, start, end, 0);
}
#define ARCH_CLEANS_INSTRUCTION_CACHE 1

/* What the start sequence stores, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word stack;
	word exit_function;
};

/*
 * ARMv6 has no division, and the compiler calls for it: r0 by r1, the quotient in r0, the remainder in r1.
 * Source: Run-time ABI for the Arm Architecture, 4.3.1.
 */
#define ARCH_LOADER_START                                                                                              \
	"mov r7, sp\n"                                                                                                 \
	"mov r8, r0\n"                                                                                                 \
	"push {r4, r6, r7, r8}\n"                                                                                      \
	"mov r0, sp\n"                                                                                                 \
	"bl loader_main\n"                                                                                             \
	".globl __aeabi_uidiv\n"                                                                                       \
	".globl __aeabi_uidivmod\n"                                                                                    \
	"__aeabi_uidiv:\n"                                                                                             \
	"__aeabi_uidivmod:\n"                                                                                          \
	"mov r2, #32\n"                                                                                                \
	"mov r3, #0\n"                                                                                                 \
	"1: adds r0, r0, r0\n"                                                                                         \
	"adc r3, r3, r3\n"                                                                                             \
	"cmp r3, r1\n"                                                                                                 \
	"subhs r3, r3, r1\n"                                                                                           \
	"addhs r0, r0, #1\n"                                                                                           \
	"subs r2, r2, #1\n"                                                                                            \
	"bne 1b\n"                                                                                                     \
	"mov r1, r3\n"                                                                                                 \
	"bx lr\n"

/* As from the kernel, all other registers are 0: glibc 2.36's linker uses r4 before it sets it. */
static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	register word r0 __asm__("r0") = registers->exit_function;
	register word r12 __asm__("r12") = entry;
	__asm__ volatile("mov sp, %[stack]\n\t"
	                 "mov r1, #0\n\tmov r2, #0\n\tmov r3, #0\n\tmov r4, #0\n\tmov r5, #0\n\tmov r6, #0\n\t"
	                 "mov r7, #0\n\tmov r8, #0\n\tmov r9, #0\n\tmov r10, #0\n\tmov r11, #0\n\tbx r12"
	                 :
	                 : [stack] "r"(registers->stack), "r"(r0), "r"(r12)
	                 : "memory");
	__builtin_unreachable();
}

#endif
