// What is said of an exception that nothing on its way has made a value of, and the exit status that goes with it.

import { errorCode } from "../base/system-error.ts";
import { describeBug } from "./bug.ts";
import { plainPaint } from "./colour.ts";
import { escapeControls } from "./context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { errorMessage } from "./messages/message.ts";
import { systemCallHelp } from "./messages/system-call-help.ts";
import { renderMessages } from "./render.ts";
import { describeErrorCode } from "./words.ts";

/** What any system call may say where the machine, or a limit of the process, has too little for this program. */
const shortages: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "ENOSPC", "EDQUOT", "EIO"]);

/** libuv's name for the call that asks for the working directory. Source: libuv, uv_cwd(). */
const workingDirectoryCall = "uv_cwd";

export interface Unexpected {
  /** Lines for standard error. */
  readonly text: string;
  readonly code: ExitCode;
}

/** A shortage of the machine, or a working directory that is gone, is an error as any other; the rest is a bug. */
export function describeUnexpected(thrown: unknown, version: string): Unexpected {
  const code = errorCode(thrown);
  if (code === undefined) return { text: describeBug(thrown, version), code: exitCode.bug };
  const { syscall, path } = thrown as NodeJS.ErrnoException;
  if (syscall === workingDirectoryCall) {
    return failure(`the working directory: ${describeErrorCode(code)}`, "change to a directory that is there");
  }
  if (!shortages.has(code)) return { text: describeBug(thrown, version), code: exitCode.bug };
  const subject = path === undefined ? "" : `${escapeControls(path)}: `;
  return failure(`${subject}${syscall} failed: ${describeErrorCode(code)}`, systemCallHelp(code));
}

function failure(headline: string, help: string): Unexpected {
  return { text: renderMessages([errorMessage(headline, help)], plainPaint), code: exitCode.failed };
}
