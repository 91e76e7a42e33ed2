// Words for what wrapping puts into a program, and for why a library is loaded from where it is.

import type { InspectedProvenance } from "../linker/load/provenance.ts";

/** Why a file was replaced by a copy of itself. */
export const whyCopied = "its other names, outside the given paths, stay as they are";

/** The names of the two tags that hold a run path. */
export const tagNames = { runpath: "DT_RUNPATH", rpath: "DT_RPATH" } as const;

/** Why ld.so finds an object where it finds it: "DT_RUNPATH of bin/tool"; `show` words the path of that object. */
export function describeProvenance(provenance: InspectedProvenance, show: (path: string) => string): string {
  switch (provenance.kind) {
    case "executable":
      return "the executable";
    case "interpreter":
      return "the interpreter";
    case "absolute":
      return "absolute path";
    case "pinned":
      return "pinned";
    case "rpath":
    case "runpath":
      return `${tagNames[provenance.kind]} of ${show(provenance.by)}`;
    case "default":
      return "default directory";
    default:
      return provenance satisfies never;
  }
}
