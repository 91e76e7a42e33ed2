// System calls that change files, each with its path in the error.

import { errorCode } from "../../base/system-error.ts";
import type { PatchIssue } from "../patch-issue.ts";

/** A system call that failed, with the file it was about. */
export class CallError extends Error {
  readonly issue: Extract<PatchIssue, { readonly kind: "system-call-failed" }>;
  constructor(path: string, call: string, code: string) {
    super(`${call} ${path}: ${code}`);
    this.name = "CallError";
    this.issue = { kind: "system-call-failed", path, call, code };
  }
}

/** Runs system calls on `path`. Throws CallError when one fails. */
export function attempt<T>(path: string, call: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = errorCode(error);
    throw code === undefined ? error : new CallError(path, call, code);
  }
}

/** The file is not what it was when its edits were planned. */
export class ChangedError extends Error {
  readonly issue: Extract<PatchIssue, { readonly kind: "file-changed" }>;
  constructor(path: string) {
    super(`${path} has changed`);
    this.name = "ChangedError";
    this.issue = { kind: "file-changed", path };
  }
}

/** Whether it could be done; a system call that failed is not thrown on. */
export function quietly(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof CallError || errorCode(error) !== undefined) return false;
    throw error;
  }
}
