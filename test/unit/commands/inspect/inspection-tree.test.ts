import { expect, test } from "vitest";
import { treeLines } from "../../../../src/commands/inspect/inspection-tree.ts";
import type { InspectedLoad, InspectedObject } from "../../../../src/planning/what-loads/inspected-load-facts.ts";

const object = (name: string, path: string, neededBy?: string): InspectedObject => ({
  name,
  path,
  soname: undefined,
  neededBy,
  isAdded: false,
  provenance: { kind: "absolute" },
});

const loadOf = (...objects: readonly InspectedObject[]): InspectedLoad => ({
  view: "as-it-is",
  interpreter: "/l/ld.so",
  cLibrary: "glibc",
  runPathTag: undefined,
  runPath: [],
  objects,
  missing: [],
  opened: [],
});

const context = { surface: "cli", shownRoots: [] } as const;

test("an object that is needed by another one at its own path stands there once", () => {
  const load = loadOf(
    object("tool", "/tool"),
    object("libc.so", "/l/ld.so", "/tool"),
    object("ld.so", "/l/ld.so", "/l/ld.so"),
  );
  const lines = treeLines(load, [], context);
  expect(lines.map(({ branch, name }) => `${branch}${name}`)).toEqual(["└─ libc.so", "   └─ ld.so"]);
});

test("versions are shown without the control characters that a file may have in their names", () => {
  const load = loadOf(object("tool", "/tool"), object("libc.so", "/l/libc.so", "/tool"));
  const gap = {
    kind: "missing-version",
    severity: "error",
    executable: "/tool",
    neededBy: "/tool",
    library: "libc.so",
    libraryPath: "/l/libc.so",
    version: "A\u001b[2K",
    newestProvided: "B\n",
  } as const;
  const [line] = treeLines(load, [gap], context).filter(({ how }) => how === "not provided");
  expect(line).toMatchObject({ name: "A\\x1b[2K of libc.so", where: "it has up to B\\n" });
});
