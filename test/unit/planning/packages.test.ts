import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LibraryMode } from "../../../src/linker/solve/library-settings.ts";
import type { PackageOf } from "../../../src/linker/solve/resolve-context.ts";
import { packagesOf } from "../../../src/planning/packages.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";

let tree: LibraryTree;
beforeEach(() => {
  tree = createLibraryTree();
});
afterEach(() => tree.remove());

function sameAs(executable: string, file: string, ...roots: readonly string[]): boolean {
  const packageOf = packagesWith(executable, "auto", roots);
  return packageOf(tree.at(file)) === packageOf(tree.at(executable));
}

function packagesWith(executable: string, libraries: LibraryMode, roots: readonly string[]): PackageOf {
  return packagesOf({ directories: roots.map(tree.at), executables: [tree.at(executable)], libraries });
}

describe("of a directory that holds nothing but directories", () => {
  test("each is a package", () => {
    for (const file of ["all/one/bin/tool", "all/one/lib/a.so", "all/two/lib/b.so"]) tree.text(file, "");
    expect(sameAs("all/one/bin/tool", "all/one/lib/a.so", "all")).toBe(true);
    expect(sameAs("all/one/bin/tool", "all/two/lib/b.so", "all")).toBe(false);
  });

  test("so is one without executables, and it may be anyone's where nothing but carrying is wanted", () => {
    for (const file of ["all/one/tool", "all/two/b.so"]) tree.text(file, "");
    expect(packagesWith("all/one/tool", "auto", ["all"])(tree.at("all/two/b.so"))).toBe(tree.at("all/two"));
    expect(packagesWith("all/one/tool", "carry", ["all"])(tree.at("all/two/b.so"))).toBeUndefined();
  });

  test("a file outside is in none, also where another directory is a package as a whole", () => {
    for (const file of ["all/one/tool", "out/bin/tool", "libs/c.so"]) tree.text(file, "");
    const packageOf = packagesWith("out/bin/tool", "auto", ["all", "out"]);
    expect(packageOf(tree.at("libs/c.so"))).toBeUndefined();
    expect(packageOf(tree.at("out/lib/d.so"))).toBe(packageOf(tree.at("out/bin/tool")));
  });

  test("a path with .. is where it leads", () => {
    for (const file of ["all/one/bin/tool", "all/two/lib/b.so"]) tree.text(file, "");
    expect(sameAs("all/one/bin/tool", "all/two/x/../../one/lib/a.so", "all")).toBe(true);
  });
});

describe("all that is named is one package", () => {
  test.each(["bin", "lib", "usr", "opt", "share"])("where a directory of it is called %s", (name) => {
    for (const file of [`out/${name}/tool`, "out/other/b.so"]) tree.text(file, "");
    expect(sameAs(`out/${name}/tool`, "out/other/b.so", "out")).toBe(true);
  });

  test("where a file stands beside the directories", () => {
    for (const file of ["out/README", "out/one/tool", "out/two/b.so"]) tree.text(file, "");
    expect(sameAs("out/one/tool", "out/two/b.so", "out")).toBe(true);
  });

  test("where a part of a program is named, such as its lib", () => {
    for (const file of ["app/bin/tool", "app/lib/plugins/b.so"]) tree.text(file, "");
    expect(sameAs("app/bin/tool", "app/lib/plugins/b.so", "app/bin", "app/lib")).toBe(true);
  });
});
