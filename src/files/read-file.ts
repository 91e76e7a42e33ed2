// One file of a run, open for as long as it is looked at, with what can go wrong as a value.

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { systemPath } from "../base/path.ts";
import { errorCode } from "../base/system-error.ts";
import type { ByteSource, ElfFile } from "../elf/elf-file.ts";
import { type ElfDefect, ElfError } from "../elf/error.ts";
import { parseElf } from "../elf/parse-elf.ts";
import { fileSource } from "../elf/source.ts";

export type FileReading<Result> =
  | { readonly kind: "read"; readonly result: Result }
  | { readonly kind: "damaged"; readonly defect: ElfDefect }
  /** `code` names the system call's error. */
  | { readonly kind: "unreadable"; readonly code: string };

/** A system call on the file itself that failed; one that fails elsewhere while it is open says nothing of the file. */
class ReadFailure extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`cannot read: ${code}`);
    this.name = "ReadFailure";
    this.code = code;
  }
}

/** A file that is open only while it is used. */
export interface ReadableFile {
  /**
   * Hands the parsed file to `use`. What has been read of it is kept: a second use reads only what is new, and the file
   * is not even opened where there is nothing new.
   */
  readonly use: <Result>(use: (elf: ElfFile) => Result) => FileReading<Result>;
  /** The same with its bytes, for what may be too damaged to be parsed. */
  readonly useBytes: <Result>(use: (source: ByteSource) => Result) => FileReading<Result>;
  /** Lets go of what has been read. From now on each use reads again what it needs. */
  readonly forget: () => void;
}

/** The file at `path`; `size`, where it is known, saves asking for it. */
export function readableFile(path: string, size?: number): ReadableFile {
  let descriptor: number | undefined;
  let bytes: ByteSource | undefined;
  let elf: ElfFile | undefined;
  const open = (): number => {
    descriptor ??= openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    return descriptor;
  };
  const sizeNow = (): number => attempt(() => fstatSync(open()).size);
  let isKept = true;
  const forget = (): void => {
    elf = undefined;
    bytes = undefined;
  };
  const useBytes: ReadableFile["useBytes"] = (use) => {
    try {
      bytes ??= guarded(fileSource(open, size ?? sizeNow()));
      return { kind: "read", result: use(bytes) };
    } catch (error) {
      if (error instanceof ElfError) return { kind: "damaged", defect: error.defect };
      if (error instanceof ReadFailure) return { kind: "unreadable", code: error.code };
      throw error;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      if (!isKept) forget();
    }
  };
  return {
    use: (use) =>
      useBytes((source) => {
        elf ??= parseElf(source);
        return use(elf);
      }),
    useBytes,
    forget() {
      isKept = false;
      forget();
    },
  };
}

/** Parses the file at `path` and hands it to `use`, which must not keep it: the file is closed afterwards. */
export function readElfFile<Result>(path: string, use: (elf: ElfFile) => Result): FileReading<Result> {
  return readableFile(path).use(use);
}

function guarded(source: ByteSource): ByteSource {
  return {
    size: source.size,
    read: (offset, length, what) => attempt(() => source.read(offset, length, what)),
  };
}

function attempt<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const code = errorCode(error);
    throw code === undefined ? error : new ReadFailure(code);
  }
}
