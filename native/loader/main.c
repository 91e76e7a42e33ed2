/*
 * The loader: a flat binary that the stub maps and jumps to. It makes the process what it would be had the kernel found
 * the right PT_INTERP, and jumps to the dynamic linker. See loader.h for the steps.
 */
#include "loader.h"

__asm__(".section .text.start, \"ax\"\n"
        ".globl _start\n"
        "_start:\n" ARCH_LOADER_START ".text\n");

/* What a shared loader.bin begins with. */
__attribute__((section(".header"), used)) static const char identification[] = "wrap-buddy loader\n";

/* The first byte of this code. */
extern const u8 image_start[] __asm__("_start") __attribute__((visibility("hidden")));

/* The sidecar is the file that the stub mapped, unless that was a shared loader. */
static NOINLINE void find_sidecar(struct state *state)
{
	const struct parameters *parameters = state->parameters;
	const u8 *bytes = image_start - parameters->loader_offset;
	u32 size = parameters->map_size;
	if (parameters->flags & PARAMETER_SIDECAR_APART) {
		/* Whoever can make a hard link to the executable would choose the sidecar. */
		if (state->is_secure && state->is_beside)
			fail(state, MESSAGE_PRIVILEGED, 0);
		sidecar_path(state);
		open_file(state);
		/* What has no size, a pipe for instance, cannot be mapped either. */
		size = (u32)sys_seek_end(state->descriptor);
		bytes = (const u8 *)map(state, 0, size, PROT_READ, MAP_PRIVATE, 0);
		close_file(state);
	}
	enum message problem = read_sidecar(&state->sidecar, bytes, size);
	if (problem)
		fail(state, problem, 0);
}

/*
 * Not 0 when a dynamic linker has been here already: `ld.so ./program`, or the interpreter's program header has not
 * been cleared. Then all libraries are mapped, and the program only wants its own first bytes back.
 *
 * The kernel leaves AT_BASE 0 for a program without PT_INTERP, and the exit function too. Whatever loads programs in
 * its place (proot leaves the program's own first address as AT_BASE) may do otherwise. Then DT_DEBUG decides, which is
 * 0 in the file, and which a dynamic linker sets. Where that is absent, one that passes no exit function cannot be told
 * from what is no dynamic linker. Source: proot src/execve/enter.c; glibc elf/rtld.c dl_main(); musl ldso/dynlink.c
 * __dls3().
 */
static word is_linked(struct state *state, word entry, word exit_function)
{
	/* After `ld-musl ./program` AT_ENTRY is the dynamic linker's own entry point, and AT_PHDR its headers. */
	if (state->entry != entry)
		return 1;
	if (!(state->base | exit_function))
		return 0;
	const struct program_header *header = (const void *)state->headers;
	for (word i = state->header_count; i--; header++) {
		if (header->p_type != PT_DYNAMIC)
			continue;
		const struct dynamic_entry *debug = find_entry((void *)(state->load_bias + header->p_vaddr), DT_DEBUG);
		if (debug->d_tag)
			return debug->d_value;
	}
	if (exit_function)
		return 1;
	/* The program headers are on the first page. */
	if (NEAR((state->headers ^ state->base) >= state->page_size))
		fail(state, MESSAGE_UNKNOWN_START, 0);
	return 0;
}

__attribute__((used)) _Noreturn void loader_main(const struct entry_registers *registers)
{
	struct state state;
	enum message message = MESSAGE_JUMP_TO_PROGRAM;

	read_stack(&state, registers);
	close_file(&state);
	find_sidecar(&state);
	trace(&state, MESSAGE_LOAD_BIAS, state.load_bias);
	restore_saved_bytes(&state);

	word entry = state.load_bias + state.sidecar.article->entry;
	if (!is_linked(&state, entry, registers->exit_function)) {
		entry = map_interpreter(&state);
		install_headers(&state);
		for (struct aux_entry *aux = state.vector; aux->type != AT_NULL; aux++) {
			if (aux->type == AT_PHDR)
				aux->value = state.headers;
			if (aux->type == AT_BASE)
				aux->value = state.base;
		}
		message = MESSAGE_JUMP_TO_LINKER;
	}
	trace(&state, message, entry);
	jump_to(entry, registers);
}
