// Directories that may be searched and not listed (mode 0311). Whoever asks for a name is told that it may be there.

import { chmodSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleForNobody } from "../../../support/roots/as-nobody.ts";
import { createLibraryTree, type LibraryTree } from "../../../support/simulated/library-tree.ts";

/** Of so many directories each third has liba.so, each fourth cannot be listed, and the last one cannot be searched. */
const counts = [4, 8, 9, 25] as const;
const has = (number: number): boolean => number % 3 === 1;
const isUnlistable = (number: number): boolean => number % 4 === 2;
const name = (count: number, number: number): string => `of-${count}/d${number}`;

let tree: LibraryTree;
let ask: (...words: readonly string[]) => unknown;

beforeAll(async () => {
  tree = createLibraryTree();
  for (const count of counts) {
    for (let number = 0; number < count; number++) {
      const directory = tree.directory(name(count, number));
      if (has(number)) tree.library(`${name(count, number)}/liba.so`);
      if (isUnlistable(number)) chmodSync(directory, 0o311);
    }
    chmodSync(tree.at(name(count, count - 1)), 0);
  }
  ask = await bundleForNobody(
    tree.root,
    `import { createDirectoryList } from "./src/linker/search/directory-list.ts";
     import { createLibraryIndex } from "./src/linker/search/library-index.ts";
     const [wanted, ...directories] = process.argv.slice(2);
     const index = createLibraryIndex();
     const held = createDirectoryList(index, directories).having(wanted);
     console.log(JSON.stringify(held.map(({ number, path }) => [number, index.open(path).kind])));`,
  );
});
afterAll(() => {
  for (const count of counts) {
    for (let number = 0; number < count; number++) chmodSync(tree.at(name(count, number)), 0o755);
  }
  tree.remove();
});

describe.each(counts)("of %i directories", (count) => {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const last = count - 1;
  const directories = () => numbers.map((number) => tree.at(name(count, number)));

  test("those that cannot be listed are tried for every name, in their order", () => {
    const tried = numbers.filter((number) => has(number) || isUnlistable(number) || number === last);
    expect(ask("liba.so", ...directories())).toEqual(
      tried.map((number) => [number, number === last ? "unreadable" : has(number) ? "elf" : "absent"]),
    );
  });

  test("only those are tried for a name that none has", () => {
    const tried = numbers.filter((number) => isUnlistable(number) || number === last);
    expect(ask("libb.so", ...directories())).toEqual(
      tried.map((number) => [number, number === last ? "unreadable" : "absent"]),
    );
  });
});
