/*
 * System calls by name over the architecture's syscall6(), and the constants they take. Calls that every Linux
 * architecture has (openat, not open). Results are the kernel's: -1 to -4095 is a negative error number.
 * Source: Linux include/uapi/asm-generic/{fcntl,mman-common}.h.
 */
#ifndef WRAP_BUDDY_SYSCALLS_H
#define WRAP_BUDDY_SYSCALLS_H

#include "arch.h"
#include "types.h"

enum { AT_FDCWD = -100 };
enum { O_RDONLY = 0, O_CLOEXEC = 02000000 };
enum { SEEK_END = 2 };
enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };
enum { MFD_CLOEXEC = 1 };

/* An error number as the kernel returns them: ENOEXEC. Source: Linux include/uapi/asm-generic/errno-base.h. */
#define NOT_EXECUTABLE (-(word)8)

static inline int is_error(word result)
{
	return result > -(word)4096;
}

/* An argument that a system call does not have: whatever the register holds. */
static inline word any(void)
{
	word value;
	__asm__("" : "=r"(value));
	return value;
}

static inline word sys_readlink(const char *path, char *target, word size)
{
	return syscall6(ARCH_NR_readlinkat, AT_FDCWD, (word)path, (word)target, size, any(), any());
}

static inline word sys_open(const char *path)
{
	return syscall3(ARCH_NR_openat, AT_FDCWD, (word)path, O_RDONLY | O_CLOEXEC);
}

static inline word sys_read(word descriptor, void *to, word size)
{
	return syscall3(ARCH_NR_read, descriptor, (word)to, size);
}

static inline word sys_write(word descriptor, const void *from, word size)
{
	return syscall3(ARCH_NR_write, descriptor, (word)from, size);
}

static inline void sys_close(word descriptor)
{
	syscall3(ARCH_NR_close, descriptor, any(), any());
}

static inline word sys_seek_end(word descriptor)
{
	return syscall3(ARCH_NR_lseek, descriptor, 0, SEEK_END);
}

static inline word sys_mprotect(word address, word size, word protection)
{
	return syscall3(ARCH_NR_mprotect, address, size, protection);
}

static inline word sys_memfd_create(const char *name)
{
	return syscall3(ARCH_NR_memfd_create, (word)name, MFD_CLOEXEC, any());
}

#ifdef ARCH_HAS_MMAP
word sys_mmap(word address, word size, word protection, word flags, word descriptor, word offset);
#else
/* `offset` in bytes, a multiple of the page size. */
static inline word sys_mmap(word address, word size, word protection, word flags, word descriptor, word offset)
{
	return syscall6(ARCH_NR_mmap, address, size, protection, flags, descriptor, offset >> ARCH_MMAP_OFFSET_SHIFT);
}
#endif

static inline _Noreturn void sys_exit(word status)
{
	for (;;)
		syscall3(ARCH_NR_exit_group, status, any(), any());
}

#endif
