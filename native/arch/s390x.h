/*
 * s390x, big-endian.
 *
 *      system call     svc 0; number r1; arguments r2 to r7; result r2; all other registers kept
 *      process entry   r15 at argc; r14: function to register with atexit, 0 from the kernel
 *      from the stub   r10 struct parameters, r6 descriptor of the mapped file, r14 and r15 as at process entry
 *
 * Source: ELF ABI s390x Supplement (IBM/s390x-abi); Linux arch/s390/kernel/syscalls/syscall.tbl; mm/util.c sys_old_mmap
 * (six arguments in memory); glibc sysdeps/s390/s390-64/start.S.
 */
#ifndef WRAP_BUDDY_ARCH_H
#define WRAP_BUDDY_ARCH_H

#include "types.h"

#define ARCH_MACHINE 22 /* EM_S390 */

#define ARCH_NR_read 3
#define ARCH_NR_write 4
#define ARCH_NR_close 6
#define ARCH_NR_execve 11
#define ARCH_NR_lseek 19
#define ARCH_NR_mmap 90
#define ARCH_NR_mprotect 125
#define ARCH_NR_exit_group 248
#define ARCH_NR_openat 288
#define ARCH_NR_readlinkat 298
#define ARCH_NR_memfd_create 350

#define ARCH_SYSCALL "svc 0"
#define ARCH_SYSCALL_NUMBER "r1"
#define ARCH_SYSCALL_ARGUMENT(index) ARCH_ARGUMENT_##index
#define ARCH_ARGUMENT_0 "r2"
#define ARCH_ARGUMENT_1 "r3"
#define ARCH_ARGUMENT_2 "r4"
#define ARCH_ARGUMENT_3 "r5"
#define ARCH_ARGUMENT_4 "r6"
#define ARCH_ARGUMENT_5 "r7"
#define ARCH_SYSCALL_CLOBBERS "memory", "cc"
#include "register-syscalls.h"

/* `offset` in bytes, a multiple of the page size. */
static inline word sys_mmap(word address, word size, word protection, word flags, word descriptor, word offset)
{
	const word arguments[] = {address, size, protection, flags, descriptor, offset};
	return syscall3(ARCH_NR_mmap, (word)arguments, 0, 0);
}
#define ARCH_HAS_MMAP 1

/* What the start sequence stores, lowest address first. */
struct entry_registers {
	word descriptor;
	word parameters;
	word exit_function;
	word stack;
};

/* 160 bytes below the structure are the called function's to save registers in. */
#define ARCH_LOADER_START                                                                                              \
	"lgr %r12, %r6\n"                                                                                              \
	"lgr %r13, %r10\n"                                                                                             \
	"lay %r2, -32(%r15)\n"                                                                                         \
	"stmg %r12, %r15, 0(%r2)\n"                                                                                    \
	"lay %r15, -160(%r2)\n"                                                                                        \
	"brasl %r14, loader_main\n"

static inline _Noreturn void jump_to(word entry, const struct entry_registers *registers)
{
	register word r1 __asm__("r1") = entry;
	__asm__ volatile("lmg %%r14, %%r15, 0(%[last])\n\tbr %%r1"
	                 :
	                 : "d"(r1), [last] "a"(&registers->exit_function)
	                 : "memory");
	__builtin_unreachable();
}

#endif
