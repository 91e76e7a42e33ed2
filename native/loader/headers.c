/*
 * A copy of the program headers in new memory, for the dynamic linker: PT_NULL made PT_INTERP again (glibc's
 * rtld_setup_main_map takes the linker's own name from it, and asserts that there is one), PT_PHDR and PT_DYNAMIC
 * pointing where they now are. The mapped headers stay exactly as in the file: gdb compares the two to find the
 * load bias (solib-svr4.c, svr4_exec_displacement).
 *
 * Where the dynamic array has too few spare entries, or is read-only, a larger copy of it stands behind the headers.
 */
#include "loader.h"

/*
 * Address space for the headers and the dynamic array. The patcher refuses an executable whose tables could be larger;
 * below two megabytes no kernel makes a huge page of it, which would be zeroed at the first touch.
 */
#define COPY_SIZE ((word)3 << 19)

static NOINLINE void point(struct program_header *header, const struct state *state, const void *to, word size)
{
	header->p_vaddr = header->p_paddr = (word)to - state->load_bias;
	header->p_filesz = header->p_memsz = size;
}

NOINLINE void install_headers(struct state *state, const struct image *interpreter)
{
	const struct sidecar *sidecar = &state->sidecar;
	const struct extension *extension = sidecar->extension;
	word count = state->header_count;
	word size = count * sizeof(struct program_header);
	struct program_header *dynamic = 0;
	word is_found = 0;

	struct program_header *copy =
	        (void *)must(state,
	                     sys_mmap(0, COPY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	                     MESSAGE_NO_MEMORY);
	copy_bytes(copy, (const void *)state->headers, size);
	for (struct program_header *header = copy; header < copy + count; header++) {
		if (header->p_type == PT_PHDR)
			point(header, state, copy, size);
		if (header->p_type == PT_DYNAMIC)
			dynamic = header;
		if (header->p_type == PT_NULL && header->p_offset == extension->interpreter_offset &&
		    header->p_filesz == extension->interpreter_file_size) {
			header->p_type = PT_INTERP;
			point(header, state, sidecar->interpreter, sidecar->article->interpreter_size);
			is_found = 1;
		}
	}
	if (!dynamic || !is_found)
		fail(state, MESSAGE_OTHER_EXECUTABLE, 0);

	struct dynamic_entry *array = (void *)(state->load_bias + dynamic->p_vaddr);
	struct dynamic_entry *extended = (void *)(copy + count);
	word array_size = (word)extend_dynamic(extended, array, sidecar, state->load_bias) - (word)extended;
	enum message message = MESSAGE_DYNAMIC_IN_PLACE;
	if (!(dynamic->p_flags & PF_W) || array_size > dynamic->p_filesz) {
		/* A debugger looks for DT_DEBUG where the file has it; the dynamic linker sets it in the copy only. */
		struct dynamic_entry *debug = find_entry(array, DT_DEBUG);
		if ((dynamic->p_flags & PF_W) && debug->d_tag && extension->debug_address)
			debug->d_value = interpreter->load_bias + (word)extension->debug_address;
		point(dynamic, state, extended, array_size);
		array = extended;
		message = MESSAGE_DYNAMIC_COPIED;
	} else {
		copy_bytes(array, extended, array_size);
	}
	trace(state, message, (word)array);
	state->headers = (word)copy;
}
