/*
 * extend_dynamic on any dynamic array and any names: which entries it makes of them.
 *
 *      0   number of own entries u8 | run path: 0 none, odd DT_RUNPATH, even DT_RPATH u8 | names to put first, bytes u8
 *      3   own entries: a byte each, of which the tag is made; the place gives the value
 *          names to put first, then names to put last
 */
#include "fuzz.h"

enum { ENTRIES = 256, RUN_PATH_AT = 3 };

/* Bytes with their last made a NUL, in memory of their own; what they hold is counted in `count`. */
static char *names_of(const uint8_t *data, size_t size, word *count)
{
	char *names = (char *)copy_of(data, size);
	if (size)
		names[size - 1] = 0;
	for (size_t i = 0; i < size; i++)
		*count += !names[i];
	return names;
}

static int is_run_path(word tag)
{
	return tag == DT_RPATH || tag == DT_RUNPATH;
}

/* The values that the needed entries have to have, in their order. */
static void require_needed(const struct dynamic_entry *entry, const struct dynamic_entry *own,
                           const char *const names[2], const size_t sizes[2], word strings)
{
	for (int part = 0; part < 3; part++) {
		const char *name = names[part / 2];
		const char *end = name + sizes[part / 2];
		while (part == 1 ? own->d_tag != DT_NULL : name < end) {
			word value = own->d_value;
			if (part == 1 && own++->d_tag != DT_NEEDED)
				continue;
			if (part != 1) {
				value = (word)name - strings;
				name += string_size(name);
			}
			while (entry->d_tag != DT_NEEDED)
				require(entry++->d_tag != DT_NULL);
			require(entry++->d_value == value);
		}
	}
	while (entry->d_tag != DT_NULL)
		require(entry++->d_tag != DT_NEEDED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const word tags[] = {DT_NEEDED, DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH, DT_DEBUG, 6, 0x6ffffef5};
	if (size < 3 + (size_t)data[0])
		return 0;
	size_t count = data[0];
	const uint8_t *names = data + 3 + count;
	size_t rest = size - 3 - count;
	size_t sizes[2] = {data[2] < rest ? data[2] : rest, 0};
	sizes[1] = rest - sizes[0] < 0xffff ? rest - sizes[0] : 0xffff;
	word run_path_tag = !data[1] ? 0 : data[1] % 2 ? DT_RUNPATH : DT_RPATH;

	struct dynamic_entry *own = malloc((count + 1) * sizeof *own);
	word has_run_path = 0;
	for (size_t i = 0; i < count; i++) {
		own[i].d_tag = tags[data[3 + i] % (sizeof tags / sizeof *tags)];
		own[i].d_value = 0x1000 + i;
		has_run_path |= is_run_path(own[i].d_tag);
	}
	own[count] = (struct dynamic_entry){DT_NULL, 0};
	word strings = 0x400000 + find_entry(own, DT_STRTAB)->d_value;

	/* The names to put first follow the extension. */
	word name_count = 0;
	char *first_names = names_of(names, sizes[0], &name_count);
	struct extension *extension = malloc(sizeof *extension + sizes[0]);
	*extension = (struct extension){.run_path_tag = (u32)run_path_tag, .first_needed_size = (u32)sizes[0]};
	memcpy(extension + 1, first_names, sizes[0]);
	char *last_names = names_of(names + sizes[0], sizes[1], &name_count);
	struct article_header article = {.needed_size = (u16)sizes[1]};
	struct sidecar sidecar = {
	        .article = &article,
	        .run_path = (const char *)&article + RUN_PATH_AT,
	        .needed = last_names,
	        .extension = extension,
	};

	word room = count + name_count + 2;
	struct dynamic_entry *copy = calloc(room, sizeof *copy);
	struct dynamic_entry *end = extend_dynamic(copy, own, &sidecar, 0x400000);

	/* In its memory, and ended where it says. */
	require(end > copy && end <= copy + room && end[-1].d_tag == DT_NULL && find_entry(copy, DT_NULL) == end - 1);
	const char *const lists[2] = {(const char *)(extension + 1), last_names};
	require_needed(copy, own, lists, sizes, strings);
	word run_paths = 0;
	for (struct dynamic_entry *entry = copy; entry < end - 1; entry++) {
		size_t slot = (size_t)(entry - copy);
		if (run_path_tag && is_run_path(entry->d_tag)) {
			require(entry->d_tag == run_path_tag && entry->d_value == (word)sidecar.run_path - strings);
			require(slot < count ? is_run_path(own[slot].d_tag) : !has_run_path);
			run_paths++;
		} else if (entry->d_tag == DT_NEEDED) {
			require(slot >= count || own[slot].d_tag == DT_NEEDED);
		} else {
			/* Every other entry is the executable's own, in its slot. */
			require(slot < count && !memcmp(entry, own + slot, sizeof *entry));
		}
	}
	require(!run_path_tag || has_run_path || run_paths == 1);

	free(copy);
	free(last_names);
	free(extension);
	free(first_names);
	free(own);
	return 0;
}
