// Lists of plug-ins that a program reads instead of looking for them, with the path of each.

import { readFileSync } from "node:fs";
import { baseName, directoryOf, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import type { Layout } from "./layout.ts";

/** A list with bare names, and the directories in which the dynamic linker has to look for those. */
export interface ModuleList {
  readonly bytes: Uint8Array;
  readonly directories: readonly string[];
}

/**
 * The list at `path`, with the names of the plug-ins that are in the bundle instead of their paths. Undefined for any other
 * file. Source: gdk-pixbuf, gdk-pixbuf-io.c gdk_pixbuf_io_init_modules, which hands what stands there to dlopen.
 */
export function readModuleList(path: string, layout: Pick<Layout, "contains">): ModuleList | undefined {
  if (baseName(path) !== "loaders.cache") return undefined;
  const directories = new Set<string>();
  // A character for each byte: it is written as it was.
  const before = unlessRefused(() => readFileSync(systemPath(path), "latin1"), "");
  const text = before.replace(/^"(\/[^"\n]*)"$/gm, (line, module: string) => {
    const real = realPathOf(module);
    if (real === undefined || !layout.contains(real)) return line;
    directories.add(directoryOf(real));
    return `"${baseName(real)}"`;
  });
  // One that names no plug-in of the bundle, or cannot be read, is copied like any other file.
  return directories.size === 0 ? undefined : { bytes: Buffer.from(text, "latin1"), directories: [...directories] };
}
