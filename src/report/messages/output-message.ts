// An output stream that does not take what is written to it, in words.

import { describeErrorCode } from "../words.ts";

/** The report of a failed write to standard output; `code` names the system call's error. */
export function describeOutputFailure(code: string): string {
  return [
    `wrap-buddy: error: standard output: ${describeErrorCode(code)}`,
    "  help: what was to be done is done, only its report is lost",
    "",
  ].join("\n");
}
