/*
 * What the patcher appends to a stub, and the stub hands to the loader. In the target's byte order.
 *
 *      [ stub code and its strings ]
 *      [ path NUL, padded with NULs so that what follows is aligned as the architecture's row says ]
 *      [ struct parameters ]                       <- the address that the loader gets
 *      [ sidecar path or "/NAME" NUL ]             only with PARAMETER_SIDECAR_APART
 *
 * `path` is the file that the stub maps: absolute, or "/" and a name beside /proc/self/exe.
 * The same layout is written by src/patch/stub/encode-stub.ts; test/unit/patch/stub/encode-stub.test.ts holds the two
 * together.
 */
#ifndef WRAP_BUDDY_PARAMETERS_H
#define WRAP_BUDDY_PARAMETERS_H

#include "types.h"

enum parameter_flag {
	/* The mapped file is a shared loader.bin; the sidecar is a file of its own, its name follows this structure. */
	PARAMETER_SIDECAR_APART = 1,
	/* The sidecar's name is to be looked for beside /proc/self/exe. */
	PARAMETER_BESIDE = 2,
};

struct parameters {
	/* Bytes to map; the file must have just this size. A map past its end would fault at the first touch. */
	u32 map_size;
	/* enum parameter_flag */
	u16 flags;
	/* Bytes from the start of `path` to this structure. */
	u16 path_size;
	/* Where the loader begins in the mapped file, bytes. At least 1024, more than any error number of mmap: adding
	 * it to a failed call's result carries, and that is how the stub sees the failure. */
	word loader_offset;
	/* The link-time virtual address of this structure: run-time address minus this is the load bias. */
	word address;
};

#endif
