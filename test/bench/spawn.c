/*
 * Starts programs in turn and times each from spawn to exit, so that all of them see the same machine: a line of
 * nanoseconds for every round, one column a program. Each round begins with another one. Usage:
 * spawn ROUNDS PROGRAM[@LD_LIBRARY_PATH]... -- ARGUMENT...
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* Nanoseconds; ends the run if the program does not. `arguments` has room for the program's name in front. */
static long timed(const char *word, char **arguments, posix_spawn_file_actions_t *actions)
{
	char program[4096], variable[65536];
	const char *at = strchr(word, '@');
	snprintf(program, sizeof program, "%.*s", at ? (int)(at - word) : 4095, word);
	snprintf(variable, sizeof variable, "LD_LIBRARY_PATH=%s", at ? at + 1 : "");
	arguments[0] = program;
	char *environment[] = {(char *)"HOME=/tmp", at ? variable : NULL, NULL};
	int status;
	pid_t child;
	long start = now();
	if (posix_spawn(&child, program, actions, NULL, arguments, environment) || waitpid(child, &status, 0) < 0 ||
	    !WIFEXITED(status) || WEXITSTATUS(status) == 127) {
		fprintf(stderr, "%s does not run\n", program);
		exit(1);
	}
	return now() - start;
}

int main(int argc, char **argv)
{
	long rounds = atol(argv[1]);
	int end = 2;
	while (end < argc && strcmp(argv[end], "--") != 0) end++;
	int count = end - 2;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	for (int stream = 0; stream < 3; stream++)
		posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
	long *times = calloc((size_t)count, sizeof *times);
	for (long round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++) {
			int which = (int)((round + i) % count);
			times[which] = timed(argv[2 + which], argv + end, &actions);
		}
		for (int i = 0; i < count; i++) printf(i + 1 < count ? "%ld " : "%ld\n", times[i]);
	}
	return 0;
}
