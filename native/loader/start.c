/*
 * What lies on the stack at process entry: argc, argv, NULL, environment, NULL, auxiliary vector.
 * Source: Linux fs/binfmt_elf.c create_elf_tables(); System V psABI, "Process Initialization".
 */
#include "loader.h"

/* Environment variable that makes the loader say what it does; ignored under AT_SECURE. */
BYTES static const char trace_variable[] = "WRAP_BUDDY_TRACE=";

/* Which word of struct state takes an entry's value, by type; 0: none does (that word is set last). */
#define FIELD(name) (__builtin_offsetof(struct state, name) / sizeof(word))
BYTES static const u8 fields[AT_HWCAP2 + 1] = {
        [AT_PHDR] = FIELD(headers),  [AT_PHNUM] = FIELD(header_count), [AT_PAGESZ] = FIELD(page_size),
        [AT_BASE] = FIELD(base),     [AT_ENTRY] = FIELD(entry),        [AT_SECURE] = FIELD(is_secure),
        [AT_HWCAP2] = FIELD(hwcap2),
};

/* Where the environment begins. An architecture says so where a dynamic linker leaves something else than argc. */
#ifndef ARCH_ENVIRONMENT
#define ARCH_ENVIRONMENT(registers) ((const word *)(registers)->stack + *(const word *)(registers)->stack + 2)
#endif

NOINLINE void read_stack(struct state *state, const struct entry_registers *registers)
{
	const struct parameters *parameters = (const void *)registers->parameters;
	const word *vector = ARCH_ENVIRONMENT(registers);
	const char *variable;
	word is_traced = 0;

	while ((variable = (const char *)*vector++)) {
		word same = 0;
		while (variable[same] && variable[same] == trace_variable[same])
			same++;
		/* An empty value switches nothing on. */
		if (same == sizeof trace_variable - 1)
			is_traced = (u8)variable[same];
	}
	state->path = 0;
	state->hwcap2 = 0;
	state->vector = (void *)vector;
	for (; vector[0] != AT_NULL; vector += 2)
		if (vector[0] <= AT_HWCAP2)
			((word *)state)[fields[vector[0]]] = vector[1];
	state->descriptor = registers->descriptor;
	state->parameters = parameters;
	state->load_bias = (word)parameters - parameters->address;
	state->is_traced = is_traced && !state->is_secure;
	keep_name(state);
}
