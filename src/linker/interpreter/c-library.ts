// Which libraries belong to the interpreter: they and it are one build, and no other copy will do.

import { directoryOf } from "../../base/path.ts";
import type { LibraryIndex } from "../search/library-index.ts";
import type { Interpreter } from "./interpreter.ts";

interface Surroundings {
  readonly index: LibraryIndex;
  readonly interpreter: Interpreter;
}

/** Sonames of glibc's own libraries. Source: glibc shlib-versions; the nss modules that come with it. */
const glibcFamily =
  /^(?:ld-linux.*|ld64|ld|libc|libm|libmvec|libpthread|libdl|librt|libresolv|libutil|libanl|libnsl|libcrypt_glibc|libBrokenLocale|libthread_db|libc_malloc_debug|libmemusage|libpcprofile|libnss_(?:files|dns|compat|db|hesiod|nis|nisplus))\.so\.\d+$/;

/** musl's one file under the names that it goes by. */
const muslFamily = /^(?:ld-musl-.*\.so\.1|libc\.so|libc\.musl-.*\.so\.1)$/;

/** Whether a library of this name is part of the C library, so that a copy in a bundle must not be loaded. */
export function isCLibraryName(name: string): boolean {
  return glibcFamily.test(name) || muslFamily.test(name);
}

/** The interpreter's directories, best first: where it stands, where that leads to, and what it searches by itself. */
export function interpreterDirectories({ index, interpreter }: Surroundings): readonly string[] {
  const real = index.realPath(interpreter.path);
  return [...new Set([directoryOf(interpreter.path), directoryOf(real), ...interpreter.defaultDirectories])];
}

/** The directory of the interpreter's own C library. */
export function cLibraryDirectory(surroundings: Surroundings): string {
  const directories = interpreterDirectories(surroundings);
  const library = directories.find((directory) => surroundings.index.has(directory, "libc.so.6"));
  return library ?? directoryOf(surroundings.interpreter.path);
}
