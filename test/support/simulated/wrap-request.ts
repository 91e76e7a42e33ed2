// A request with every field, for tests that care about a few of them.

import { type WrapRequest, wrapDefaults } from "../../../src/planning/wrap-request.ts";

/**
 * Wraps `paths` with no libraries, no interpreter and no pins, except for what `changes` says; in a build, where that
 * names a store.
 */
export function wrapRequestOf(paths: readonly string[], changes: Partial<WrapRequest> = {}): WrapRequest {
  const { storeDirectory } = changes;
  const inBuild = storeDirectory === undefined ? {} : { outputsIn: storeDirectory };
  return { ...wrapDefaults, ...inBuild, pin: "never", paths, ...changes };
}
