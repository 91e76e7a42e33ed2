/*
 * Starts programs in turn and times each from spawn to exit, so that all of them see the same machine: a line of
 * nanoseconds for every round, one column a program. Each round has another order, because what ran before leaves its
 * mark on the next: measured, of two versions of a program of 60 MB either one was 3 % faster, depending on the order.
 * Usage: spawn ROUNDS PROGRAM[@LD_LIBRARY_PATH]... -- ARGUMENT...
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

/* Puts `count` numbers into an order of their own, the same in every run. */
static void shuffle(int *numbers, int count)
{
	static unsigned long state = 1;
	for (int i = count - 1; i > 0; i--) {
		state = state * 6364136223846793005UL + 1442695040888963407UL;
		int other = (int)((state >> 33) % (unsigned long)(i + 1)), number = numbers[i];
		numbers[i] = numbers[other];
		numbers[other] = number;
	}
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
	int *order = calloc((size_t)count, sizeof *order);
	for (int i = 0; i < count; i++) order[i] = i;
	for (long round = 0; round < rounds; round++) {
		shuffle(order, count);
		for (int i = 0; i < count; i++) times[order[i]] = timed(argv[2 + order[i]], argv + end, &actions);
		for (int i = 0; i < count; i++) printf(i + 1 < count ? "%ld " : "%ld\n", times[i]);
	}
	return 0;
}
