// What is wrong with how the program was started or with its output streams, in words.

import { describeErrorCode } from "../words.ts";

/** A program without a working directory can look for nothing; `code` names the system call's error. */
export function describeWorkingDirectoryFailure(code: string): string {
  return [
    `wrap-buddy: error: the working directory: ${describeErrorCode(code)}`,
    "  help: it has been removed: change to one that is there",
    "",
  ].join("\n");
}

/** The report of a failed write to standard output; `code` names the system call's error. */
export function describeOutputFailure(code: string): string {
  return [
    `wrap-buddy: error: standard output: ${describeErrorCode(code)}`,
    "  help: what was to be done is done, only its report is lost",
    "",
  ].join("\n");
}
