// System calls that change files, each with its path in the error.

import { errorCode } from "../../base/system-error.ts";
import type { PatchIssue } from "../patch-issue.ts";

/** Expected trouble while writing, with the issue to report. */
export class WriteError extends Error {
  readonly issue: PatchIssue;
  constructor(issue: PatchIssue, message: string) {
    super(message);
    this.name = new.target.name;
    this.issue = issue;
  }
}

/** A system call that failed, with the file it was about. */
export class CallError extends WriteError {
  declare readonly issue: Extract<PatchIssue, { readonly kind: "system-call-failed" }>;
  constructor(path: string, call: string, code: string) {
    super({ kind: "system-call-failed", path, call, code }, `${call} ${path}: ${code}`);
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
export class ChangedError extends WriteError {
  constructor(path: string) {
    super({ kind: "file-changed", path }, `${path} has changed`);
  }
}

/** A new file cannot be given all that the executable at `path` has; `problem` says what. */
export class NotKeptError extends WriteError {
  constructor(
    path: string,
    problem: string,
    cannotGive?: Extract<PatchIssue, { readonly kind: "not-kept" }>["cannotGive"],
  ) {
    const given = cannotGive === undefined ? {} : { cannotGive };
    super({ kind: "not-kept", path, problem, ...given }, `${path}: ${problem}`);
  }
}

/**
 * The error about a new file that cannot be given to whom the executable at `path` belongs: only root can give files to
 * other users, and a user gives his own to groups that he is in. Source: chown(2).
 */
export function ownershipError(
  path: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): NotKeptError {
  const user = process.geteuid?.() ?? 0;
  return uid === user
    ? new NotKeptError(path, `its group is ${gid}, which user ${user} is not in`, "group")
    : new NotKeptError(path, `its owner is user ${uid}, to whom user ${user} can give no file`, "owner");
}

/** Whether it could be done; a system call that failed is not thrown on. */
export function quietly(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof WriteError || errorCode(error) !== undefined) return false;
    throw error;
  }
}
