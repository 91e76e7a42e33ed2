/* read_sidecar on any bytes: what it accepts, the other steps may follow without another check. */
#include "fuzz.h"

/* The names from `from` to `to` end in between, each with its NUL. */
static void require_names(const char *from, const char *to, const u8 *bytes, size_t size)
{
	require(from >= (const char *)bytes && to >= from && to <= (const char *)bytes + size);
	while (from < to)
		from += string_size(from);
	require(from == to);
}

static void read(const u8 *bytes, size_t size)
{
	struct sidecar sidecar;
	if (read_sidecar(&sidecar, bytes, (u32)size) != MESSAGE_OK)
		return;
	const struct article_header *article = sidecar.article;
	const struct extension *extension = sidecar.extension;
	const char *first = (const char *)(extension + 1);
	require((const u8 *)article == bytes && article->interpreter_size <= PATH_LIMIT);
	require(article->interpreter_size && (*interpreter_of(&sidecar) == '/' || *interpreter_of(&sidecar) == '$'));
	require_names(interpreter_of(&sidecar), sidecar.run_path, bytes, size);
	require_names(sidecar.run_path, (const char *)sidecar.saved, bytes, size);
	require(sidecar.saved + article->saved_size == (const u8 *)sidecar.needed);
	require_names(sidecar.needed, sidecar.needed + article->needed_size, bytes, size);
	require((word)extension % _Alignof(struct extension) == 0);
	require_names(first, first + extension->first_needed_size, bytes, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u8 *bytes = copy_of(data, size);
	read(bytes, size);
	repair_sidecar(bytes, size);
	read(bytes, size);
	free(bytes);
	return 0;
}
