// A directory that nobody else uses.

import { mkdirSync } from "node:fs";
import { loadBuiltin } from "./builtin.ts";
import { systemPath } from "./path.ts";

/**
 * Makes a directory for this user alone, of the prefix and six more characters; returns its path. Node's mkdtemp takes no
 * path that is not UTF-8. Throws the system's error.
 */
export function makeUniqueDirectory(prefix: string): string {
  const path = prefix + loadBuiltin("node:crypto").randomBytes(3).toString("hex");
  mkdirSync(systemPath(path), 0o700);
  return path;
}
