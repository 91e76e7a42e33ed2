// Dynamic linkers that executables can be given, and which of them fits a file.

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { baseName, isInside, systemPath } from "../../base/path.ts";
import { requireErrorCode } from "../../base/system-error.ts";
import { ET_DYN } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { ElfError } from "../../elf/error.ts";
import { unlessDamaged } from "../../elf/optional-parts.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { bufferSource, fileSource } from "../../elf/source.ts";
import { readObjectFacts } from "../load/object-facts.ts";
import { glibcDefaultDirectories, libDirectoryName, muslDefaultDirectories } from "./default-directories.ts";
import { isLinuxAbi } from "./identity.ts";
import type { CLibrary, Interpreter, InterpreterProblem } from "./interpreter.ts";
import { madeForBy } from "./made-for.ts";

/**
 * AT_PLATFORM where it is the same on every processor of the machine. Source: Linux, ELF_PLATFORM of arch/x86,
 * arch/arm64.
 */
const platforms = new Map([
  [3, "i686"],
  [62, "x86_64"],
  [183, "aarch64"],
]);

export type LoadedInterpreter =
  | { readonly kind: "loaded"; readonly interpreter: Interpreter }
  | { readonly kind: "bad-interpreter"; readonly path: string; readonly problem: InterpreterProblem };

/** More bytes than any dynamic linker has: an executable may name anything. */
const largestLinker = 1 << 26;

/**
 * Reads the dynamic linker at `path`, all of it into memory. Of an interpreter in the store only default directories in
 * the store count: what /usr/lib of the machine that builds has says nothing of the one that runs. /etc/ld.so.cache
 * is never read, for the same reason.
 */
export function loadInterpreter(path: string, storeDirectory = "/nix/store"): LoadedInterpreter {
  const bad = (problem: InterpreterProblem): LoadedInterpreter => ({ kind: "bad-interpreter", path, problem });
  const bytes = readLinker(path);
  if (typeof bytes === "string") return bad(bytes);
  try {
    const elf = parseElf(bufferSource(bytes));
    const cLibrary = cLibraryOfLinker(elf, path);
    if (cLibrary === undefined) return bad("not-a-dynamic-linker");
    const facts = readObjectFacts(elf);
    const searched = cLibrary === "glibc" ? glibcDefaultDirectories(elf, path) : muslDefaultDirectories(path);
    const isInStore = isInside(path, storeDirectory);
    return {
      kind: "loaded",
      interpreter: {
        path,
        elf,
        cLibrary,
        soname: facts.soname,
        defaultDirectories: searched.filter((directory) => !isInStore || isInside(directory, storeDirectory)),
        libDirectoryName: libDirectoryName(searched),
        platform: platforms.get(elf.header.machine),
        facts,
      },
    };
  } catch (error) {
    if (error instanceof ElfError) return bad(error.defect.kind === "not-elf" ? "not-elf" : "damaged");
    throw error;
  }
}

function readLinker(path: string): Uint8Array | InterpreterProblem {
  let descriptor: number | undefined;
  try {
    // A FIFO must not make the run wait for a writer.
    descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size > largestLinker) return "not-a-dynamic-linker";
    return fileSource(descriptor, status.size).read(0, status.size);
  } catch (error) {
    // It became shorter meanwhile.
    if (error instanceof ElfError) return "damaged";
    const code = requireErrorCode(error);
    return code === "ENOENT" || code === "ENOTDIR" ? "no-such-file" : "unreadable";
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The C library that a file at `path` is the dynamic linker of; undefined when it is none. Debuggers find their
 * libraries through `_r_debug` (glibc) or `_dl_debug_addr` (musl), so every linker exports one of them; libc.so.6
 * exports neither. A linker that hides them, or whose symbol tables are damaged, has its file's name, and DT_SONAME.
 */
function cLibraryOfLinker(elf: ElfFile, path: string): CLibrary | undefined {
  if (elf.header.type !== ET_DYN || elf.dynamic() === undefined) return undefined;
  const has = (symbol: string): boolean => unlessDamaged(() => elf.dynamicSymbol(symbol) !== undefined, false);
  if (has("_dl_debug_addr")) return "musl";
  if (has("_r_debug")) return "glibc";
  // What stands at a linker's path without a name of its own is a stand-in: NixOS's stub-ld, nix-ld.
  if (elf.dynamic()?.soname === undefined) return undefined;
  const name = baseName(path);
  if (/^ld-musl-.*\.so/.test(name)) return "musl";
  return /^ld(?:64|-linux.*)?\.so\.\d+$/.test(name) ? "glibc" : undefined;
}

/**
 * The first of `interpreters` of the file's machine, class, byte order and C library; where nothing says which C
 * library that is, glibc's comes before musl's.
 */
export function chooseInterpreter(elf: ElfFile, interpreters: readonly Interpreter[]): Interpreter | undefined {
  const made = madeForBy(elf);
  const fitting = interpreters.filter((interpreter) => fitsInterpreter(elf, interpreter));
  const first = fitting.find(({ cLibrary }) => cLibrary === (made ?? "glibc"));
  return first ?? (made === undefined ? fitting[0] : undefined);
}

/** Whether an interpreter can load the file: it has its machine, class and byte order, and both are for Linux. */
export function fitsInterpreter({ header }: ElfFile, interpreter: Interpreter): boolean {
  const { machine, elfClass, byteOrder } = interpreter.elf.header;
  return (
    isLinuxAbi(header.osAbi) &&
    header.machine === machine &&
    header.elfClass === elfClass &&
    header.byteOrder === byteOrder
  );
}
