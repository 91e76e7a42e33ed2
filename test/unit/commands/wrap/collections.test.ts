// A directory of packages: whose plug-ins an executable carries, and what becomes of a package without executables.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

function wrap(path: string, changes: Partial<WrapRequest> = {}): RunOutcome {
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  return run(wrapRequestOf([store.at(path)], { interpreters, dryRun: true, ...changes }));
}

/** What became of each file, by its path below the root: the run path of one that is changed, or why it is not. */
function becameOf({ files }: RunOutcome): Readonly<Record<string, readonly string[] | string>> {
  const shorten = (entry: string) => entry.replace(`${store.root}/`, "");
  return Object.fromEntries(
    files.map((file) => {
      const isChanged = file.kind === "wrapped" || file.kind === "in-place";
      const became = isChanged ? file.facts.runPath.map(shorten) : file.kind === "skipped" ? file.reason : file.kind;
      return [shorten(file.path), became];
    }),
  );
}

/** An addon that needs a library which lies in a package of its own, and a program of another package beside them. */
function fill(tree: string): void {
  store.library(`${tree}/x/libx.so`, { needed: ["libc.so.6"] });
  store.library(`${tree}/addon/addon.node`, { needed: ["libx.so"], runpath: "/none" });
  store.executable(`${tree}/editor/main/tool`, { needed: ["libc.so.6"] });
}

describe("in a collection", () => {
  test("a package without executables is given what it needs itself, and no executable carries it", () => {
    fill("all");
    const outcome = wrap("all");
    expect(outcome.issues).toEqual([]);
    expect(becameOf(outcome)).toEqual({
      "all/addon/addon.node": ["all/x"],
      "all/editor/main/tool": [],
      "all/x/libx.so": "shared-library",
    });
  });

  test("it is carried by every executable where libraries are not to be changed", () => {
    fill("all");
    expect(becameOf(wrap("all", { libraries: "carry" }))).toEqual({
      "all/addon/addon.node": "shared-library",
      "all/editor/main/tool": ["all/x"],
      "all/x/libx.so": "shared-library",
    });
  });

  test("an executable carries the plug-ins of its own package, and of one that it loads a library from", () => {
    for (const one of ["editor", "lib-with-tool"]) {
      store.library(`all/${one}/own/libown-${one}.so`, { needed: ["libc.so.6"] });
      store.library(`all/${one}/plugins/plug.so`, { needed: [`libown-${one}.so`] });
      store.executable(`all/${one}/main/${one}`, { needed: ["libc.so.6"] });
    }
    store.executable("all/editor/main/loads", { needed: ["libown-lib-with-tool.so"] });
    expect(becameOf(wrap("all"))).toMatchObject({
      "all/editor/main/editor": ["all/editor/own"],
      "all/editor/main/loads": ["all/editor/own", "all/lib-with-tool/own"],
      "all/lib-with-tool/main/lib-with-tool": ["all/lib-with-tool/own"],
      "all/editor/plugins/plug.so": "shared-library",
    });
  });

  test("what a package without executables lacks is a warning, and an error where it is wanted or nothing else is there", () => {
    store.library("all/addon/addon.node", { needed: ["libgone.so"] });
    const missing = (severity: string) => [{ kind: "missing-library", severity, name: "libgone.so" }];
    expect(wrap("all")).toMatchObject({ ok: false, issues: missing("error") });
    store.executable("all/editor/main/tool", { needed: ["libc.so.6"] });
    expect(wrap("all")).toMatchObject({ ok: true, issues: missing("warning") });
    expect(wrap("all", { strict: true })).toMatchObject({ ok: false, issues: missing("error") });
    expect(wrap("all", { ignoreMissing: ["libgone.so"] })).toMatchObject({ ok: true, issues: missing("note") });
  });
});

test("an output with bin and lib is one package, and its executables carry its plug-ins", () => {
  store.library("out/lib/private/libx.so", { needed: ["libc.so.6"] });
  store.library("out/lib/plugins/plug.so", { needed: ["libx.so"] });
  store.executable("out/bin/tool", { needed: ["libc.so.6"] });
  expect(becameOf(wrap("out"))).toEqual({
    "out/bin/tool": ["out/lib/private"],
    "out/lib/plugins/plug.so": "shared-library",
    "out/lib/private/libx.so": "shared-library",
  });
});
