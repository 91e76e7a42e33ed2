/* One line on stderr, in one write so that the lines of several processes do not mix. */
#include "loader.h"

static const char messages[] = MESSAGES(MESSAGE_TEXT);

struct line {
	char *end;
	char text[4096 + 512];
};

static NOINLINE void append(struct line *line, const char *text)
{
	while (*text && line->end < line->text + sizeof line->text - 1)
		*line->end++ = *text++;
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
	line.end = line.text;
	append(&line, "wrap-buddy: error: ");
	append(&line, state->path ? state->path : sidecar_path(state));
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
	return result;
}

NOINLINE void trace(const struct state *state, enum message message, word number)
{
	struct line line;
	if (!state->is_traced)
		return;
	line.end = line.text;
	append(&line, "wrap-buddy: ");
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
	copy_bytes(state->name, name, string_size(name));
}

NOINLINE const char *sidecar_path(struct state *state)
{
	static const char exe[] = "/proc/self/exe";
	char *to = (char *)state->buffer;
	word size = sizeof exe;

	if (!state->is_beside)
		return state->name;
	copy_bytes(to, exe, size);
	word length = sys_readlink(exe, to, 4095);
	if (!is_error(length))
		size = length;
	while (to[--size] != '/')
		;
	copy_bytes(to + size, state->name, string_size(state->name));
	return to;
}
