import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { architectures } from "../../../../src/patch/architecture/architectures.ts";
import { recipeFor } from "../../../../src/patch/sidecar/recipe.ts";

/** What comes out for an executable at `path` in the store, on the first architecture. */
function recipeAt(path: string) {
  const [architecture] = architectures;
  if (architecture === undefined) throw new Error("no architecture");
  return recipeFor({ path, names: [path], relocatable: false, storeDirectory: "/store" }, architecture, 0n);
}

/** An absolute path of `size` bytes with a short last name; a letter of its folder's has two bytes. */
function pathOf(size: number): string {
  const ends = "/store/ä/tool";
  return `/store/ä${"a".repeat(size - Buffer.byteLength(ends))}/tool`;
}

describe("recipeFor", () => {
  // ".tool.wrapbuddy~" is 12 bytes longer than "tool".
  it("takes an executable when the longest path beside it is as long as a path can be", () => {
    expect(recipeAt(pathOf(4095 - 12))).toMatchObject({ naming: "absolute" });
  });

  it("refuses an executable when a path beside it is longer than a system call takes", () => {
    const path = pathOf(4095 - 11);
    expect(recipeAt(path)).toEqual({ issue: { kind: "sidecar-name-too-long", path, size: 4096, limit: 4095 } });
  });

  it("takes an executable when the longest name beside it is as long as a name can be", () => {
    expect(recipeAt(`/store/${"a".repeat(255 - 12)}`)).toMatchObject({ naming: "absolute" });
  });

  it("refuses an executable when a name beside it is longer than a directory takes", () => {
    const path = `/store/${"a".repeat(255 - 11)}`;
    expect(recipeAt(path)).toEqual({ issue: { kind: "sidecar-name-too-long", path, size: 256, limit: 255 } });
  });
});
