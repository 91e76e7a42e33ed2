import { copyFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolve } from "../../../../src/linker/solve/resolve.ts";
import { createResolver } from "../../../../src/linker/solve/twins.ts";
import { readElf } from "../../../support/simulated/simulate.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

/** What a run says of both, the second after the first, and what is said of the second alone. */
function resolveBoth(first: string, second: string, changes: Parameters<SmallStore["context"]>[0] = {}) {
  const context = store.context(changes);
  const resolveInRun = createResolver();
  resolveInRun(readElf(first), first, context);
  return [resolveInRun(readElf(second), second, context), resolve(readElf(second), second, context)] as const;
}

test("a twin's libraries, run path, reasons and issues are its own", () => {
  store.library("bundle/lib/liba.so", { soname: "liba.so", needed: ["libgone.so"] });
  const first = store.executable("bundle/bin/first", {
    needed: ["liba.so", "libm.so.6", "libalso.so"],
    runpath: "$ORIGIN/../lib",
  });
  const second = store.at("bundle/bin/second");
  copyFileSync(first, second);
  for (const changes of [{}, { pin: true }, { relocatable: true }]) {
    const [got, wanted] = resolveBoth(first, second, changes);
    expect(got).toEqual(wanted);
    expect(JSON.stringify(got)).not.toContain("first");
    expect(got.issues).toMatchObject([
      { name: "libalso.so", executable: second, neededBy: second },
      { name: "libgone.so", executable: second, neededBy: `${store.at("bundle/bin")}/../lib/liba.so` },
    ]);
  }
});

test.each([
  ["in another directory", "bundle/second", {}],
  ["with another needed entry", "bundle/bin/second", { needed: ["libm.so.6"] }],
  ["with a run path", "bundle/bin/second", { runpath: "$ORIGIN" }],
  [
    "with another version",
    "bundle/bin/second",
    { versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.99" }] }] },
  ],
])("an executable %s is no twin", (_, path, changes) => {
  const first = store.executable("bundle/bin/first", { needed: ["libc.so.6"], runpath: "$ORIGIN/../lib" });
  const second = store.executable(path, { needed: ["libc.so.6"], runpath: "$ORIGIN/../lib", ...changes });
  const [got, wanted] = resolveBoth(first, second);
  expect(got).toEqual(wanted);
});

test("one that loads itself as a library is no model for others", () => {
  const spec = { needed: ["first"], runpath: "$ORIGIN" };
  const [got, wanted] = resolveBoth(store.executable("bundle/first", spec), store.executable("bundle/second", spec));
  expect(got).toEqual(wanted);
  expect(got.loadOrder.map(({ path }) => path)).toContain(store.at("bundle/first"));
});
