/* A sidecar's extension made good again. Layout: include/sidecar.h. */
#include "fuzz.h"

static u32 check_of(u32 check, const u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		check = (u32)((uint64_t)(check ^ bytes[i]) * 0x01000193u);
	return check;
}

void repair_sidecar(u8 *bytes, size_t size)
{
	struct article_header article;
	struct extension extension;

	if (size < sizeof article)
		return;
	memcpy(&article, bytes, sizeof article);
	if (article.saved_size > size)
		return;
	size_t offset = sizeof article + article.interpreter_size + article.run_path_size + article.saved_size +
	                article.needed_size;
	offset = ALIGN_UP(offset, 8);
	if (offset > size || size - offset < sizeof extension)
		return;
	memcpy(&extension, bytes + offset, sizeof extension);
	extension.magic = EXTENSION_MAGIC_WORD;
	extension.version = EXTENSION_VERSION;
	extension.check = check_of(check_of(0x811c9dc5u, bytes, sizeof article), (const u8 *)&extension.version,
	                           EXTENSION_CHECKED_SIZE);
	memcpy(bytes + offset, &extension, sizeof extension);
}
