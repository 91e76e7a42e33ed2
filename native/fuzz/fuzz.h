/*
 * What the fuzz targets share: input taken apart, in memory of just its size, so that AddressSanitizer sees the first
 * byte read or written past it. A target stops the run with require() when a promise of loader.h is not kept.
 *
 * Built by the rule `fuzz` of native/Makefile; run by test/integration/native/fuzz.test.ts.
 */
#ifndef WRAP_BUDDY_FUZZ_H
#define WRAP_BUDDY_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../loader/loader.h"

#define require(claim)                                                                                                 \
	do                                                                                                             \
		if (!(claim))                                                                                          \
			__builtin_trap();                                                                              \
	while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy in memory of its own, which begins at a multiple of 16. */
static inline u8 *copy_of(const uint8_t *data, size_t size)
{
	u8 *copy = malloc(size);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

/* Makes magic, version and check right, where the sizes leave room for them: damage that the check would have found. */
void repair_sidecar(u8 *bytes, size_t size);

#endif
