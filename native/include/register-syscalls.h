/*
 * syscall3() and syscall6() of the architectures whose system calls take everything in registers, return the result or
 * the negative error number in the first argument's register, and keep the other registers. Before including this, the
 * architecture's header says
 *
 *      ARCH_SYSCALL                    the instruction
 *      ARCH_SYSCALL_NUMBER             the register of the number
 *      ARCH_SYSCALL_ARGUMENT(index)    the register of an argument, counted from 0
 *      ARCH_SYSCALL_CLOBBERS           "memory", and registers that are lost
 */
#ifndef WRAP_BUDDY_REGISTER_SYSCALLS_H
#define WRAP_BUDDY_REGISTER_SYSCALLS_H

#include "types.h"

static inline sword syscall3(sword number, word a, word b, word c)
{
	register word in __asm__(ARCH_SYSCALL_NUMBER) = number;
	register word first __asm__(ARCH_SYSCALL_ARGUMENT(0)) = a;
	register word second __asm__(ARCH_SYSCALL_ARGUMENT(1)) = b;
	register word third __asm__(ARCH_SYSCALL_ARGUMENT(2)) = c;
	__asm__ volatile(ARCH_SYSCALL : "+r"(first) : "r"(in), "r"(second), "r"(third) : ARCH_SYSCALL_CLOBBERS);
	return first;
}

static inline sword syscall6(sword number, word a, word b, word c, word d, word e, word f)
{
	register word in __asm__(ARCH_SYSCALL_NUMBER) = number;
	register word first __asm__(ARCH_SYSCALL_ARGUMENT(0)) = a;
	register word second __asm__(ARCH_SYSCALL_ARGUMENT(1)) = b;
	register word third __asm__(ARCH_SYSCALL_ARGUMENT(2)) = c;
	register word fourth __asm__(ARCH_SYSCALL_ARGUMENT(3)) = d;
	register word fifth __asm__(ARCH_SYSCALL_ARGUMENT(4)) = e;
	register word sixth __asm__(ARCH_SYSCALL_ARGUMENT(5)) = f;
	__asm__ volatile(ARCH_SYSCALL
	                 : "+r"(first)
	                 : "r"(in), "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(sixth)
	                 : ARCH_SYSCALL_CLOBBERS);
	return first;
}

#endif
