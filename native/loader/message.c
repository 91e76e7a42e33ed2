/* One line on stderr, in one write so that the lines of several processes do not mix. */
#include "loader.h"

BYTES static const char messages[] = MESSAGES(MESSAGE_TEXT);

struct line {
	char *end;
	char text[4096 + 512];
};

static NOINLINE void append(struct line *line, const char *text)
{
	while (*text && line->end < line->text + sizeof line->text - 1)
		*line->end++ = *text++;
}

static NOINLINE void begin(struct line *line)
{
	line->end = line->text;
	append(line, "wrap-buddy: ");
}

static NOINLINE void append_message(struct line *line, enum message message)
{
	const char *text = messages;
	for (word i = message; i--;)
		text += string_size(text);
	append(line, text);
}

static NOINLINE void append_number(struct line *line, word number, word base)
{
	struct {
		char text[24];
	} digits;
	char *first = digits.text + sizeof digits - 1;
	*first = 0;
	do
		*--first = "0123456789abcdef"[number % base];
	while (number /= base);
	append(line, first);
}

static NOINLINE void write_line(struct line *line)
{
	*line->end++ = '\n';
	sys_write(2, line->text, (word)(line->end - line->text));
}

_Noreturn NOINLINE void fail(struct state *state, enum message message, word error)
{
	struct line line;
	begin(&line);
	append(&line, "error: ");
	if (!state->path)
		sidecar_path(state);
	append(&line, state->path);
	append(&line, ": ");
	append_message(&line, message);
	if (error) {
		append(&line, " (error ");
		append_number(&line, -error, 10);
		append(&line, ")");
	}
	write_line(&line);
	sys_exit(127);
}

NOINLINE word must(struct state *state, word result, enum message message)
{
	if (is_error(result))
		fail(state, message, result);
	/* So that callers take what is returned: to keep a copy over the call needs a register, and that is saved. */
	__asm__("" : "+r"(result));
	return result;
}

NOINLINE void trace(const struct state *state, enum message message, word number)
{
	struct line line;
	if (!state->is_traced)
		return;
	begin(&line);
	append_message(&line, message);
	append(&line, " 0x");
	append_number(&line, number, 16);
	write_line(&line);
}

NOINLINE void keep_name(struct state *state)
{
	const struct parameters *parameters = state->parameters;
	const char *name = (const char *)parameters - parameters->path_size;

	if (parameters->flags & PARAMETER_SIDECAR_APART)
		name = (const char *)(parameters + 1);
	state->is_beside = parameters->flags & PARAMETER_BESIDE;
	copy_text(state->name, name);
}

NOINLINE void path_beside(struct state *state, const char *rest)
{
	BYTES static const char exe[] = "/proc/self/exe";
	state->path = exe;
	char *end = state->beside + must(state, sys_readlink(exe, state->beside, PATH_LIMIT - 1), MESSAGE_CANNOT_READ);
	while (*--end != '/')
		;
	copy_text(end, rest);
	state->path = state->beside;
}

NOINLINE void sidecar_path(struct state *state)
{
	state->path = state->name;
	if (state->is_beside)
		path_beside(state, state->name);
}
