// Where a path leads, as the file system says.

import { realpathSync } from "node:fs";
import { systemPath } from "./path.ts";
import { unlessRefused } from "./system-error.ts";
import { textOfBytes } from "./text.ts";

/** `path` with all symbolic links resolved; undefined where it leads nowhere, or nobody may look. */
export function realPathOf(path: string): string | undefined {
  return unlessRefused(() => textOfBytes(realpathSync.native(systemPath(path), "buffer")), undefined);
}
