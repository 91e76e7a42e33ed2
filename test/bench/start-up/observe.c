/*
 * Starts one program and says what it has done when its main begins: system calls, private dirty memory in KB, and of the
 * calls those that open and those that map a file, and page faults. Its main begins with getsid(-1), which nothing else
 * calls; of one that does not call it, when it ends. Usage: observe PROGRAM ARGUMENT..., with the program's environment;
 * prints CALLS KILOBYTES OPENS MAPS FAULTS.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* One of the files about the process in /proc. */
static FILE *open_about(pid_t process, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
	FILE *file = fopen(path, "r");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

/* Private_Dirty of the process, KB. */
static long private_dirty(pid_t process)
{
	char line[256];
	long kilobytes = -1;
	FILE *file = open_about(process, "smaps_rollup");
	while (fgets(line, sizeof line, file) && sscanf(line, "Private_Dirty: %ld kB", &kilobytes) != 1) continue;
	fclose(file);
	return kilobytes;
}

/* Page faults of the process that read nothing from a disk. Source: proc_pid_stat(5), field 10. */
static long page_faults(pid_t process)
{
	char text[1024];
	long faults = -1;
	FILE *file = open_about(process, "stat");
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	/* The name, which may hold spaces, ends with the last parenthesis. */
	char *rest = strrchr(text, ')');
	if (rest) sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %ld", &faults);
	return faults;
}

static void start(char **command)
{
	int null = open("/dev/null", O_RDWR);
	for (int stream = 0; stream < 3; stream++) dup2(null, stream);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	execv(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	pid_t child = fork();
	if (child == 0) start(argv + 1);
	int status;
	waitpid(child, &status, 0);
	if (argc < 2 || !WIFSTOPPED(status)) return 1;
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	ptrace(PTRACE_SETOPTIONS, child, 0, options);
	long calls = 0, opens = 0, maps = 0;
	for (int entering = 1, signal = 0;;) {
		ptrace(PTRACE_SYSCALL, child, 0, signal);
		signal = 0;
		/* Its threads are not traced: only what its first one does is counted. */
		if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) return 1;
		int stop = WSTOPSIG(status);
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) break;
		if (stop != (SIGTRAP | 0x80)) {
			/* execve stops it once more where a shell script starts another program. */
			signal = stop == SIGTRAP ? 0 : stop;
			continue;
		}
		if (entering) {
			struct user_regs_struct registers;
			ptrace(PTRACE_GETREGS, child, 0, &registers);
			if (registers.orig_rax == SYS_getsid && (int)registers.rdi == -1) break;
			calls++;
			opens += registers.orig_rax == SYS_openat || registers.orig_rax == SYS_open;
			maps += registers.orig_rax == SYS_mmap && (int)registers.r8 >= 0;
		}
		entering = !entering;
	}
	long dirty = private_dirty(child);
	printf("%ld %ld %ld %ld %ld\n", calls, dirty, opens, maps, page_faults(child));
	return 0;
}
