// How much is said: by -q and -v, or in a build by $NIX_DEBUG, whichever is more.

import type { Verbosity } from "../../report/render.ts";
import type { Environment } from "../machine/environment.ts";
import type { WrapValues } from "../wrap-words.ts";

/** The verbosity of a report. */
export function verbosityOf(
  values: Pick<WrapValues, "quiet" | "verbose">,
  environment: Pick<Environment, "debugLevel">,
): Verbosity {
  if (values.quiet) return -1;
  const level = Math.max(values.verbose, environment.debugLevel);
  return level >= 2 ? 2 : level === 1 ? 1 : 0;
}
