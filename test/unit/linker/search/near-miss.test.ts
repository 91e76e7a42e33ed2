import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLibraryIndex } from "../../../../src/linker/search/library-index.ts";
import { nearMissesOf } from "../../../../src/linker/search/near-miss.ts";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

function nearMisses(name: string, ...there: readonly string[]): readonly string[] {
  for (const file of there) tree.text(`lib/${file}`, "");
  return nearMissesOf(name, [[tree.at("lib"), tree.at("nowhere")], []], createLibraryIndex());
}

describe("nearMissesOf", () => {
  test("finds other versions of the same library", () => {
    expect(nearMisses("libssl.so.1.1", "libssl.so", "libssl.so.3", "libssl3.so", "libcrypto.so.3")).toEqual([
      "libssl.so",
      "libssl.so.3",
    ]);
  });

  test("finds a version in front of the suffix, and other letter case", () => {
    expect(nearMisses("libFoo.so.2", "libfoo-2.1.so", "libFoobar.so")).toEqual(["libfoo-2.1.so"]);
  });

  test("finds at most five", () => {
    expect(nearMisses("liba.so.9", ...[1, 2, 3, 4, 5, 6, 7].map((version) => `liba.so.${version}`))).toHaveLength(5);
  });

  test("does not count the missing name itself", () => {
    expect(nearMisses("liba.so.1", ...[1, 2, 3, 4, 5, 6, 7].map((version) => `liba.so.${version}`))).toHaveLength(5);
  });

  test("reads the directories of a list once in a run, however much is missing", () => {
    tree.text("lib/libssl.so.3", "");
    const index = createLibraryIndex();
    const listed: string[] = [];
    const counting = {
      ...index,
      list: (directory: string) => {
        listed.push(directory);
        return index.list(directory);
      },
    };
    const lists = [[tree.at("lib")]];
    expect(["libssl.so.1", "libssl.so.2"].map((name) => nearMissesOf(name, lists, counting))).toEqual([
      ["libssl.so.3"],
      ["libssl.so.3"],
    ]);
    expect(listed).toEqual([tree.at("lib")]);
  });

  test("finds nothing for a name that is no library's", () => {
    expect(nearMisses("plugin", "plugin2")).toEqual([]);
  });
});
