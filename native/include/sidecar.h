/*
 * The sidecar, `.NAME.wrapbuddy`: the format of the article first, ours after it. In the target's byte order.
 *
 *      0   struct article_header            22 bytes in class 64, 14 in class 32, not padded
 *          interpreter NUL                  absolute, or "$ORIGIN/" and a path from the executable's directory
 *          run path NUL                     the whole run path, existing entries included
 *          saved bytes
 *          needed names, each with its NUL  put after the executable's own
 *          zeros up to a multiple of 8
 *      E   struct extension                 EXTENSION_SIZE bytes, the same in both classes
 *          first needed names, each NUL     put in front of the executable's own
 *          u32                              FNV-1a over the bytes of PT_INTERP, which stay in the executable: for the
 *                                           way back, no loader reads it
 *          zeros
 *      L   the loader, when it is carried   L is a multiple of 64, at least 1024
 *
 * src/patch/sidecar/sidecar-codec.ts writes it; test/unit/patch/sidecar/sidecar-codec.test.ts holds the two together.
 */
#ifndef WRAP_BUDDY_SIDECAR_H
#define WRAP_BUDDY_SIDECAR_H

#include "types.h"

struct __attribute__((packed)) article_header {
	word entry;           /* e_entry */
	word saved_size;      /* bytes saved */
	u16 interpreter_size; /* bytes, NUL included */
	u16 run_path_size;    /* bytes, NUL included */
	u16 needed_size;      /* bytes, every NUL included */
};

/* Bytes of "$ORIGIN". */
#define ORIGIN_SIZE 7

/* "WRAPBDY" and its NUL, as the eight bytes stand in the file. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define EXTENSION_MAGIC_WORD 0x5752415042445900u
#else
#define EXTENSION_MAGIC_WORD 0x0059444250415257u
#endif
#define EXTENSION_VERSION 1u

enum extension_flag {
	/* What mprotect takes for the saved bytes' segment: PROT_READ, PROT_WRITE, PROT_EXEC. */
	EXTENSION_PROTECTION = 7,
	/* The executable's note asks for branch target protection of its code pages (aarch64: BTI). */
	EXTENSION_BRANCH_PROTECTION = 8,
	/* The interpreter's does. */
	EXTENSION_INTERPRETER_BRANCH_PROTECTION = 16,
};

struct extension {
	/* EXTENSION_MAGIC_WORD */
	u64 magic;
	/*
	 * FNV-1a over the article's header and what follows this field. Names and saved bytes are not covered: a
	 * content-addressed store path in them is rewritten after the build.
	 */
	u32 check;
	/* A loader refuses a version that it does not know. */
	u16 version;
	/* enum extension_flag */
	u16 flags;
	/* Virtual address of the first saved byte. */
	u64 saved_address;
	/* p_offset and p_filesz of the program header that was PT_INTERP. */
	u64 interpreter_offset;
	u64 interpreter_file_size;
	/* Virtual address of the interpreter's debug structure (struct r_debug), 0 when not known. */
	u64 debug_address;
	/* DT_RUNPATH or DT_RPATH, 0 when there is no run path. */
	u32 run_path_tag;
	/* Bytes of the names to put first, every NUL included. */
	u32 first_needed_size;
	/* Where the loader begins, bytes from the sidecar's start, and its size; both 0 when it is not carried. */
	u32 loader_offset;
	u32 loader_size;
};

#define EXTENSION_SIZE 64
#define EXTENSION_CHECKED_SIZE 52
_Static_assert(sizeof(struct extension) == EXTENSION_SIZE, "the extension has the same layout in both classes");
_Static_assert(sizeof(struct article_header) == 2 * sizeof(word) + 6, "22 bytes, or 14");

#endif
