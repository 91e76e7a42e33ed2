/*
 * The launcher: a static program that starts another one, which it finds relative to its own directory. The kernel
 * takes a script's interpreter, and a program its character sets, by an absolute path only; a directory that is moved
 * has none.
 *
 * Behind the code stand items, each a letter and a text with its NUL; a NUL instead of a letter ends them:
 *
 *      vNAME=\0PATH    set the variable to that path, if it is not set
 *      aTEXT           an argument
 *      fPATH           an argument that is a path
 *      pPATH           start this; always the last one
 *
 * Paths are relative to the launcher's directory. Its own arguments follow those of the items, without its name where
 * the items have arguments.
 */
#include "syscalls.h"

#define NOINLINE __attribute__((noinline))

enum { PATH_SIZE = 4096, FAILED = 127 };
enum { AT_NULL = 0, AT_SECURE = 23 };

__asm__(".section .text.start, \"ax\"\n"
        ".globl _start\n"
        "_start:\n" ARCH_LOADER_START ".text\n");

extern const u8 image_start[] __asm__("_start") __attribute__((visibility("hidden")));

/* Behind the program headers: where the items stand, bytes from the first byte of code. */
#define ITEMS_OFFSET (*(const u32 *)(image_start - sizeof(u32)))

struct launch {
	/* Where the next pointer and the next text go. */
	const char **arguments;
	const char **variables;
	char *text;
	/* The directory, up to and with its last slash. */
	const char *directory;
	word directory_size;
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

static NOINLINE const char *path_of(struct launch *launch, const char *relative)
{
	char *start = launch->text;
	char *end = append(start, launch->directory, launch->directory_size);
	launch->text = append(end, relative, length_of(relative) + 1);
	return start;
}

/* Whether one of the variables has that name; `name` ends with "=". */
static NOINLINE word is_set(const char *const *variables, const char *name)
{
	for (; *variables; variables++) {
		word same = 0;
		while (name[same] && name[same] == (*variables)[same])
			same++;
		if (!name[same])
			return 1;
	}
	return 0;
}

__attribute__((used)) _Noreturn void loader_main(const struct entry_registers *registers)
{
	const word *stack = (const word *)registers->stack;
	word count = *stack;
	const char *const *arguments = (const char *const *)(stack + 1);
	const char *const *variables = arguments + count + 1;
	const char *const *variable = variables;
	const char *item = (const char *)image_start + ITEMS_OFFSET;
	static const char exe[] = "/proc/self/exe";
	struct launch launch;

	while (*variable++)
		;
	/* Whoever can make a hard link to this program would choose what it starts. */
	for (const word *vector = (const word *)variable; vector[0] != AT_NULL; vector += 2)
		if (vector[0] == AT_SECURE && vector[1])
			fail(": does not start with privileges\n", arguments[0] ? arguments[0] : "");
	/* Each item adds at most one pointer to each list, and a text of its own length after a directory. */
	word items = 0;
	word item_bytes = 0;
	while (item[item_bytes]) {
		item_bytes += length_of(item + item_bytes) + 1;
		items++;
	}
	word variable_count = (word)(variable - variables);
	word pointers = count + variable_count + 2 * items + 2;
	word memory = sys_mmap(0, pointers * sizeof(word) + item_bytes + (items + 1) * (PATH_SIZE + 1),
	                       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (word)-1, 0);
	if (is_error(memory))
		fail(": no memory\n", "");
	launch.arguments = (const char **)memory;
	launch.variables = launch.arguments + count + items + 1;
	launch.text = (char *)(launch.variables + variable_count + items + 1);
	word size = sys_readlink(exe, launch.text, PATH_SIZE);
	if (is_error(size))
		fail(": cannot be read, and tells where this program is\n", exe);
	while (launch.text[size - 1] != '/')
		size--;
	launch.directory = launch.text;
	launch.directory_size = size;
	launch.text += size;
	const char **new_arguments = launch.arguments;
	const char **new_variables = launch.variables;

	for (; *item != 'p'; item += length_of(item) + 1) {
		const char *text = item + 1;
		if (*item == 'v') {
			word name_size = length_of(text);
			const char *path = text + name_size + 1;
			item = path;
			if (is_set(variables, text))
				continue;
			*launch.variables++ = launch.text;
			launch.text = append(launch.text, text, name_size);
			path_of(&launch, path);
		} else {
			*launch.arguments++ = *item == 'f' ? path_of(&launch, text) : text;
		}
	}
	/* A script's launcher gives its own name to nobody. */
	if (launch.arguments != new_arguments && count) {
		arguments++;
		count--;
	}
	while (count--)
		*launch.arguments++ = *arguments++;
	for (variable = variables; *variable; variable++)
		*launch.variables++ = *variable;
	const char *program = path_of(&launch, item + 1);
	syscall3(ARCH_NR_execve, (word)program, (word)new_arguments, (word)new_variables);
	fail(": cannot start\n", program);
}
