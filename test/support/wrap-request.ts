// A request with every field, for tests that care about a few of them.

import { type WrapRequest, wrapDefaults } from "../../src/planning/wrap-request.ts";

/** Wraps `paths` with no libraries, no interpreter and no pins, except for what `changes` says. */
export function wrapRequestOf(paths: readonly string[], changes: Partial<WrapRequest> = {}): WrapRequest {
  return { ...wrapDefaults, pin: "never", paths, ...changes };
}
