// Which files are written where they stand, and never synced.

import { isInside } from "../base/path.ts";
import type { WrapRequest } from "./wrap-request.ts";

/**
 * Whether the file at `path` lies in the output of the build that this is run by. A file of the store that is not may be
 * in use, and may have what a write takes away (file capabilities).
 */
export function isBuildOutput(path: string, { outputsIn }: Pick<WrapRequest, "outputsIn">): boolean {
  return outputsIn !== undefined && isInside(path, outputsIn);
}
