/*
 * System call numbers of the architectures that came to Linux after it had a table for all of them.
 * Source: Linux include/uapi/asm-generic/unistd.h.
 */
#ifndef WRAP_BUDDY_GENERIC_NUMBERS_H
#define WRAP_BUDDY_GENERIC_NUMBERS_H

#define ARCH_NR_openat 56
#define ARCH_NR_close 57
#define ARCH_NR_lseek 62
#define ARCH_NR_read 63
#define ARCH_NR_write 64
#define ARCH_NR_readlinkat 78
#define ARCH_NR_exit_group 94
#define ARCH_NR_execve 221
#define ARCH_NR_mmap 222
#define ARCH_NR_mprotect 226
#define ARCH_NR_memfd_create 279
#define ARCH_MMAP_OFFSET_SHIFT 0

#endif
