// Errors of system calls, as node:fs throws them.

/** "EACCES", "ENOENT" … of a failed system call; undefined for any other error, which is a bug and to be thrown on. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
