/*
 * The run path and the needed entries, written into a copy of the dynamic array.
 *
 * No entry but DT_NEEDED changes its slot, DT_DEBUG above all: a debugger takes its place from the file. The needed
 * slots are filled again in the new order; what does not fit goes after the last entry, and so does a run path that
 * has no slot. A name's value is its distance from the string table: the dynamic linker adds the two, and the names
 * stay in the sidecar's mapping.
 * Source: System V gABI ch. 5, "Dynamic Section" (DT_NEEDED order is search order); gdb solib-svr4.c
 * (elf_locate_base reads DT_DEBUG at the address that the file gives).
 */
#include "loader.h"

NOINLINE struct dynamic_entry *find_entry(struct dynamic_entry *array, word tag)
{
	while (array->d_tag != DT_NULL && array->d_tag != tag)
		array++;
	return array;
}

/* Puts a value into the next needed slot at or after `slot`, or after the last entry; where to go on. */
static NOINLINE struct dynamic_entry *put_needed(struct dynamic_entry *slot, word value)
{
	slot = find_entry(slot, DT_NEEDED);
	slot->d_tag = DT_NEEDED;
	slot->d_value = value;
	return slot + 1;
}

static NOINLINE struct dynamic_entry *put_names(struct dynamic_entry *slot, const char *name, word size, word strings)
{
	for (const char *end = name + size; name < end; name += string_size(name))
		slot = put_needed(slot, (word)name - strings);
	return slot;
}

NOINLINE struct dynamic_entry *extend_dynamic(struct dynamic_entry *copy, struct dynamic_entry *array,
                                              const struct sidecar *sidecar, word load_bias)
{
	const struct extension *extension = sidecar->extension;
	word strings = load_bias + find_entry(array, DT_STRTAB)->d_value;
	word run_path_tag = extension->run_path_tag;
	struct dynamic_entry *slot = copy;

	copy_bytes(copy, array, (word)find_entry(array, DT_NULL) - (word)array);
	slot = put_names(slot, (const char *)(extension + 1), extension->first_needed_size, strings);
	for (; (array = find_entry(array, DT_NEEDED))->d_tag != DT_NULL; array++)
		slot = put_needed(slot, array->d_value);
	put_names(slot, sidecar->needed, sidecar->article->needed_size, strings);

	/* Both tags, should the executable have both; after the last entry when it has none. */
	for (word missing = run_path_tag;; copy++) {
		word tag = copy->d_tag;
		if (tag == DT_NULL)
			tag = missing;
		if (tag == DT_NULL)
			return copy + 1;
		if (run_path_tag && (tag == DT_RUNPATH || tag == DT_RPATH)) {
			copy->d_tag = run_path_tag;
			copy->d_value = (word)sidecar->run_path - strings;
			missing = 0;
		}
	}
}
