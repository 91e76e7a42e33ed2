import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspect } from "../../../src/commands/inspect/inspect.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import type { ElfSpec } from "../../support/elf/elf-builder.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;

/** What opens libraries of these names: the names stand in a note, which is loaded with the constants. */
function opening(...names: readonly string[]): ElfSpec {
  const description = Buffer.from(`\0${names.join("\0")}\0`);
  return {
    sections: false,
    needed: ["libc.so.6"],
    imports: ["dlopen"],
    notes: [{ name: "names", type: 1, description }],
  };
}

beforeAll(() => {
  store = createSmallStore();
  for (const name of ["libudev.so.1", "libicuuc.so.76", "libxcb.so.1"]) store.library(`given/${name}`);
  store.executable("one/tool", opening("libudev.so.1", "libudev.so.0", "libcups.so.2"));
  store.executable("report/tool", opening("libcurl-gnutls.so.4", "libcurl.so.4", "libcurl-nss.so.4"));
  store.executable("film/tool", opening("libavcodec.so.58", "libavcodec.so.9", "libavcodec.so.62"));
  store.executable("icu/tool", opening("libicuuc.so"));
  store.library("bundle/tool/libGL.so.1");
  store.executable("bundle/tool/tool", {
    ...opening("libGL.so", "libGL.so.1", "libown.so", "libm.so.6", "libnss_files.so.2", "libpthread.so.0"),
    runpath: "$ORIGIN",
  });
  store.executable("loaded/tool", { ...opening("libxcb.so", "libX11.so.6"), needed: ["libc.so.6", "libxcb.so.1"] });
  for (const name of ["first", "second"]) store.executable(`plugin/app/bin/${name}`, { needed: ["libc.so.6"] });
  store.library("plugin/app/lib/plug-in.so", { ...opening("libudev.so.1"), interpreter: null, runpath: "$ORIGIN" });
  store.executable("plugin/other/bin/alone", { needed: ["libc.so.6"] });
  for (let number = 0; number <= 100; number++) store.executable(`many/tool-${number}`, opening("libudev.so.1"));
});
afterAll(() => store.remove());

function requestOf(tree: string, changes: Partial<WrapRequest>): WrapRequest {
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  return wrapRequestOf([store.at(tree)], { interpreters, dryRun: true, searchesNames: "always", ...changes });
}

/** Who names what, of all that would not be found. */
function told(tree: string, changes: Partial<WrapRequest> = {}) {
  const { issues } = run(requestOf(tree, changes));
  return issues.flatMap((issue) =>
    issue.kind === "opened-by-name" ? [[issue.neededBy.slice(store.at(tree).length + 1), ...issue.alternatives]] : [],
  );
}

describe("what an executable names", () => {
  test("is told where it would not be found, names of one library together", () => {
    expect(told("one")).toEqual([
      ["tool", "libudev.so.1"],
      ["tool", "libcups.so.2"],
    ]);
  });

  test("is not told where a given directory has it", () => {
    expect(told("one", { runtimeDependencies: [store.at("given")] })).toEqual([["tool", "libcups.so.2"]]);
  });

  test("is not told where it may be missing", () => {
    expect(told("one", { ignoreMissing: ["libudev.so.*"] })).toEqual([["tool", "libcups.so.2"]]);
  });

  test("is not told where its directories are given, but are not searched for it", () => {
    expect(told("one", { libraryDirectories: [store.at("given")] })).toHaveLength(2);
  });

  test("is told by its newest version that nixpkgs has", () => {
    expect(told("film")).toEqual([["tool", "libavcodec.so.62", "libavcodec.so.58"]]);
  });

  test("is told once where one library does instead of another", () => {
    expect(told("report")).toEqual([["tool", "libcurl.so.4", "libcurl-gnutls.so.4"]]);
  });

  test("without a version is found as any version that the program may ask for", () => {
    expect(told("icu")).toEqual([["tool", "libicuuc.so"]]);
    expect(told("icu", { runtimeDependencies: [store.at("given")] })).toEqual([]);
  });

  test("is not told of the C library's, of what the package has, and of what nixpkgs does not have", () => {
    expect(told("bundle")).toEqual([]);
  });

  test("is not told of what it loads", () => {
    expect(told("loaded", { libraryDirectories: [store.at("given")] })).toEqual([["tool", "libX11.so.6"]]);
  });
});

test.each(["stub", "in-place", "auto"] as const)(
  "what a plug-in names is told once, for an executable of its package: %s",
  (form) => {
    expect(told("plugin", { form })).toEqual([["app/lib/plug-in.so", "libudev.so.1"]]);
  },
);

test("in a tree of many executables names are looked for only where all is asked for", () => {
  const counts = (["always", "in-few", "never"] as const).map(
    (searchesNames) => told("many", { searchesNames }).length,
  );
  expect(counts).toEqual([101, 0, 0]);
  expect(told("one", { searchesNames: "in-few" })).toHaveLength(2);
});

test("inspect tells of what is found, too, and of what nixpkgs does not have", () => {
  const given = { runtimeDependencies: [store.at("given")] };
  const { files, issues } = inspect(requestOf("one", given), "if-wrapped");
  const by = store.at("one/tool");
  expect(files.map(({ named }) => named)).toEqual([
    [
      { by, names: ["libudev.so.1", "libudev.so.0"], path: store.at("given/libudev.so.1") },
      { by, names: ["libcups.so.2"], path: undefined },
    ],
  ]);
  expect(issues.map(({ kind }) => kind)).toEqual(["opened-by-name"]);
  const [bundled] = inspect(requestOf("bundle", {}), "as-it-is").files;
  expect(bundled?.named.map(({ names }) => names)).toEqual([["libGL.so", "libGL.so.1"], ["libown.so"]]);
});
