/*
 * A copy of the program headers in new memory, for the dynamic linker: PT_NULL made PT_INTERP again (glibc's
 * rtld_setup_main_map takes the linker's own name from it, and asserts that there is one), PT_PHDR and PT_DYNAMIC
 * pointing where they now are. The mapped headers stay exactly as in the file: gdb compares the two to find the
 * load bias (solib-svr4.c, svr4_exec_displacement).
 *
 * Where the dynamic array has too few spare entries, or is read-only, a larger copy of it stands after the headers.
 */
#include "loader.h"

static NOINLINE void point(struct program_header *header, const struct state *state, const void *to, word size)
{
	header->p_vaddr = header->p_paddr = (word)to - state->load_bias;
	header->p_filesz = header->p_memsz = size;
}

NOINLINE void install_headers(struct state *state)
{
	const struct extension *extension = state->sidecar.extension;
	struct program_header *copy = state->memory;
	struct program_header *end = copy + state->header_count;
	struct program_header *dynamic = 0;
	struct program_header *interpreter = 0;

	copy_bytes(copy, (const void *)state->headers, (word)end - (word)copy);
	state->headers = (word)copy;
	for (struct program_header *header = copy; header < end; header++) {
		if (header->p_type == PT_PHDR)
			point(header, state, copy, (word)end - (word)copy);
		if (header->p_type == PT_DYNAMIC)
			dynamic = header;
		if (header->p_type == PT_NULL && header->p_offset == extension->interpreter_offset &&
		    header->p_filesz == extension->interpreter_file_size) {
			header->p_type = PT_INTERP;
			interpreter = header;
		}
	}
	if (NEAR(!dynamic || !interpreter)) {
		state->path = 0;
		fail(state, MESSAGE_OTHER_EXECUTABLE, 0);
	}

	struct dynamic_entry *array = (void *)(state->load_bias + dynamic->p_vaddr);
	struct dynamic_entry *extended = (void *)end;
#ifdef ARCH_HAS_TAKE_PAGE
	/*
	 * The array is read below. Reading has the kernel map as much of the file around it as it keeps in one piece,
	 * and each of those pages faults again when the relocations are written: 126 pages and 4 % of the start were
	 * measured with a program of 66 MB. Writing maps one page, where the dynamic linker would write anyway.
	 * Source: Linux mm/memory.c, do_read_fault() and do_cow_fault().
	 */
	if (dynamic->p_flags & PF_W)
		take_page(array);
#endif
	word size = (word)extend_dynamic(extended, array, &state->sidecar, state->load_bias) - (word)extended;
	/* What the dynamic linker is called from now on: the path that it was opened by, wherever that came from. */
	char *name = (char *)extended + size;
	point(interpreter, state, name, (word)(copy_text(name, state->path) - name));
	enum message message = MESSAGE_DYNAMIC_IN_PLACE;
	if ((dynamic->p_flags & PF_W) && size <= dynamic->p_filesz) {
		copy_bytes(array, extended, size);
	} else {
		/* A debugger looks for DT_DEBUG where the file has it; the dynamic linker sets it in the copy only. */
		struct dynamic_entry *debug = find_entry(array, DT_DEBUG);
		if ((dynamic->p_flags & PF_W) && debug->d_tag && extension->debug_address)
			debug->d_value = state->base + (word)extension->debug_address;
		point(dynamic, state, extended, size);
		array = extended;
		message = MESSAGE_DYNAMIC_COPIED;
	}
	trace(state, message, (word)array);
}
