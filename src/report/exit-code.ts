// The exit status of the command line tool.

/** Exit statuses. Source of 64 and up: BSD sysexits.h (EX_SOFTWARE is 70). */
export const exitCode = {
  /** Done, or nothing to do. A reader that goes away early (EPIPE) is no failure either. */
  done: 0,
  /** A file could not be patched, or a library is missing; nothing has been written. */
  failed: 1,
  /** The command line or the environment cannot be understood. */
  usage: 2,
  /** A defect in this program. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The exit status that a run's outcome stands for. */
export function exitCodeOf(outcome: { readonly ok: boolean }): ExitCode {
  return outcome.ok ? exitCode.done : exitCode.failed;
}
