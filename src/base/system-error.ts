// Errors of system calls, as node:fs throws them.

/** "EACCES", "ENOENT" … of a failed system call; undefined for any other error, which is a bug and to be thrown on. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** As `errorCode`, but throws on any error that is none of a system call. */
export function requireErrorCode(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return code;
}

/** What `call` returns; `otherwise` where the system refuses it. Any other error is a bug, and thrown on. */
export function unlessRefused<Result, Otherwise>(call: () => Result, otherwise: Otherwise): Result | Otherwise {
  try {
    return call();
  } catch (error) {
    requireErrorCode(error);
    return otherwise;
  }
}
