// Where relative paths begin.

import { readlinkSync } from "node:fs";
import { textOfBytes } from "../../base/text.ts";

/**
 * The working directory, absolute and without symlinks. Node replaces bytes that are not UTF-8 by U+FFFD, and nothing
 * could be found below such a path; the kernel still has them. Throws the system's error where the directory is gone.
 */
export function workingDirectory(): string {
  const directory = process.cwd();
  if (!directory.includes("\ufffd")) return directory;
  try {
    return textOfBytes(readlinkSync("/proc/self/cwd", { encoding: "buffer" }));
  } catch {
    return directory;
  }
}
