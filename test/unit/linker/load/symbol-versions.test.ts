import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";
import { createSmallStore, issuesOfKind, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

function resolveNeeding(...versions: readonly { readonly name: string; readonly isWeak?: boolean }[]) {
  const program = store.executable("bundle/program", {
    needed: ["libc.so.6"],
    versionNeeds: [{ file: "libc.so.6", versions }],
  });
  return store.resolve(program);
}

describe("a symbol version that a library does not provide", () => {
  test("is an error with both versions and both files", () => {
    expect(resolveNeeding({ name: "GLIBC_2.34" }, { name: "GLIBC_2.38" }).issues).toEqual([
      {
        kind: "missing-version",
        severity: "error",
        executable: store.at("bundle/program"),
        neededBy: store.at("bundle/program"),
        library: "libc.so.6",
        libraryPath: store.at("glibc/lib/libc.so.6"),
        version: "GLIBC_2.38",
        newestProvided: "GLIBC_2.36",
      },
    ]);
  });

  test("is a warning when it is weak", () => {
    const resolution = resolveNeeding({ name: "GLIBC_2.38", isWeak: true });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([{ severity: "warning" }]);
  });

  test("may be missing when a pattern with library and version says so", () => {
    const program = store.executable("bundle/program", {
      needed: ["libc.so.6"],
      versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.38" }, { name: "GLIBC_3.0" }] }],
    });
    const resolution = store.resolve(program, { ignoreMissing: ["libc.so.6:GLIBC_2.*"] });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([{ version: "GLIBC_3.0" }]);
  });

  test("is not told of a library that is missing itself", () => {
    const program = store.executable("bundle/program", {
      needed: ["libx.so"],
      versionNeeds: [{ file: "libx.so", versions: [{ name: "X_1" }] }],
    });
    expect(store.resolve(program).issues).toMatchObject([{ kind: "missing-library", name: "libx.so" }]);
  });

  test("is found for libraries of libraries", () => {
    store.library("x/liba.so", {
      needed: ["libc.so.6"],
      versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.40" }] }],
    });
    const program = store.executable("bundle/program", { needed: ["liba.so"], runpath: "$ORIGIN" });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x")] });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([{ neededBy: store.at("x/liba.so") }]);
  });
});

describe("a library without version definitions", () => {
  test("gives a warning and satisfies everything", () => {
    store.library("x/libx.so", {
      needed: ["libc.so.6"],
      versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }] }],
    });
    const program = store.executable("bundle/program", {
      needed: ["libx.so"],
      versionNeeds: [{ file: "libx.so", versions: [{ name: "X_1" }] }],
    });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x")] });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([
      { severity: "warning", newestProvided: undefined },
    ]);
  });
});

describe("a library without version numbers of any kind", () => {
  test("gives an error, since glibc stops when it looks the symbol up", () => {
    store.library("x/libx.so");
    const program = store.executable("bundle/program", {
      needed: ["libx.so"],
      versionNeeds: [{ file: "libx.so", versions: [{ name: "X_1" }] }],
    });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x")] });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([{ severity: "error" }]);
  });
});

describe("the newest version", () => {
  test("is compared by numbers, within one series", () => {
    store.library("x/libx.so", { versionDefinitions: ["libx.so", "X_1.9", "X_1.10", "Y_7", "X_PRIVATE"] });
    const program = store.executable("bundle/program", {
      needed: ["libx.so"],
      versionNeeds: [{ file: "libx.so", versions: [{ name: "X_2" }] }],
    });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x")] });
    expect(issuesOfKind(resolution, "missing-version")).toMatchObject([{ newestProvided: "X_1.10" }]);
  });
});

describe("a version need for a library that no needed entry names", () => {
  test("is told as a missing library, since glibc stops at it", () => {
    const program = store.executable("bundle/program", {
      needed: ["libc.so.6"],
      versionNeeds: [{ file: "libother.so", versions: [{ name: "X_1" }] }],
    });
    expect(store.resolve(program).issues).toMatchObject([
      { kind: "missing-library", severity: "error", name: "libother.so" },
    ]);
  });
});

describe("musl", () => {
  test("checks no versions", () => {
    store.library("musl/lib/ld-musl-x86_64.so.1", { symbols: [{ name: "_dl_debug_addr", value: 1n }] });
    store.library("x/libx.so", { versionDefinitions: ["libx.so", "X_1"] });
    const program = store.executable("bundle/program", {
      needed: ["libx.so"],
      versionNeeds: [{ file: "libx.so", versions: [{ name: "X_2" }] }],
    });
    const interpreter = store.interpreter("musl/lib/ld-musl-x86_64.so.1");
    expect(store.resolve(program, { interpreter, libraryDirectories: [store.at("x")] }).issues).toEqual([]);
  });
});

describe("damaged version tables", () => {
  const needs = { needed: ["libc.so.6"], versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }] }] };

  function damage(path: string, spec: Parameters<typeof buildElf>[0], field: string): void {
    store.text(path, "");
    writeFileSync(store.at(path), withField(buildElf(spec), field, 7));
  }

  test("of what a library needs are an error: glibc ends the program", () => {
    damage("bundle/liba.so", { ...needs, interpreter: null, soname: "liba.so" }, "verneed[0].vn_version");
    const program = store.executable("bundle/program", { needed: ["liba.so"], runpath: "$ORIGIN" });
    expect(issuesOfKind(store.resolve(program), "damaged-versions")).toMatchObject([
      { executable: program, path: store.at("bundle/liba.so"), defect: { field: "vn_version" } },
    ]);
  });

  test("of what a library defines are an error where a version of it is wanted", () => {
    const library = { interpreter: null, soname: "liba.so", versionDefinitions: ["liba.so", "A_1"] };
    damage("bundle/liba.so", library, "verdef[1].vd_version");
    const plain = store.executable("bundle/plain", { needed: ["liba.so"], runpath: "$ORIGIN" });
    expect(store.resolve(plain).issues).toEqual([]);
    const versionNeeds = [{ file: "liba.so", versions: [{ name: "A_1" }] }];
    const program = store.executable("bundle/program", { needed: ["liba.so"], runpath: "$ORIGIN", versionNeeds });
    expect(store.resolve(program).issues).toMatchObject([
      { kind: "missing-version", severity: "error", version: "A_1" },
    ]);
  });
});
