/*
 * Starts programs in turn and times each from spawn to exit, so that all of them see the same machine: a line of
 * nanoseconds for every round, one column a program. Usage: spawn ROUNDS PROGRAM[@LD_LIBRARY_PATH]...
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

int main(int argc, char **argv)
{
	long rounds = atol(argv[1]);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (long round = 0; round < rounds; round++) {
		for (int i = 2; i < argc; i++) {
			char program[4096], variable[65536];
			char *at = strchr(argv[i], '@');
			snprintf(program, sizeof program, "%.*s", at ? (int)(at - argv[i]) : 4095, argv[i]);
			snprintf(variable, sizeof variable, "LD_LIBRARY_PATH=%s", at ? at + 1 : "");
			char *arguments[] = {program, (char *)"--version", NULL};
			char *environment[] = {at ? variable : NULL, NULL};
			int status;
			pid_t child;
			long start = now();
			if (posix_spawn(&child, program, &actions, NULL, arguments, environment) || waitpid(child, &status, 0) < 0 ||
			    !WIFEXITED(status) || WEXITSTATUS(status) == 127) {
				fprintf(stderr, "%s does not run\n", program);
				return 1;
			}
			printf(i + 1 < argc ? "%ld " : "%ld\n", now() - start);
		}
	}
	return 0;
}
