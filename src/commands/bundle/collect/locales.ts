// Compiled locales among what a bundle has: glibc looks for them by absolute paths, and where two variables say.

import { baseName, directoryOf } from "../../../base/path.ts";

/** All paths are those of before. */
export interface Locales {
  /** Directories that have a directory for each locale, as localedef makes it. For LOCPATH. */
  readonly directories: readonly string[];
  /** An archive of locales. For LOCALE_ARCHIVE, which nixpkgs' glibc knows. */
  readonly archive: string | undefined;
}

/** Those among `files`. Source: glibc locale/findlocale.c _nl_find_locale; locale/loadarchive.c; locale(7). */
export function localesAmong(files: readonly string[]): Locales {
  const compiled = files.filter((path) => baseName(path) === "LC_CTYPE").map((path) => directoryOf(directoryOf(path)));
  return {
    directories: [...new Set(compiled)],
    archive: files.find((path) => baseName(path) === "locale-archive"),
  };
}
