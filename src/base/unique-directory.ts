// A directory that nobody else uses.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { systemPath } from "./path.ts";

/**
 * Makes a directory for this user alone, of the prefix and six more characters; returns its path. Node's mkdtemp takes no
 * path that is not UTF-8. Throws the system's error.
 */
export function makeUniqueDirectory(prefix: string): string {
  const path = prefix + randomBytes(3).toString("hex");
  mkdirSync(systemPath(path), 0o700);
  return path;
}
