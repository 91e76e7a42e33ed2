/*
 * The run path and the needed entries, written into a copy of the dynamic array.
 *
 * No entry but DT_NEEDED changes its slot, DT_DEBUG above all: a debugger takes its place from the file. The needed
 * slots are filled again in the new order; what does not fit goes behind the last entry, and so does a run path that
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

/* Where the values of the needed entries come from: names to put first, the array's own, names to put last. */
struct needed_values {
	word strings;
	const char *first;
	const char *first_end;
	const struct dynamic_entry *own;
	const char *last;
	const char *last_end;
};

/* The next needed entry's value, 0 behind the last. No name has the value 0: string tables begin with a NUL. */
static NOINLINE word next_value(struct needed_values *values)
{
	const char **names = &values->first;
	if (*names == values->first_end) {
		while (values->own->d_tag != DT_NULL) {
			const struct dynamic_entry *entry = values->own++;
			if (entry->d_tag == DT_NEEDED)
				return entry->d_value;
		}
		names = &values->last;
		if (*names == values->last_end)
			return 0;
	}
	word value = (word)*names - values->strings;
	*names += string_size(*names);
	return value;
}

NOINLINE struct dynamic_entry *extend_dynamic(struct dynamic_entry *copy, struct dynamic_entry *array,
                                     const struct sidecar *sidecar, word load_bias)
{
	word run_path = *(const u8 *)sidecar->run_path;
	struct needed_values values = {
	        .strings = load_bias + find_entry(array, DT_STRTAB)->d_value,
	        .first = sidecar->first_needed,
	        .first_end = sidecar->first_needed + sidecar->extension->first_needed_size,
	        .own = array,
	        .last = sidecar->needed,
	        .last_end = sidecar->needed + sidecar->article->needed_size,
	};
	for (word is_own = 1, is_written = !run_path;; copy++, array++) {
		word value = array->d_value;
		word tag = array->d_tag;
		if (tag == DT_NULL)
			is_own = 0;
		if (!is_own) {
			array--;
			tag = DT_NEEDED;
		}
		if (tag == DT_NEEDED && !(value = next_value(&values)))
			tag = is_written ? DT_NULL : DT_RUNPATH;
		if (run_path && (tag == DT_RUNPATH || tag == DT_RPATH)) {
			tag = sidecar->extension->run_path_tag;
			value = (word)sidecar->run_path - values.strings;
			is_written = 1;
		}
		copy->d_tag = tag;
		copy->d_value = value;
		if (tag == DT_NULL)
			return copy + 1;
	}
}
