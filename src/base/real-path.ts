// Where a path leads, as the file system says.

import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { systemPath } from "./path.ts";
import { unlessRefused } from "./system-error.ts";
import { textOfBytes } from "./text.ts";

/** `path` with all symbolic links resolved; undefined where it leads nowhere, or nobody may look. */
export function realPathOf(path: string): string | undefined {
  return unlessRefused(() => textOfBytes(realpathSync.native(systemPath(path), "buffer")), undefined);
}

/**
 * `path` as the kernel finds it from `directory`, absolute: a ".." after a symbolic link leads out of the directory where
 * the link leads. What is not there is resolved as text. Source: path_resolution(7).
 */
export function absolutePath(directory: string, path: string): string {
  const parts = path.split("/");
  const last = parts.lastIndexOf("..");
  const isPlain = last === -1 || parts.slice(0, last).every((part) => part === "" || part === "." || part === "..");
  const upwards = parts.slice(0, last + 1).join("/");
  const real = isPlain ? undefined : realPathOf(path.startsWith("/") ? upwards : `${directory}/${upwards}`);
  return real === undefined ? resolve(directory, path) : resolve(real, parts.slice(last + 1).join("/"));
}
