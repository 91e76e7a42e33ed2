// Programs of the machine that a bundle is made with.

import { errorCode } from "../../../base/system-error.ts";
import { describeErrorCode } from "../../../report/words.ts";

/** Why `program` could not be started, in words. */
export function whyNotStarted(program: string, error: Error): string {
  const code = errorCode(error);
  if (code === "ENOENT") return `${program} is not on PATH`;
  return `${program}: ${code === undefined ? error.message : describeErrorCode(code)}`;
}
