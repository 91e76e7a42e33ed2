// What decides how a file is written: where it stands, and never synced, or as a copy.

import { isInside } from "../base/path.ts";
import type { Candidate } from "../files/discovery.ts";
import type { InPlaceFileRequest } from "../patch/in-place/plan-file.ts";
import type { WrapRequest } from "./wrap-request.ts";

/**
 * What a plan to write the candidate, in one form or the other, says of its names and its place. A file of the store that
 * is not in the output of the build that this is run by may be in use, and may have what a write takes away (file
 * capabilities).
 */
export function writtenFile(
  { path, names, linkCount }: Candidate,
  { outputsIn }: Pick<WrapRequest, "outputsIn">,
): Pick<InPlaceFileRequest, "path" | "names" | "hasOtherNames" | "isBuildOutput"> {
  return {
    path,
    names: [path, ...names.filter((name) => name !== path)],
    hasOtherNames: linkCount > names.length,
    isBuildOutput: outputsIn !== undefined && isInside(path, outputsIn),
  };
}
