import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  linkedPaths,
  missingRoots,
  removeRoots,
  rootsDirectoryOf,
} from "../../../src/planning/gc-roots/roots-directory.ts";
import { storePathsOf } from "../../../src/planning/gc-roots/store-paths.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const name = "0123456789abcdfghijklmnpqrsvwxyz-zlib-1.3";
const zlib = `/nix/store/${name}`;

/** A tree's directory of roots, with that link in it. */
function makeRoots(): { readonly top: string; readonly directory: string } {
  const top = temporaryDirectory();
  const directory = rootsDirectoryOf(join(top, "tree"), undefined);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(top, ".wrap-buddy/.gitignore"), "*\n");
  symlinkSync(zlib, join(directory, name));
  return { top, directory };
}

test("store paths are those that the references lie in, each once", () => {
  const references = [`${zlib}/lib`, `${zlib}/lib/libz.so.1`, "$ORIGIN/../lib", "/usr/lib", "/nix/store/x", "", zlib];
  expect(storePathsOf(references, "/nix/store")).toEqual([zlib]);
});

test("a store elsewhere has store paths too", () => {
  expect(storePathsOf([`/data/store/${name}/lib`, zlib], "/data/store")).toEqual([`/data/store/${name}`]);
});

test("a link that Nix does not know is no root", () => {
  const { top, directory } = makeRoots();
  expect(missingRoots(directory, [zlib], undefined)).toEqual([]);
  expect(missingRoots(directory, [zlib], join(top, "absent"))).toEqual([]);
  const auto = join(top, "state/gcroots/auto");
  mkdirSync(auto, { recursive: true });
  expect(missingRoots(directory, [zlib], join(top, "state"))).toEqual([zlib]);
  symlinkSync(join(directory, name), join(auto, "anything"));
  expect(missingRoots(directory, [zlib], join(top, "state"))).toEqual([]);
});

test("trees of one name have directories of their own in a directory that is given", () => {
  const directories = ["/a/node_modules", "/b/node_modules"].map((tree) => rootsDirectoryOf(tree, "/roots"));
  expect(new Set(directories).size).toBe(2);
});

test("removing roots leaves nothing behind", () => {
  const { top, directory } = makeRoots();
  expect(removeRoots(directory)).toEqual([zlib]);
  expect(readdirSync(top)).toEqual([]);
});

test("what else lies there stays", () => {
  const { top, directory } = makeRoots();
  writeFileSync(join(directory, "note"), "");
  mkdirSync(join(top, ".wrap-buddy/other"));
  removeRoots(directory);
  expect([readdirSync(directory), linkedPaths(directory), readdirSync(join(top, ".wrap-buddy")).sort()]).toEqual([
    ["note"],
    [],
    [".gitignore", "other", "tree"],
  ]);
});
