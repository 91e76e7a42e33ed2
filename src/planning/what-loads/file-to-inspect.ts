// A file whose load is looked at. A type only.

import type { SkipReason } from "../../files/kind/skip-reason.ts";

/** One ELF file to look at. */
export interface FileToInspect {
  readonly path: string;
  /** Why wrapping leaves it alone; undefined for an executable to wrap, and for a wrapped one. */
  readonly leftAlone: { readonly reason: SkipReason; readonly detail?: string } | undefined;
}
