/*
 * The sidecar's bytes, every length checked against the file's size before it is used. A pure function: what it finds
 * wrong it returns. Layout: include/sidecar.h.
 */
#include "loader.h"

/* FNV-1a, 32 bits. Source: RFC 9923, section 2. */
static NOINLINE u32 check_numbers(u32 check, const u8 *bytes, u32 size)
{
	while (size--)
		check = (check ^ *bytes++) * 0x01000193u;
	return check;
}

/* Absolute, or relative to the executable's directory. */
static int is_path(const char *text)
{
	return *text == '/' || *text == '$';
}

NOINLINE enum message read_sidecar(struct sidecar *sidecar, const u8 *bytes, u32 size)
{
	const struct article_header *article = (const void *)bytes;
	const char *at = (const char *)(article + 1);

	if (size < sizeof *article || article->saved_size > size)
		return MESSAGE_DAMAGED;
	sidecar->article = article;
	sidecar->run_path = at += article->interpreter_size;
	sidecar->saved = (const u8 *)(at += article->run_path_size);
	sidecar->needed = at += article->saved_size;
	at += article->needed_size;
	at += (bytes - (const u8 *)at) & 7;
	const struct extension *extension = (const void *)at;
	sidecar->extension = extension;
	at = (const char *)(extension + 1);
	word offset = (word)(at - (const char *)bytes);
	if (offset > size || extension->magic != EXTENSION_MAGIC_WORD)
		return MESSAGE_DAMAGED;
	if (extension->version != EXTENSION_VERSION)
		return MESSAGE_OTHER_VERSION;
	u32 check = check_numbers(0x811c9dc5u, bytes, sizeof *article);
	check = check_numbers(check, (const u8 *)&extension->version, EXTENSION_CHECKED_SIZE);
	/*
	 * Sizes hold from here on. The interpreter has 1 to PATH_LIMIT bytes: none wraps round to too many. Each list
	 * of names has to end with a NUL.
	 */
	if (check != extension->check || (u16)(article->interpreter_size - 1) / PATH_LIMIT ||
	    !is_path(interpreter_of(sidecar)) || extension->first_needed_size > size - offset ||
	    sidecar->run_path[-1] || sidecar->saved[-1] ||
	    (article->needed_size && sidecar->needed[article->needed_size - 1]) ||
	    (extension->first_needed_size && at[extension->first_needed_size - 1]))
		return MESSAGE_DAMAGED;
	return MESSAGE_OK;
}
