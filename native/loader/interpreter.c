/*
 * The dynamic linker mapped as the kernel would: one mapping for the whole range, the other segments fixed over it,
 * the rest of the last file page and the pages behind it zeroed.
 * Source: Linux fs/binfmt_elf.c load_elf_interp(), elf_map(); System V gABI ch. 5, "Program Loading".
 */
#include "loader.h"

NOINLINE enum message check_interpreter(const struct elf_header *header, word size, word *end)
{
	const struct program_header *segment = (const void *)((const u8 *)header + header->e_phoff);
	word low = 0;

	if (size < sizeof *header || header->e_magic != ELF_MAGIC || header->e_class_and_order != ELF_CLASS_AND_ORDER ||
	    header->e_machine != ARCH_MACHINE)
		return MESSAGE_OTHER_MACHINE;
	/* All program headers are in what was read, and aligned. */
	if (header->e_type != ET_DYN || header->e_phoff % sizeof(word) || header->e_phoff > size ||
	    header->e_phnum * sizeof *segment > size - header->e_phoff)
		return MESSAGE_NOT_A_LINKER;
	/* The first segment is the lowest, so that all fixed mappings fall into its range. */
	*end = 0;
	for (word i = header->e_phnum; i--; segment++) {
		word segment_end = segment->p_vaddr + segment->p_memsz;
		if (segment->p_type != PT_LOAD)
			continue;
		if (!*end)
			low = segment->p_vaddr;
		if (segment->p_vaddr < low || segment_end < low || segment->p_filesz > segment->p_memsz)
			return MESSAGE_NOT_A_LINKER;
		if (segment_end > *end)
			*end = segment_end;
	}
	return *end ? MESSAGE_OK : MESSAGE_NOT_A_LINKER;
}

NOINLINE void map_interpreter(struct state *state, struct image *image)
{
	word buffer[2048 / sizeof(word)];
	const struct elf_header *header = (const void *)buffer;
	word page = state->page_size;
	word base = 0;
	word end;

	state->path = state->sidecar.interpreter;
	word descriptor = must(state, sys_open(state->path), MESSAGE_CANNOT_OPEN);
	word size = must(state, sys_read(descriptor, buffer, sizeof buffer), MESSAGE_CANNOT_READ);
	enum message problem = check_interpreter(header, size, &end);
	if (problem)
		fail(state, problem, 0);

	word flags = MAP_PRIVATE;
	const struct program_header *segment = (const void *)((const u8 *)header + header->e_phoff);
	for (word i = header->e_phnum; i--; segment++) {
		if (segment->p_type != PT_LOAD)
			continue;
		/* PF_X 1, PF_W 2, PF_R 4 against PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4: the outer two change places. */
		word p_flags = segment->p_flags;
		word protection = (p_flags & PF_W) | (p_flags >> 2 & PROT_READ) | (p_flags & PF_X) << 2;
		if (protection & PROT_EXEC)
			protection |= branch_protection(state, EXTENSION_INTERPRETER_BRANCH_PROTECTION);
		word start = ALIGN_DOWN(segment->p_vaddr, page);
		word file_end = segment->p_vaddr + segment->p_filesz;
		if (flags == MAP_PRIVATE)
			file_end = end;
		base = must(state,
		            sys_mmap(base + start, file_end - start, protection, flags, descriptor,
		                     ALIGN_DOWN(segment->p_offset, page)),
		            MESSAGE_CANNOT_MAP) -
		       start;
		flags = MAP_PRIVATE | MAP_FIXED;
		if (!(p_flags & PF_W))
			continue;
		/* The rest of the last file page, and the pages behind it: the segment's bss. */
		u8 *at = (u8 *)(base + segment->p_vaddr + segment->p_filesz);
		for (; (word)at % page; at++)
			*at = 0;
		word memory_end = base + segment->p_vaddr + segment->p_memsz;
		if (memory_end > (word)at)
			must(state,
			     sys_mmap((word)at, memory_end - (word)at, protection,
			              MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0),
			     MESSAGE_CANNOT_MAP);
	}
	sys_close(descriptor);
	state->path = 0;
	image->load_bias = base;
	image->entry = base + header->e_entry;
	trace(state, MESSAGE_INTERPRETER, base);
}
