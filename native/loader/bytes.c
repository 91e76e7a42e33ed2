/* Loops over bytes. */
#include "loader.h"

#ifndef ARCH_HAS_COPY_BYTES
NOINLINE void copy_bytes(void *to, const void *from, word size)
{
	for (word i = 0; i < size; i++)
		((u8 *)to)[i] = ((const u8 *)from)[i];
}
#endif

NOINLINE word string_size(const char *text)
{
	word size = 0;
	while (text[size++])
		;
	return size;
}

NOINLINE char *copy_text(char *to, const char *from)
{
	while ((*to++ = *from++))
		;
	return to;
}
