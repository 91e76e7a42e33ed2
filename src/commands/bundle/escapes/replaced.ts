// Paths that files name and their copies in the bundle do not.

import { readElfFile } from "../../../files/read-file.ts";
import type { Collection } from "../collect/collect.ts";

/** What an executable or a library names, and the bundle's wrapping replaces. */
export function replacedBy({
  executables,
  libraries,
  wrappers,
  moduleLists,
}: Collection): (path: string) => readonly string[] | "all" {
  const changed = new Set([...executables, ...libraries].map(({ path }) => path));
  return (path) => {
    if (wrappers.has(path) || moduleLists.has(path)) return "all";
    if (!changed.has(path)) return [];
    const reading = readElfFile(path, (elf) => {
      const dynamic = elf.dynamic();
      const entries = (dynamic?.runpath ?? dynamic?.rpath ?? "").split(":");
      return [elf.interpreter() ?? "", ...entries];
    });
    return reading.kind === "read" ? reading.result : [];
  };
}
