/*
 * The launcher: a static program that starts another one, which it finds relative to its own directory. The kernel
 * takes a script's interpreter, and a program its character sets, by an absolute path only; a directory that is moved
 * has none.
 *
 * Behind the code stand items, each a letter and a text with its NUL; a NUL instead of a letter ends them:
 *
 *      sNAME=\0VALUE       set the variable
 *      vNAME=\0VALUE       the same, if it is not set
 *      bNAME=\0VALUE\0SEP  put the value before what the variable has, if it has something with SEP between them
 *      eNAME=\0VALUE\0SEP  the same after it
 *      uNAME=              remove it
 *      i                   an argument: the first one of the launcher
 *      nVALUE              an argument: VALUE, if the launcher's first one ends with the same name, else that one
 *      aVALUE              an argument
 *      o                   all arguments of the launcher, or, if there are arguments already, all but the first one
 *      pVALUE              start this
 *
 * In a VALUE the byte 1 stands for the launcher's directory and a slash.
 */
#include "syscalls.h"

#define NOINLINE __attribute__((noinline))

enum { PATH_SIZE = 4096, FAILED = 127 };
enum { AT_NULL = 0, AT_SECURE = 23 };
enum { HERE = 1 };

__asm__(".section .text.start, \"ax\"\n"
        ".globl _start\n"
        "_start:\n" ARCH_LOADER_START ".text\n");

extern const u8 image_start[] __asm__("_start") __attribute__((visibility("hidden")));

/* Before the code: how many items there are, and where they stand, bytes from the first byte of code. */
#define ITEMS_COUNT (((const u32 *)image_start)[-2])
#define ITEMS_OFFSET (((const u32 *)image_start)[-1])

struct launch {
	/* The directory, up to and with its last slash. */
	const char *directory;
	word directory_size;
	const char **variables;
	word variable_count;
	const char **arguments;
	word argument_count;
};

static NOINLINE word length_of(const char *text)
{
	word length = 0;
	while (text[length])
		length++;
	return length;
}

static NOINLINE char *append(char *to, const char *from, word size)
{
	while (size--)
		*to++ = *from++;
	return to;
}

/* One line on stderr, in one write. */
static _Noreturn NOINLINE void fail(const char *message, const char *path)
{
	char line[PATH_SIZE * 2 + 128];
	static const char prefix[] = "wrap-buddy: error: ";
	const word longest = 2 * (word)PATH_SIZE;
	word path_size = length_of(path);
	char *end = append(line, prefix, sizeof prefix - 1);
	end = append(end, path, path_size < longest ? path_size : longest);
	end = append(end, message, length_of(message));
	sys_write(2, line, (word)(end - line));
	sys_exit(FAILED);
}

/* Memory of its own, zeros: there are few pieces, and none is given back. */
static NOINLINE void *allocate(word size)
{
	word memory = sys_mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (word)-1, 0);
	if (is_error(memory))
		fail("no memory\n", "");
	return (void *)memory;
}

/* Appends the value, without a NUL; with 0 for `to` it is only measured. The size. */
static NOINLINE word expand(const struct launch *launch, char *to, const char *value)
{
	word size = 0;
	for (; *value; value++) {
		word is_here = *value == HERE;
		const char *from = is_here ? launch->directory : value;
		word part = is_here ? launch->directory_size : 1;
		if (to)
			append(to + size, from, part);
		size += part;
	}
	return size;
}

static NOINLINE const char *expanded(const struct launch *launch, const char *value)
{
	char *text = allocate(expand(launch, 0, value) + 1);
	expand(launch, text, value);
	return text;
}

/*
 * Takes the variable out, and leaves the others in their order; `name` ends with "=". Returns what it was, as getenv
 * has it: execve passes on a list in which a variable stands twice, and getenv takes the first. 0 if it was not set.
 */
static NOINLINE const char *take(struct launch *launch, const char *name)
{
	const char *first = 0;
	word kept = 0;
	for (word at = 0; at < launch->variable_count; at++) {
		const char *variable = launch->variables[at];
		word same = 0;
		while (name[same] && name[same] == variable[same])
			same++;
		if (name[same])
			launch->variables[kept++] = variable;
		else if (!first)
			first = variable;
	}
	launch->variable_count = kept;
	return first;
}

/* Carries out an item about a variable; returns its last text. */
static NOINLINE const char *change_variable(struct launch *launch, char letter, const char *name)
{
	const char *variable = take(launch, name);
	if (letter == 'u')
		return name;
	word name_size = length_of(name);
	const char *value = name + name_size + 1;
	const char *separator = "";
	const char *last = value;
	const char *old = "";
	if (letter == 'b' || letter == 'e') {
		separator = value + length_of(value) + 1;
		last = separator;
		if (variable)
			old = variable + name_size;
		if (!*old)
			separator = "";
	}
	if (letter == 'v' && variable) {
		launch->variables[launch->variable_count++] = variable;
		return last;
	}
	word old_size = length_of(old);
	word separator_size = length_of(separator);
	char *text = allocate(name_size + expand(launch, 0, value) + separator_size + old_size + 1);
	char *end = append(text, name, name_size);
	if (letter == 'e')
		end = append(append(end, old, old_size), separator, separator_size);
	end += expand(launch, end, value);
	if (letter == 'b')
		append(append(end, separator, separator_size), old, old_size);
	launch->variables[launch->variable_count++] = text;
	return last;
}

static NOINLINE const char *name_in(const char *path)
{
	const char *name = path;
	for (; *path; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

/* Whoever calls a program by another name than its own means something by it: "-sh" is a login shell. */
static NOINLINE const char *unless_renamed(const char *placed, const char *own)
{
	const char *name = name_in(placed);
	const char *called = name_in(own);
	while (*name && *name == *called) {
		name++;
		called++;
	}
	return *name == *called ? placed : own;
}

__attribute__((used)) _Noreturn void loader_main(const struct entry_registers *registers)
{
	const word *stack = (const word *)registers->stack;
	word count = *stack;
	const char *const *arguments = (const char *const *)(stack + 1);
	const char *const *variables = arguments + count + 1;
	const char *program = "";
	static const char exe[] = "/proc/self/exe";
	struct launch launch;

	word variable_count = 0;
	while (variables[variable_count])
		variable_count++;
	/* Whoever can make a hard link to this program would choose what it starts. */
	const word *vector = (const word *)(variables + variable_count + 1);
	for (; vector[0] != AT_NULL; vector += 2)
		if (vector[0] == AT_SECURE && vector[1])
			fail(": does not start with privileges\n", count ? arguments[0] : "");

	char *own = allocate(PATH_SIZE);
	word size = sys_readlink(exe, own, PATH_SIZE);
	if (is_error(size))
		fail(": cannot be read, and tells where this program is\n", exe);
	while (own[size - 1] != '/')
		size--;
	launch.directory = own;
	launch.directory_size = size;

	/* No item adds more than one pointer to each list, and one of them the launcher's own. */
	word items = ITEMS_COUNT;
	launch.variables = (const char **)allocate((variable_count + items + 1) * sizeof(word));
	launch.arguments = (const char **)allocate((count + items + 1) * sizeof(word));
	launch.variable_count = variable_count;
	launch.argument_count = 0;
	append((char *)launch.variables, (const char *)variables, variable_count * sizeof(word));

	for (const char *item = (const char *)image_start + ITEMS_OFFSET; *item; item += length_of(item) + 1) {
		const char *text = item + 1;
		if (*item == 'a')
			launch.arguments[launch.argument_count++] = expanded(&launch, text);
		else if (*item == 'i' && count)
			launch.arguments[launch.argument_count++] = arguments[0];
		else if (*item == 'n' && count)
			launch.arguments[launch.argument_count++] =
			        unless_renamed(expanded(&launch, text), arguments[0]);
		else if (*item == 'o')
			for (word own_argument = launch.argument_count > 0; own_argument < count; own_argument++)
				launch.arguments[launch.argument_count++] = arguments[own_argument];
		else if (*item == 'p')
			program = expanded(&launch, text);
		else if (*item != 'i' && *item != 'n')
			item = change_variable(&launch, *item, text);
	}
	launch.variables[launch.variable_count] = 0;
	syscall3(ARCH_NR_execve, (word)program, (word)launch.arguments, (word)launch.variables);
	fail(": cannot start\n", program);
}
