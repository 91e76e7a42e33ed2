// Why a file is left alone, in words.

import type { SkipReason } from "../../files/kind/skip-reason.ts";
import { escapeControls, type Surface } from "../context.ts";
import { showSetting } from "../settings.ts";

interface SkipReasonText {
  /** In the summary: "3 static, 2 shared libraries" */
  readonly one: string;
  readonly many: string;
  /** After a file's name: "is a shared library, …" */
  readonly sentence: string;
  /** What the reader of an error about it can do. */
  readonly help?: (surface: Surface) => string;
}

const giveInterpreter = (surface: Surface): string =>
  `give a dynamic linker for it with ${showSetting("interpreter", surface)}`;
const nothingToDo = (): string => "it needs no wrapping: leave it out";

const reasons: { readonly [Reason in SkipReason]: SkipReasonText } = {
  "not-elf": {
    one: "not ELF",
    many: "not ELF",
    sentence: "is not an ELF file",
    help: () => "name the executable for Linux itself, not a script that starts it or an archive that it is in",
  },
  damaged: { one: "damaged", many: "damaged", sentence: "is damaged" },
  empty: {
    one: "empty",
    many: "empty",
    sentence: "is empty",
    help: () => "fetch or build it again: what was to write it has written nothing",
  },
  "shared-library": {
    one: "shared library",
    many: "shared libraries",
    sentence: "is a shared library that is left as it is",
    help: (surface) =>
      `leave it out: it finds what it needs, or what is done for libraries (${showSetting("libraryMode", surface)}) is nothing here`,
  },
  "object-file": {
    one: "object file",
    many: "object files",
    sentence: "is an object file: only an executable can be wrapped",
  },
  "core-file": { one: "core file", many: "core files", sentence: "is a core dump: only an executable can be wrapped" },
  "debug-file": {
    one: "debug file",
    many: "debug files",
    sentence: "holds separate debug information and no code: only an executable can be wrapped",
  },
  static: { one: "static", many: "static", sentence: "is statically linked and starts as it is", help: nothingToDo },
  "static-pie": {
    one: "static PIE",
    many: "static PIE",
    sentence: "is statically linked (static-pie) and starts as it is",
    help: nothingToDo,
  },
  "upx-packed": {
    one: "UPX-packed",
    many: "UPX-packed",
    sentence: "is packed with UPX: what has to be wrapped is inside",
    help: () => "unpack it first with upx -d",
  },
  appimage: {
    one: "AppImage",
    many: "AppImages",
    sentence: "is an AppImage: what has to be wrapped is inside",
    help: () => "unpack it with appimageTools.extract, or run it with appimageTools.wrapType2",
  },
  "go-static": {
    one: "static Go",
    many: "static Go",
    sentence: "is a statically linked Go program and starts as it is",
    help: nothingToDo,
  },
  "other-machine": {
    one: "for another machine",
    many: "for another machine",
    sentence: "is built for a machine that there is no stub for",
  },
  "other-os-abi": {
    one: "for another system",
    many: "for another system",
    sentence: "is built for another operating system than Linux",
  },
  "other-c-library": {
    one: "for another C library",
    many: "for another C library",
    sentence: "is built for another C library than glibc and musl",
    help: () => "it starts where its own dynamic linker is: leave it out",
  },
  x32: { one: "x32", many: "x32", sentence: "uses the x32 ABI, which is not supported" },
  "dynamic-without-interpreter": {
    one: "without an interpreter of its own",
    many: "without an interpreter of their own",
    sentence: "needs libraries and names no interpreter: most often it was wrapped, and its sidecar is gone",
    help: () => "restore the original executable, then wrap it again",
  },
  "no-interpreter-for-it": {
    one: "without an interpreter for it",
    many: "without an interpreter for them",
    sentence: "has no dynamic linker of its machine and class among those given",
    help: giveInterpreter,
  },
  "musl-without-interpreter": {
    one: "musl",
    many: "musl",
    sentence: "is linked against musl, and no musl dynamic linker was given: glibc's cannot start it",
    help: giveInterpreter,
  },
  excluded: { one: "excluded", many: "excluded", sentence: "matches an exclude pattern" },
  "not-executable": {
    one: "without an entry point",
    many: "without an entry point",
    sentence: "is no executable: it has no code to start at",
  },
  "no-execute-bit": {
    one: "without an execute bit",
    many: "without an execute bit",
    sentence: "has no execute bit, so that nobody can start it",
  },
  "special-file": {
    one: "special file",
    many: "special files",
    sentence: "is neither a regular file nor a directory",
    help: () => "name the executable itself; what only a FIFO gives has to be written to a file first",
  },
  unreadable: { one: "unreadable", many: "unreadable", sentence: "cannot be read" },
  "already-nix": {
    one: "already from Nix",
    many: "already from Nix",
    sentence: "names an interpreter in the Nix store already",
  },
};

/** "3 shared libraries", for the summary. */
export function countSkipped(reason: SkipReason, count: number): string {
  const { one, many } = reasons[reason];
  return `${count} ${count === 1 ? one : many}`;
}

/** "shared library", for a file's description. */
export function nameSkipReason(reason: SkipReason): string {
  return reasons[reason].one;
}

/** What follows the path: "is statically linked and starts as it is". */
export function describeSkipReason(reason: SkipReason, detail: string | undefined): string {
  const { sentence } = reasons[reason];
  return detail === undefined ? sentence : `${sentence} (${escapeControls(detail)})`;
}

/** What to do where a file had to be wrapped and is left alone for this reason; undefined where there is nothing. */
export function helpForSkipReason(reason: SkipReason, surface: Surface): string | undefined {
  return reasons[reason].help?.(surface);
}
