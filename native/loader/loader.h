/*
 * What the steps of the loader share. main.c runs them in this order:
 *
 *      start.c        what the kernel, or a dynamic linker, left on the stack
 *      map.c          files and memory mapped
 *      sidecar.c      the sidecar's bytes, checked
 *      restore.c      the executable's own bytes back over the stub
 *      interpreter.c  the dynamic linker mapped
 *      headers.c      a copy of the program headers for it
 *      dynamic.c      run path and needed entries in the dynamic array
 *      message.c      one line on stderr: an error, or the trace
 *      bytes.c        loops over bytes
 *
 * and then corrects the auxiliary vector and jumps.
 *
 * The flat binary has no writable section and is mapped read-only: all state is one structure on the stack.
 */
#ifndef WRAP_BUDDY_LOADER_H
#define WRAP_BUDDY_LOADER_H

#include "elf-format.h"
#include "messages.h"
#include "parameters.h"
#include "sidecar.h"
#include "syscalls.h"
#include "types.h"

/* Called from several places, and shorter as a call. */
#define NOINLINE __attribute__((noinline))
/* Compilers align an array of bytes to 16, from some size on. s390x wants every address to be even. */
#define BYTES __attribute__((aligned(2)))
/*
 * A condition whose consequence stays where it is written: the compiler moves what ends the program after the
 * function, out of the reach of a short jump.
 */
#define NEAR(condition) __builtin_expect(!!(condition), 1)

/* A checked sidecar. Every pointer is into its mapping; every name ends with a NUL inside it. */
struct sidecar {
	const struct article_header *article; /* the interpreter follows it */
	const char *run_path;                 /* "" when there is none */
	const u8 *saved;
	const char *needed;
	const struct extension *extension; /* the names to put first follow it */
};

static inline const char *interpreter_of(const struct sidecar *sidecar)
{
	return (const char *)(sidecar->article + 1);
}

/* Bytes of the longest path, its NUL included. Source: Linux include/uapi/linux/limits.h, PATH_MAX. */
#define PATH_LIMIT ((word)4096)

/* The most used fields come first: a displacement below 128 is a short instruction. */
struct state {
	word load_bias;
	/*
	 * From the auxiliary vector, as start.c's table says; the kernel gives all to every program. The steps put the
	 * new values of AT_PHDR and AT_BASE here, and main.c those into the vector. Source: Linux fs/binfmt_elf.c
	 * create_elf_tables().
	 */
	word headers;   /* AT_PHDR */
	word page_size; /* AT_PAGESZ */
	word base;      /* AT_BASE */
	word is_secure; /* AT_SECURE */
	struct sidecar sidecar;
	/* The file that is opened next, and that an error is about; 0: the sidecar, whose path is made only then. */
	const char *path;
	const struct parameters *parameters;
	/* Of the file that is open. */
	word descriptor;
	word is_traced;
	word is_beside;
	/* Zeros for the copies of the headers and the dynamic array. */
	void *memory;
	struct aux_entry *vector;
	word header_count; /* AT_PHNUM */
	word entry;        /* AT_ENTRY */
	word hwcap2;       /* AT_HWCAP2; 0 where absent */
	/* Room for a file's first bytes. */
	word buffer[4096 / sizeof(word)];
	/* A path beside the executable: the directory's, and what is put after it. */
	char beside[2 * PATH_LIMIT];
	/* The sidecar's path, or its name in its directory. The patcher writes no path above PATH_MAX (recipe.ts). */
	char name[PATH_LIMIT];
};

/*
 * Bytes of memory for the copies of the program headers, of the dynamic array and of the interpreter's path: a fixed
 * size, and an entry for each byte of the sidecar's names, which no check covers: each could be a name. The patcher
 * refuses an executable whose own part of them is larger than 64 KB. What is not used is never written, but a program
 * that locks all its memory has it in memory.
 */
#define COPY_FIXED_SIZE ((word)1 << 16)
#define COPY_SIZE(sidecar)                                                                                             \
	(COPY_FIXED_SIZE + 2 * PATH_LIMIT +                                                                            \
	 ((sidecar)->article->needed_size + (sidecar)->extension->first_needed_size) * sizeof(struct dynamic_entry))

void read_stack(struct state *state, const struct entry_registers *registers);
/* OK, or what is wrong with the bytes. */
enum message read_sidecar(struct sidecar *sidecar, const u8 *bytes, u32 size);
void restore_saved_bytes(struct state *state);

/*
 * The end of the last segment of an interpreter, of which the first `size` bytes are there; or NOT_EXECUTABLE. No
 * segment reaches past that end; it is below 2 GB. `alignment` is raised to the largest of the segments', below 1 GB.
 */
word check_interpreter(const struct elf_header *header, word size, word *alignment);
/* The interpreter's entry point. */
word map_interpreter(struct state *state);
void install_headers(struct state *state);
/* The first entry with the tag, or the DT_NULL entry at the end. */
struct dynamic_entry *find_entry(struct dynamic_entry *array, word tag);
/* Copies the array to `copy`, zeros, with the sidecar's names and run path in it; the end, its DT_NULL included. */
struct dynamic_entry *extend_dynamic(struct dynamic_entry *copy, struct dynamic_entry *array,
                                     const struct sidecar *sidecar, word load_bias);

/* The bits that mprotect takes beside PROT_READ, PROT_WRITE and PROT_EXEC; `flag` says which object's. */
word branch_protection(const struct state *state, u32 flag);

/* Opens the file at the state's path for what follows. */
void open_file(struct state *state);
/* Maps the open file, or memory. */
word map(struct state *state, word address, word size, word protection, word flags, word offset);
void close_file(const struct state *state);

/* "wrap-buddy: error: PATH: MESSAGE (error N)", exit status 127. `error`: a negative error number, or 0 for none. */
_Noreturn void fail(struct state *state, enum message message, word error);
/* `result`, unless it is an error. */
word must(struct state *state, word result, enum message message);
/* "wrap-buddy: MESSAGE 0xNUMBER", when asked for. */
void trace(const struct state *state, enum message message, word number);
/* Copies the sidecar's name, for messages too: the stub, where it stands, is gone once the saved bytes are back. */
void keep_name(struct state *state);
/* Makes the state's path that of `rest`, which begins with a slash, in the executable's directory. */
void path_beside(struct state *state, const char *rest);
/* Makes it the sidecar's absolute path. */
void sidecar_path(struct state *state);

#ifndef ARCH_HAS_COPY_BYTES
void copy_bytes(void *to, const void *from, word size);
#endif
/* Bytes of a string, its NUL included. */
word string_size(const char *text);
/* Copies a string with its NUL; returns where the copy ends. */
char *copy_text(char *to, const char *from);

#endif
