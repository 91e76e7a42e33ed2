import { afterEach, beforeEach, expect, test } from "vitest";
import { createDirectoryList } from "../../../../src/linker/search/directory-list.ts";
import { createLibraryIndex } from "../../../../src/linker/search/library-index.ts";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

/** So many directories, each third of which has a liba.so. */
function directoriesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => {
    const name = `d${count - number}`;
    if (number % 3 === 1) tree.library(`${name}/liba.so`);
    return tree.directory(name);
  });
}

test.each([3, 8, 9, 40])("of %i directories those that have a name are given in their order", (count) => {
  const directories = directoriesOf(count);
  const index = createLibraryIndex();
  // What was listed before this list asks is no part of it.
  tree.library("elsewhere/liba.so");
  index.has(tree.at("elsewhere"), "liba.so");
  const list = createDirectoryList(index, directories);
  const wanted = directories.flatMap((directory, number) =>
    number % 3 === 1 ? [{ number, directory, path: `${directory}/liba.so` }] : [],
  );
  expect(list.having("liba.so")).toEqual(wanted);
  expect(list.having("libb.so")).toEqual([]);
  expect(list.having("liba.so")).toBe(list.having("liba.so"));
});
