/* The one file that is open, and what is mapped of it. A call that fails is the end of the program with a message. */
#include "loader.h"

NOINLINE void open_file(struct state *state)
{
	state->descriptor = must(state, sys_open(state->path), MESSAGE_CANNOT_OPEN);
}

/* With MAP_ANONYMOUS the descriptor does not count. Source: Linux mm/mmap.c ksys_mmap_pgoff(). */
NOINLINE word map(struct state *state, word address, word size, word protection, word flags, word offset)
{
	return must(state, sys_mmap(address, size, protection, flags, state->descriptor, offset), MESSAGE_CANNOT_MAP);
}

NOINLINE void close_file(const struct state *state)
{
	sys_close(state->descriptor);
}
