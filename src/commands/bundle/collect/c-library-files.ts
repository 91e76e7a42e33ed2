// What a glibc opens by itself while a program runs, and no needed entry names.

import { readEntryNames } from "../../../base/directory-entries.ts";
import { directoryOf, joinPath } from "../../../base/path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { cLibraryDirectory } from "../../../linker/interpreter/c-library.ts";
import type { Interpreter } from "../../../linker/interpreter/interpreter.ts";
import type { LibraryIndex } from "../../../linker/search/library-index.ts";

/**
 * Name services, and what pthread_exit and pthread_cancel unwind with. Source: glibc nss/nss_module.c; glibc
 * sysdeps/nptl/libgcc_s.h LIBGCC_S_SO.
 */
const openedByName = /^(?:libnss_(?:files|dns|compat|db|hesiod)\.so\.\d+|libgcc_s\.so\.1)$/;

/** Files beside the C library that it opens. None for musl, which has all of that in itself. */
export function openedByCLibrary(interpreter: Interpreter, index: LibraryIndex): readonly string[] {
  if (interpreter.cLibrary !== "glibc") return [];
  const directory = cLibraryDirectory({ interpreter, index });
  return index
    .list(directory)
    .filter((name) => openedByName.test(name))
    .map((name) => joinPath(directory, name));
}

/** The directory of the modules by which iconv knows character sets; undefined where there is none. */
export function characterSetModules(interpreter: Interpreter, index: LibraryIndex): string | undefined {
  if (interpreter.cLibrary !== "glibc") return undefined;
  const directory = index.realPath(
    joinPath(directoryOf(joinPath(cLibraryDirectory({ interpreter, index }), "libc.so.6")), "gconv"),
  );
  const names = unlessRefused(() => readEntryNames(directory), []);
  return names.some((name) => name.startsWith("gconv-modules")) ? directory : undefined;
}
