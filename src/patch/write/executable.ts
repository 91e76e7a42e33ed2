// An executable open for writing in place: also a read-only one, a running one, and one with names that must not change.
//
//     openExecutable ──▶ write, write, … ──▶ finish     mode as it was, journal gone
//                              └─ error ───▶ abandon    the same, as far as it can be done

import { Buffer } from "node:buffer";
import { chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { systemPath } from "../../base/path.ts";
import type { CopyReason, Edit, ExecutableNames } from "../file-plan.ts";
import { journalPathOf } from "../sidecar/file-names.ts";
import { replaceByCopy } from "./copy.ts";
import { readJournal, removeJournal, writeJournal } from "./journal.ts";
import { isThere } from "./leftovers.ts";
import { attempt, CallError, ChangedError, quietly } from "./system-call.ts";
import { writeAt } from "./write-file.ts";

export interface OpenExecutable {
  /** Why it was replaced by a copy; undefined when it is the same file. */
  readonly copied: CopyReason | undefined;
  /** Throws ChangedError where `before` is not what stands there, and CallError. */
  expect(edit: Edit): void;
  /** Puts `after` there. `sidecarPath`: where the bytes are that are being covered or restored. Throws CallError. */
  write(edit: Edit, sidecarPath: string): void;
  /** Puts `before` back, whatever stands there. Throws CallError. */
  takeBack(edit: Edit): void;
  /** Closes it, its mode as it was and no journal left. Throws CallError; it is to be abandoned then. */
  finish(): void;
  /** As `finish`, as far as it can be done. `isWhole`: all that was written has been taken back. */
  abandon(isWhole: boolean): void;
}

/** A write within a page of the page cache is done or not done, however the run is stopped. */
const pageSize = 4096;
const setIdBits = 0o6000;
const ownerMayWrite = 0o200;

/**
 * Opens it. A file that is being executed is replaced by a copy, as one with other names is. Throws CallError; the file
 * is then as it was.
 */
export function openExecutable({ path, names, ...executable }: ExecutableNames): OpenExecutable {
  const left = readJournal(path);
  const found = attempt(path, "stat", () => lstatSync(systemPath(path), { bigint: true }));
  const mode = left?.mode ?? Number(found.mode & 0o7777n);
  let inode = found.ino;
  let hasJournal = left !== undefined;
  /** What the journal says, null before there is one for this file. */
  let recorded: string | undefined | null = left === undefined ? null : left.sidecarPath;
  let copied: CopyReason | undefined;

  function record(about: string | undefined): void {
    if (recorded === about) return;
    hasJournal = true;
    writeJournal(path, { mode, inode, sidecarPath: about });
    recorded = about;
  }

  function openCopy(reason: CopyReason): number {
    const descriptor = replaceByCopy(names, mode);
    copied = reason;
    inode = attempt(path, "stat", () => fstatSync(descriptor, { bigint: true })).ino;
    recorded = null;
    return descriptor;
  }

  function openInPlace(): number {
    try {
      return open(path);
    } catch (error) {
      const isReadOnly = (Number(found.mode) & ownerMayWrite) === 0;
      if (!isReadOnly || !(error instanceof CallError) || error.issue.code !== "EACCES") throw error;
    }
    record(undefined);
    const name = systemPath(path);
    attempt(path, "chmod", () => chmodSync(name, mode | ownerMayWrite));
    const descriptor = open(path);
    try {
      attempt(path, "chmod", () => chmodSync(name, mode));
      return descriptor;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  function openSomehow(): number {
    if (executable.replaceByCopy) return openCopy("other-names");
    try {
      return openInPlace();
    } catch (error) {
      if (!(error instanceof CallError) || error.issue.code !== "ETXTBSY") throw error;
      return openCopy("running");
    }
  }

  function dropJournal(): void {
    if (hasJournal) removeJournal(path);
  }

  function restoreMode(descriptor: number): void {
    const now = attempt(path, "stat", () => fstatSync(descriptor)).mode & 0o7777;
    if (now !== mode) attempt(path, "chmod", () => fchmodSync(descriptor, mode));
  }

  let descriptor: number;
  try {
    descriptor = openSomehow();
  } catch (error) {
    // What is left of an attempt is a changed mode and the journal that says so.
    quietly(() => finishStopped(path));
    throw error;
  }
  return {
    copied,
    expect({ before, offset }) {
      if (!isAt(path, descriptor, before, offset)) throw new ChangedError(path);
    },
    write(edit, about) {
      if ((mode & setIdBits) !== 0 || crossesPage(edit)) record(about);
      writeAt(path, descriptor, edit.after, edit.offset);
    },
    takeBack(edit) {
      writeAt(path, descriptor, edit.before, edit.offset);
    },
    finish() {
      restoreMode(descriptor);
      dropJournal();
      attempt(path, "close", () => closeSync(descriptor));
    },
    abandon(isWhole) {
      const isRestored = quietly(() => restoreMode(descriptor));
      quietly(() => attempt(path, "close", () => closeSync(descriptor)));
      if (isWhole && isRestored) quietly(dropJournal);
    },
  };
}

/** Puts the mode back that a stopped run has left changed, and removes its journal. Throws CallError. */
export function finishStopped(path: string): void {
  if (!isThere(journalPathOf(path))) return;
  const left = readJournal(path);
  if (left !== undefined) {
    const name = systemPath(path);
    const { mode } = attempt(path, "stat", () => lstatSync(name));
    if ((mode & 0o7777) !== left.mode) attempt(path, "chmod", () => chmodSync(name, left.mode));
  }
  removeJournal(path);
}

function open(path: string): number {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return attempt(path, "open", () => openSync(systemPath(path), flags));
}

function isAt(path: string, descriptor: number, bytes: Uint8Array, offset: number): boolean {
  const there = Buffer.alloc(bytes.length);
  const count = attempt(path, "read", () => readSync(descriptor, there, 0, there.length, offset));
  return count === bytes.length && there.equals(bytes);
}

function crossesPage({ offset, after }: Edit): boolean {
  return Math.floor(offset / pageSize) !== Math.floor((offset + after.length - 1) / pageSize);
}
