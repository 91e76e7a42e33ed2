import { expect, test } from "vitest";
import type { InspectedLoad, InspectedObject } from "../../../src/inspect/model.ts";
import { treeLines } from "../../../src/report/inspection-tree.ts";

const object = (name: string, path: string, neededBy?: string): InspectedObject => ({
  name,
  path,
  soname: undefined,
  neededBy,
  isAdded: false,
  provenance: { kind: "absolute" },
});

test("an object that is needed by another one at its own path stands there once", () => {
  const load: InspectedLoad = {
    view: "as-it-is",
    interpreter: "/l/ld.so",
    cLibrary: "glibc",
    runPathTag: undefined,
    runPath: [],
    objects: [object("tool", "/tool"), object("libc.so", "/l/ld.so", "/tool"), object("ld.so", "/l/ld.so", "/l/ld.so")],
    missing: [],
    opened: [],
  };
  const lines = treeLines(load, [], { surface: "cli", shownRoots: [] });
  expect(lines.map(({ branch, name }) => `${branch}${name}`)).toEqual(["└─ libc.so", "   └─ ld.so"]);
});
