/*
 * The dynamic linker mapped as the kernel would: one mapping for the whole range, the segments fixed over it, the rest
 * of each writable segment's last file page zeroed. That one mapping is of zeros, so what is left of it is the
 * segments' bss; and it goes on after the last segment, for what headers.c and dynamic.c make.
 * Source: Linux fs/binfmt_elf.c load_elf_interp(), elf_load(); System V gABI ch. 5, "Program Loading".
 */
#include "loader.h"

static const struct program_header *program_headers_of(const struct elf_header *header)
{
	return (const void *)((const u8 *)header + header->e_phoff);
}

NOINLINE word check_interpreter(const struct elf_header *header, word size, word *alignment)
{
	/* All program headers are in what was read, and aligned. */
	if (size < sizeof *header || header->e_magic != ELF_MAGIC || header->e_class_and_order != ELF_CLASS_AND_ORDER ||
	    header->e_type_and_machine != ELF_TYPE_AND_MACHINE(ET_DYN, ARCH_MACHINE) ||
	    header->e_phoff % sizeof(word) || header->e_phoff > size ||
	    header->e_phnum * sizeof(struct program_header) > size - header->e_phoff)
		return NOT_EXECUTABLE;
	/* Each segment is after the one before it, and no sum overflows. */
	const struct program_header *segment = program_headers_of(header);
	word end = 0;
	word largest = *alignment;
	for (word i = header->e_phnum; i--; segment++) {
		if (segment->p_type != PT_LOAD)
			continue;
		if (segment->p_vaddr < end || (segment->p_vaddr | segment->p_memsz | segment->p_align) >> 30 ||
		    segment->p_filesz > segment->p_memsz)
			return NOT_EXECUTABLE;
		if (largest < segment->p_align)
			largest = segment->p_align;
		end = segment->p_vaddr + segment->p_memsz;
	}
	*alignment = largest;
	return end ? end : NOT_EXECUTABLE;
}

/* Maps a segment that begins at or after `reached`, where what is before it ends; returns where the segment ends. */
static word map_segment(struct state *state, const struct program_header *segment, word reached)
{
	word page = state->page_size;
	word address = state->base + segment->p_vaddr;
	word file_end = address + segment->p_filesz;
	word end = address + segment->p_memsz;
	/* PF_X 1, PF_W 2, PF_R 4 are PROT_EXEC 4, PROT_WRITE 2, PROT_READ 1: a digit for each of the eight. */
	word protection = 0x73516240u >> segment->p_flags * 4 % 32 & 7;

	if (protection & PROT_EXEC)
		protection |= branch_protection(state, EXTENSION_INTERPRETER_BRANCH_PROTECTION);
	address = ALIGN_DOWN(address, page);
	/* What is between two segments is nobody's. */
	if (reached < address)
		sys_mprotect(reached, address - reached, PROT_NONE);
	if (segment->p_filesz) {
		map(state, address, file_end - address, protection, MAP_PRIVATE | MAP_FIXED,
		    ALIGN_DOWN(segment->p_offset, page));
		if (protection & PROT_WRITE)
			for (; file_end & (page - 1); file_end++)
				*(u8 *)file_end = 0;
	}
	return ALIGN_UP(end, page);
}

NOINLINE word map_interpreter(struct state *state)
{
	const struct elf_header *header = (const void *)state->buffer;
	word alignment = state->page_size;

	const char *path = interpreter_of(&state->sidecar);
	state->path = path;
	if (*path != '/')
		path_beside(state, path + ORIGIN_SIZE);
	open_file(state);
	word size = must(state, sys_read(state->descriptor, state->buffer, sizeof state->buffer), MESSAGE_CANNOT_READ);
	word end = must(state, check_interpreter(header, size, &alignment), MESSAGE_NOT_A_LINKER);
	end = ALIGN_UP(end, state->page_size);
	word size_of_all = end + alignment + COPY_SIZE(&state->sidecar);
	word base = map(state, 0, size_of_all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	state->base = ALIGN_UP(base, alignment);
	state->memory = (void *)(state->base + end);

	const struct program_header *segment = program_headers_of(header);
	for (word i = header->e_phnum; i--; segment++)
		if (segment->p_type == PT_LOAD)
			base = map_segment(state, segment, base);
	close_file(state);
	trace(state, MESSAGE_INTERPRETER, state->base);
	return state->base + header->e_entry;
}
