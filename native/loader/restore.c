/*
 * The saved bytes back over the stub, in the mapping that the kernel made of the executable's segment.
 *
 * The pages are writable and not executable while they are written (unless the segment itself is both), so nothing is
 * ever writable and executable at once. Copying comes first because the mapping stays the executable's own. Where a
 * policy forbids to make a page executable that was writable (PR_SET_MDWE, SELinux execmod, systemd's
 * MemoryDenyWriteExecute), a memory file with the same content is mapped over the pages instead.
 * Source: prctl(2) PR_SET_MDWE; systemd.exec(5) MemoryDenyWriteExecute.
 */
#include "loader.h"

NOINLINE word branch_protection(const struct state *state, u32 flag)
{
#ifdef ARCH_BRANCH_PROTECTION
	if ((state->sidecar.extension->flags & flag) && (state->hwcap2 & ARCH_BRANCH_PROTECTION_HWCAP2))
		return ARCH_BRANCH_PROTECTION;
#endif
	(void)state;
	(void)flag;
	return 0;
}

static void map_memory_file(struct state *state, word start, word size, word protection)
{
	state->descriptor = must(state, sys_memfd_create("wrap-buddy"), MESSAGE_CANNOT_RESTORE);
	word written = sys_write(state->descriptor, (const void *)start, size);
	if (written != size)
		fail(state, MESSAGE_CANNOT_RESTORE, is_error(written) ? written : 0);
	map(state, start, size, protection, MAP_PRIVATE | MAP_FIXED, 0);
	close_file(state);
}

NOINLINE void restore_saved_bytes(struct state *state)
{
	const struct sidecar *sidecar = &state->sidecar;
	word page = state->page_size;
	word first = (word)sidecar->extension->saved_address;
	word size = sidecar->article->saved_size;
	word address = state->load_bias + first;
	word start = ALIGN_DOWN(address, page);
	word span = ALIGN_UP(address + size, page) - start;
	word protection = (sidecar->extension->flags & EXTENSION_PROTECTION);
	enum message message = MESSAGE_RESTORED;

	/* The stub itself stands in the saved range. */
	if (NEAR((word)state->parameters - address >= size))
		fail(state, MESSAGE_OTHER_EXECUTABLE, 0);
	if (!(protection & PROT_WRITE))
		must(state, sys_mprotect(start, span, PROT_READ | PROT_WRITE), MESSAGE_CANNOT_RESTORE);
	copy_bytes((void *)address, sidecar->saved, size);
#ifdef ARCH_CLEANS_INSTRUCTION_CACHE
	/* While the page can be read: afterwards it may only be executed, and to clean a line counts as reading it. */
	clean_instruction_cache(address, address + size);
#endif
	if (!(protection & PROT_WRITE)) {
		protection |= branch_protection(state, EXTENSION_BRANCH_PROTECTION);
		if (sys_mprotect(start, span, protection)) {
			map_memory_file(state, start, span, protection);
			message = MESSAGE_RESTORED_BY_MAP;
		}
	}
	trace(state, message, address);
}
