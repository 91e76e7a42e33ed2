// What a command of the hook has to say. A type only.

import type { ExitCode } from "../report/exit-code.ts";

export interface HookReport {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
}
