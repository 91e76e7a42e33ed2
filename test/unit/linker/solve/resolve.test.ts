import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createSmallStore,
  issuesOfKind,
  loadedPaths,
  type SmallStore,
} from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

describe("the order of search", () => {
  test("is run path, bundle, library directories in the order given, interpreter's directory", () => {
    for (const directory of ["bundle/own", "bundle/lib", "x/lib", "y/lib"]) store.library(`${directory}/liball.so`);
    for (const directory of ["bundle/lib", "x/lib", "y/lib"]) store.library(`${directory}/libbundled.so`);
    for (const directory of ["y/lib", "x/lib"]) store.library(`${directory}/libgiven.so`);
    const program = store.executable("bundle/bin/program", {
      needed: ["liball.so", "libbundled.so", "libgiven.so", "libm.so.6"],
      runpath: "$ORIGIN/../own",
    });
    const resolution = store.resolve(program, {
      bundledLibraries: [store.at("bundle/lib/liball.so"), store.at("bundle/lib/libbundled.so")],
      libraryDirectories: [store.at("y/lib"), store.at("x/lib")],
    });
    expect(loadedPaths(resolution).map((path) => path.replace(store.root, ""))).toEqual([
      "/bundle/bin/../own/liball.so",
      "/bundle/lib/libbundled.so",
      "/y/lib/libgiven.so",
      "/glibc/lib/libm.so.6",
      "/glibc/lib/libc.so.6",
      "/glibc/lib/ld-linux-x86-64.so.2",
    ]);
    expect(resolution.runPath).toEqual(["$ORIGIN/../own", store.at("bundle/lib"), store.at("y/lib")]);
  });

  test("takes the bundled directory that is nearest to the executable", () => {
    store.library("bundle/a/liba.so");
    store.library("bundle/b/liba.so");
    const bundledLibraries = [store.at("bundle/a/liba.so"), store.at("bundle/b/liba.so")];
    const resolution = store.resolve(store.executable("bundle/b/program", { needed: ["liba.so"] }), {
      bundledLibraries,
    });
    expect(loadedPaths(resolution)).toEqual([store.at("bundle/b/liba.so")]);
  });

  test("keeps the order of the directories on the run path, whatever the order of use", () => {
    store.library("x/liba.so");
    store.library("y/libb.so");
    const program = store.executable("bundle/program", { needed: ["libb.so", "liba.so"] });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x"), store.at("y")] });
    expect(resolution.runPath).toEqual([store.at("x"), store.at("y")]);
  });

  test("looks into fallback directories after all others", () => {
    store.library("stdenv/libgcc_s.so.1");
    store.library("stdenv/libstdc++.so.6");
    const fallbackLibraryDirectories = [store.at("stdenv")];
    const without = store.executable("bundle/without", { needed: ["libgcc_s.so.1"] });
    expect(store.resolve(without, { fallbackLibraryDirectories }).runPath).toEqual([]);
    const program = store.executable("bundle/with", { needed: ["libstdc++.so.6"] });
    expect(store.resolve(program, { fallbackLibraryDirectories }).runPath).toEqual([store.at("stdenv")]);
  });

  test("goes past a linker script and a library of another machine", () => {
    store.text("x/liba.so", "INPUT(libb.so)");
    store.library("y/liba.so", { machine: 183 });
    store.library("z/liba.so");
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, { libraryDirectories: ["x", "y", "z"].map(store.at) });
    expect(resolution.runPath).toEqual([store.at("z")]);
    expect(issuesOfKind(resolution, "rejected-candidate").map(({ path, reason }) => [path, reason])).toEqual([
      [store.at("x/liba.so"), "not-elf"],
      [store.at("y/liba.so"), "wrong-machine"],
    ]);
  });

  test("puts a directory in front of one whose text file would end the load", () => {
    store.text("x/liba.so", "INPUT(libb.so)");
    store.library("x/libb.so");
    store.library("y/liba.so");
    const program = store.executable("bundle/program", { needed: ["liba.so", "libb.so"] });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("x"), store.at("y")] });
    expect(resolution.runPath).toEqual([store.at("y"), store.at("x")]);
    expect(loadedPaths(resolution)).toEqual([store.at("y/liba.so"), store.at("x/libb.so")]);
  });

  test("puts it right there, after the directories that come before that one", () => {
    for (const name of ["w/libw.so", "x/libx.so", "y/liba.so", "z/libz.so"]) store.library(name);
    store.text("x/liba.so", "INPUT(libb.so)");
    const program = store.executable("bundle/program", { needed: ["libw.so", "liba.so", "libx.so", "libz.so"] });
    const resolution = store.resolve(program, { libraryDirectories: ["w", "x", "z", "y"].map(store.at) });
    expect(resolution.runPath).toEqual(["w", "y", "x", "z"].map(store.at));
    expect(loadedPaths(resolution)).toEqual(["w/libw.so", "y/liba.so", "x/libx.so", "z/libz.so"].map(store.at));
  });

  test("leaves the order that was given where another is no better", () => {
    for (const [directory, library, text] of [
      ["x", "libb.so", "liba.so"],
      ["y", "liba.so", "libb.so"],
    ] as const) {
      store.library(`${directory}/${library}`);
      store.text(`${directory}/${text}`, "INPUT(libc.so)");
    }
    const program = store.executable("bundle/program", { needed: ["liba.so", "libb.so"] });
    const order = (names: readonly string[]) =>
      store.resolve(program, { libraryDirectories: names.map(store.at) }).runPath.map((path) => path.slice(-1));
    expect([order(["x", "y"]), order(["y", "x"])]).toEqual([
      ["x", "y"],
      ["y", "x"],
    ]);
  });
});

describe("the C library", () => {
  test("never comes from the bundle", () => {
    for (const name of ["libc.so.6", "libm.so.6", "liba.so"]) store.library(`bundle/lib/${name}`);
    const program = store.executable("bundle/program", { needed: ["liba.so", "libm.so.6", "libc.so.6"] });
    const bundledLibraries = ["liba.so", "libc.so.6", "libm.so.6"].map((name) => store.at(`bundle/lib/${name}`));
    const resolution = store.resolve(program, { bundledLibraries });
    expect(loadedPaths(resolution)).toContain(store.at("glibc/lib/libm.so.6"));
    expect(resolution.runPath).toEqual([store.glibc, store.at("bundle/lib")]);
  });

  test("never comes from the executable's own run path", () => {
    store.library("bundle/lib/libc.so.6");
    const program = store.executable("bundle/program", { needed: ["libc.so.6"], runpath: "$ORIGIN/lib" });
    const resolution = store.resolve(program);
    expect(loadedPaths(resolution)[0]).toBe(store.at("glibc/lib/libc.so.6"));
    expect(resolution.runPath).toEqual([store.glibc, "$ORIGIN/lib"]);
  });

  test("is loaded early where a bundled library would take the bundled one", () => {
    store.library("bundle/lib/libm.so.6");
    store.library("bundle/lib/liba.so", { needed: ["libm.so.6"], runpath: "$ORIGIN" });
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const bundledLibraries = [store.at("bundle/lib/liba.so"), store.at("bundle/lib/libm.so.6")];
    const resolution = store.resolve(program, { bundledLibraries });
    expect(resolution.neededLast).toEqual(["libm.so.6"]);
    expect(loadedPaths(resolution)).toContain(store.at("glibc/lib/libm.so.6"));
    expect(loadedPaths(resolution)).not.toContain(store.at("bundle/lib/libm.so.6"));
  });

  test("comes from the bundle when it is to be kept", () => {
    store.library("bundle/lib/libc.so.6");
    const program = store.executable("bundle/program", { needed: ["libc.so.6"] });
    const bundledLibraries = [store.at("bundle/lib/libc.so.6")];
    expect(loadedPaths(store.resolve(program, { bundledLibraries, keepLibc: true }))).toEqual([
      store.at("bundle/lib/libc.so.6"),
    ]);
  });
});

describe("a run path entry that may be on this machine only", () => {
  /** Nothing lies in the store but what a test puts there. */
  const here = () => ({ storeDirectory: store.at("store") });

  test("comes after everything that is given and after the interpreter's directory", () => {
    for (const directory of ["vendor", "x"]) store.library(`${directory}/liba.so`);
    store.library("vendor/libm.so.6");
    const program = store.executable("bundle/program", {
      runpath: store.at("vendor"),
      needed: ["liba.so", "libm.so.6"],
    });
    const resolution = store.resolve(program, { ...here(), libraryDirectories: [store.at("x")] });
    expect(loadedPaths(resolution).slice(0, 2)).toEqual([store.at("x/liba.so"), store.at("glibc/lib/libm.so.6")]);
    expect(resolution.runPath).toEqual([store.at("x"), store.glibc, store.at("vendor")]);
    expect(issuesOfKind(resolution, "only-on-this-machine")).toMatchObject([
      { severity: "note", entry: "run-path", path: store.at("vendor"), libraries: [] },
    ]);
  });

  test("is none in the store, in what is wrapped, in a given directory by any name, below /run, or with a token", () => {
    for (const directory of ["store/a", "bundle/b", "x/c", "y"]) store.directory(directory);
    store.link("other-name-of-x", "x");
    const entries = ["store/a", "bundle/b", "x/c", "other-name-of-x/c", "y"].map((path) => store.at(path));
    const all = [...entries, "/run/opengl-driver/lib", "$ORIGIN/../vendor"];
    store.directory("vendor");
    const program = store.executable("bundle/program", { runpath: all.join(":") });
    const given = { libraryDirectories: [store.at("x")], runtimeDependencies: [store.at("y")] };
    const resolution = store.resolve(program, { ...here(), ...given });
    expect(resolution.runPath.slice(0, all.length)).toEqual(all);
    expect(issuesOfKind(resolution, "only-on-this-machine")).toEqual([]);
  });

  test("is a warning where a library is found nowhere else, and that library is never pinned", () => {
    store.library("vendor/liba.so", { needed: ["libb.so"], runpath: store.at("private") });
    store.library("private/libb.so");
    const program = store.executable("bundle/program", { runpath: store.at("vendor"), needed: ["liba.so"] });
    const resolution = store.resolve(program, { ...here(), pin: true });
    // What the vendor's library finds by itself is as good as that library is.
    expect(loadedPaths(resolution)).toEqual([store.at("vendor/liba.so"), store.at("private/libb.so")]);
    expect(resolution.neededFirst.filter((name) => name.startsWith(store.at("vendor")))).toEqual([]);
    expect(issuesOfKind(resolution, "only-on-this-machine")).toMatchObject([
      { severity: "warning", path: store.at("vendor"), libraries: ["liba.so"] },
    ]);
  });

  test("of a bundled library is found last, and the executable carries what it needs instead", () => {
    for (const directory of ["vendor", "x"]) store.library(`${directory}/libb.so`);
    const liba = store.library("bundle/liba.so", { needed: ["libb.so"], runpath: store.at("vendor") });
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const changes = { ...here(), bundledLibraries: [liba] };
    const given = store.resolve(program, { ...changes, libraryDirectories: [store.at("x")] });
    expect(loadedPaths(given)).toEqual([liba, store.at("x/libb.so")]);
    expect(given.neededLast).toEqual(["libb.so"]);
    expect(issuesOfKind(given, "only-on-this-machine")).toEqual([]);
    const alone = store.resolve(program, changes);
    expect(loadedPaths(alone)).toEqual([liba, store.at("vendor/libb.so")]);
    expect(issuesOfKind(alone, "only-on-this-machine")).toMatchObject([
      { severity: "warning", neededBy: liba, path: store.at("vendor"), libraries: ["libb.so"] },
    ]);
  });

  test("is found last by musl too", () => {
    const symbols = [{ name: "_dl_debug_addr", value: 0x10n }];
    store.library("musl/lib/ld-musl-x86_64.so.1", { interpreter: null, symbols });
    const interpreter = store.interpreter("musl/lib/ld-musl-x86_64.so.1");
    for (const directory of ["vendor", "x"]) store.library(`${directory}/libb.so`);
    store.library("vendor/libc-only-here.so");
    const liba = store.library("bundle/liba.so", { needed: ["libb.so"], runpath: `${store.at("vendor")}/` });
    const program = store.executable("bundle/program", {
      needed: ["liba.so", "libc-only-here.so"],
      rpath: store.at("vendor"),
    });
    const given = { interpreter, bundledLibraries: [liba], libraryDirectories: [store.at("x")] };
    const resolution = store.resolve(program, { ...here(), ...given });
    const expected = [liba, store.at("vendor/libc-only-here.so"), store.at("x/libb.so"), interpreter.path];
    expect(loadedPaths(resolution)).toEqual(expected);
    expect(resolution.runPath).toEqual([store.at("bundle"), store.at("x"), store.at("vendor")]);
  });

  test("that is a needed path is told where it leads outside of what is given", () => {
    const [vendor, own] = [store.library("vendor/liba.so"), store.library("bundle/libb.so")];
    const program = store.executable("bundle/program", { needed: [vendor, own] });
    expect(issuesOfKind(store.resolve(program, here()), "only-on-this-machine")).toMatchObject([
      { severity: "warning", entry: "needed", path: vendor, neededBy: program, libraries: [] },
    ]);
  });
});

describe("a library of another C library", () => {
  test("is passed over for one that matches, whose directory then comes first", () => {
    store.library("gnu/lib/ld-musl-x86_64.so.1", {
      interpreter: null,
      symbols: [{ name: "_dl_debug_addr", value: 1n }],
    });
    for (const [directory, needed] of [
      ["a", "libc.so.6"],
      ["b", "libc.musl-x86_64.so.1"],
    ] as const) {
      store.library(`${directory}/libx.so`, { needed: [needed] });
    }
    // Both directories are searched in any case.
    store.library("a/liba.so", { needed: ["libx.so"] });
    const libraryDirectories = [store.at("a"), store.at("b")];
    const forMusl = store.executable("bundle/for-musl", { needed: ["libx.so", "liba.so", "libc.musl-x86_64.so.1"] });
    const interpreter = store.interpreter("gnu/lib/ld-musl-x86_64.so.1");
    const musl = store.resolve(forMusl, { libraryDirectories, interpreter });
    expect(loadedPaths(musl).slice(0, 2)).toEqual([store.at("b/libx.so"), store.at("a/liba.so")]);
    expect(musl.runPath).toEqual([store.at("b"), store.at("a")]);
    const forGlibc = store.executable("bundle/for-glibc", { needed: ["libx.so", "libc.so.6"] });
    const glibc = store.resolve(forGlibc, { libraryDirectories: libraryDirectories.toReversed() });
    expect(loadedPaths(glibc)[0]).toBe(store.at("a/libx.so"));
  });

  test("is named where nothing matches", () => {
    store.library("a/libx.so", { needed: ["libc.musl-x86_64.so.1"] });
    const program = store.executable("bundle/program", { needed: ["libx.so", "libc.so.6"] });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("a")] });
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([
      { name: "libx.so", passedOver: [{ path: store.at("a/libx.so"), reason: "for-musl" }] },
    ]);
  });
});

describe("the run path", () => {
  test("keeps entries that are meant, in order, even if nothing is there", () => {
    store.directory("bundle/there");
    const entries = [
      "/run/opengl-driver/lib",
      store.at("bundle/there"),
      "$ORIGIN/../plugins",
      "/no/such/directory",
      "",
      "lib",
    ];
    const program = store.executable("bundle/program", { runpath: entries.join(":") });
    expect(store.resolve(program).runPath).toEqual(entries.slice(0, 3));
  });

  test("drops the executable's own entries on request", () => {
    store.library("x/liba.so");
    const program = store.executable("bundle/program", { rpath: "$ORIGIN/lib", needed: ["liba.so"] });
    const resolution = store.resolve(program, { ignoreExistingRunPath: true, libraryDirectories: [store.at("x")] });
    expect(resolution).toMatchObject({ runPath: [store.at("x")], runPathTag: "runpath" });
  });

  test.each([
    ["lib:.", false],
    ["/no/such/directory", false],
    ["$ORIGIN/lib", true],
  ])("is not left to the executable where nothing of its own is kept: %s", (runpath, ignoreExistingRunPath) => {
    const program = store.executable("bundle/program", { runpath });
    expect(store.resolve(program, { ignoreExistingRunPath }).runPath).toEqual([store.glibc]);
  });

  test("has runtime dependencies after what resolves something, then appended entries as they are", () => {
    store.library("x/liba.so");
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, {
      libraryDirectories: [store.at("x"), store.at("unused")],
      runtimeDependencies: [store.at("r")],
      appendRunPath: ["$ORIGIN/later", "/anything"],
    });
    expect(resolution.runPath).toEqual([store.at("x"), store.at("r"), "$ORIGIN/later", "/anything"]);
  });

  test("has no directory twice, in whatever spelling", () => {
    store.library("bundle/lib/liba.so");
    const program = store.executable("bundle/bin/program", { needed: ["liba.so"], runpath: "$ORIGIN/../lib" });
    const resolution = store.resolve(program, {
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [`${store.at("bundle/lib")}/`],
      runtimeDependencies: [store.at("bundle/lib")],
    });
    expect(resolution.runPath).toEqual(["$ORIGIN/../lib"]);
  });

  test("ends with the interpreter's directory where the interpreter does not search it by itself", () => {
    const program = store.executable("bundle/program", { needed: ["libc.so.6"] });
    const { interpreter } = store.context();
    const elsewhere = { ...interpreter, defaultDirectories: [] };
    expect(store.resolve(program, { interpreter: elsewhere, runtimeDependencies: ["/r"] }).runPath).toEqual([
      "/r",
      store.glibc,
    ]);
  });

  test("has the interpreter's directory for an executable that forbids the default search", () => {
    const program = store.executable("bundle/program", { needed: ["libc.so.6"], flags1: 0x800n });
    expect(store.resolve(program)).toMatchObject({ runPath: [store.glibc], issues: [] });
  });

  test("holds three hundred long directories, in the order given", () => {
    const directories = Array.from({ length: 300 }, (_, number) => `${"long-".repeat(20)}${number}/lib`);
    const needed = directories.map((directory, number) => {
      store.library(`${directory}/lib${number}.so`);
      return `lib${number}.so`;
    });
    const path = `bundle/${"deep-".repeat(40)}/${"deep-".repeat(40)}/${"deep-".repeat(40)}/program`;
    const libraryDirectories = directories.map(store.at);
    const resolution = store.resolve(store.executable(path, { needed: needed.toReversed() }), { libraryDirectories });
    expect(resolution).toMatchObject({ runPath: libraryDirectories, issues: [] });
  });

  test("names directories of the bundle relative to $ORIGIN when the bundle may be moved", () => {
    store.library("bundle/lib/liba.so");
    store.library("x/libb.so");
    const program = store.executable("bundle/bin/program", { needed: ["liba.so", "libb.so"] });
    const resolution = store.resolve(program, {
      relocatable: true,
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [store.at("x")],
    });
    expect(resolution.runPath).toEqual(["$ORIGIN/../lib", store.at("x")]);
    expect(loadedPaths(resolution)).toContain(`${store.root}/bundle/bin/../lib/liba.so`);
  });

  test("reaches a directory named $ORIGIN from the executable, as no absolute entry can name it", () => {
    store.library("bundle/$ORIGIN/liba.so");
    const program = store.executable("bundle/$ORIGIN/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, { bundledLibraries: [store.at("bundle/$ORIGIN/liba.so")] });
    expect(resolution.runPath).toEqual(["$ORIGIN"]);
    expect(issuesOfKind(resolution, "missing-library")).toEqual([]);
  });

  test("says so when a library stands in a directory that no run path can name", () => {
    store.library("a:b/liba.so");
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, { libraryDirectories: [store.at("a:b")] });
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([{ name: "liba.so", severity: "error" }]);
    expect(issuesOfKind(resolution, "rejected-candidate")).toMatchObject([{ reason: "inexpressible-directory" }]);
  });
});

describe("the run path's tag", () => {
  test("is DT_RUNPATH by default", () => {
    const program = store.executable("bundle/program", { needed: ["libc.so.6"] });
    expect(store.resolve(program)).toMatchObject({ runPathTag: "runpath", runPathReason: "default" });
  });

  test("stays DT_RPATH for an executable that has one, so that its libraries go on inheriting", () => {
    const program = store.executable("bundle/program", { rpath: "$ORIGIN" });
    expect(store.resolve(program)).toMatchObject({ runPathTag: "rpath", runPathReason: "executable-has-rpath" });
  });

  test.each([{ runtimeDependencies: ["/x/lib"] }, { appendRunPath: ["/run/opengl-driver/lib"] }])(
    "becomes DT_RPATH where directories are given for what is opened at run time, by libraries too: %j",
    (given) => {
      const program = store.executable("bundle/program", { runpath: "$ORIGIN" });
      const resolution = store.resolve(program, given);
      expect(resolution).toMatchObject({ runPathTag: "rpath", runPathReason: "given-directories" });
    },
  );

  test("becomes DT_RPATH when a bundled library cannot find its own needed entries", () => {
    store.library("bundle/lib/liba.so", { needed: ["libb.so"] });
    store.library("bundle/lib/libb.so");
    const program = store.executable("bundle/program", { needed: ["liba.so"], runpath: "$ORIGIN/lib" });
    const resolution = store.resolve(program, {
      bundledLibraries: ["liba.so", "libb.so"].map((name) => store.at(`bundle/lib/${name}`)),
    });
    expect(resolution).toMatchObject({
      runPathTag: "rpath",
      runPathReason: "bundled-needs-inherited-search",
      neededLast: [],
    });
    expect(loadedPaths(resolution)).toEqual([store.at("bundle/lib/liba.so"), store.at("bundle/lib/libb.so")]);
  });

  test.each(["runpath", "rpath"] as const)("is the one that was asked for: %s", (runPathMode) => {
    const program = store.executable("bundle/program");
    expect(store.resolve(program, { runPathMode })).toMatchObject({ runPathTag: runPathMode, runPathReason: "asked" });
  });
});

describe("injected needed entries", () => {
  test("carry a bundled library whose own DT_RUNPATH leads nowhere", () => {
    store.library("bundle/lib/liba.so", { needed: ["libb.so"], runpath: "/build/lib" });
    store.library("x/libb.so");
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, {
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [store.at("x")],
    });
    expect(resolution).toMatchObject({ neededLast: ["libb.so"], runPathTag: "runpath" });
    expect(issuesOfKind(resolution, "missing-library")).toEqual([]);
  });

  test("stand after the names that the user wants added", () => {
    store.library("bundle/lib/liba.so", { needed: ["libb.so"], runpath: "/build/lib" });
    store.library("x/libb.so");
    store.library("x/libextra.so");
    const resolution = store.resolve(store.executable("bundle/program", { needed: ["liba.so"] }), {
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [store.at("x")],
      extraNeeded: ["libextra.so"],
    });
    expect(resolution.neededLast).toEqual(["libextra.so", "libb.so"]);
  });

  test("that the user wants must be there", () => {
    const resolution = store.resolve(store.executable("bundle/program"), { extraNeeded: ["libextra.so"] });
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([
      { severity: "error", name: "libextra.so", neededBy: store.at("bundle/program") },
    ]);
  });
});

describe("missing libraries", () => {
  test("are all told, with who wants them, how far was looked, and what is there instead", () => {
    store.library("bundle/lib/liba.so", { needed: ["libdeep.so"] });
    store.library("x/libssl.so.3");
    const program = store.executable("bundle/program", { needed: ["liba.so", "libssl.so.1.1"] });
    const resolution = store.resolve(program, {
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [store.at("x"), store.at("y")],
    });
    expect(issuesOfKind(resolution, "missing-library")).toMatchObject([
      { severity: "error", executable: program, name: "libssl.so.1.1", neededBy: program, nearMisses: ["libssl.so.3"] },
      {
        severity: "error",
        executable: program,
        name: "libdeep.so",
        neededBy: store.at("bundle/lib/liba.so"),
        nearMisses: [],
      },
    ]);
    expect(issuesOfKind(resolution, "missing-library")[0]?.searched).toBeGreaterThanOrEqual(4);
  });

  test("that may be missing are a note", () => {
    const program = store.executable("bundle/program", { needed: ["libcuda.so.1", "libother.so"] });
    const resolution = store.resolve(program, { ignoreMissing: ["libcuda*"] });
    expect(issuesOfKind(resolution, "missing-library").map(({ name, severity }) => [name, severity])).toEqual([
      ["libcuda.so.1", "note"],
      ["libother.so", "error"],
    ]);
  });

  test("named by an absolute path are told by that path", () => {
    const program = store.executable("bundle/program", { needed: ["/usr/lib/vendor/libv.so"] });
    expect(issuesOfKind(store.resolve(program), "missing-library")).toMatchObject([
      { name: "/usr/lib/vendor/libv.so" },
    ]);
  });
});

describe("two libraries of one name", () => {
  test("are told: which was taken and which not", () => {
    store.library("x/liba.so");
    store.library("y/liba.so", { needed: ["libc.so.6"] });
    store.link("z/liba.so", store.at("x/liba.so"));
    const program = store.executable("bundle/program", { needed: ["liba.so"] });
    const resolution = store.resolve(program, { libraryDirectories: ["x", "y", "z"].map(store.at) });
    expect(issuesOfKind(resolution, "duplicate-soname")).toEqual([
      {
        kind: "duplicate-soname",
        severity: "note",
        name: "liba.so",
        taken: store.at("x/liba.so"),
        notTaken: [store.at("y/liba.so")],
      },
    ]);
  });
});

describe("musl", () => {
  test("gets no entry with a token that would make it ignore the whole run path", () => {
    store.library("musl/lib/ld-musl-x86_64.so.1", { symbols: [{ name: "_dl_debug_addr", value: 1n }] });
    const program = store.executable("bundle/program", { runpath: "/usr/$LIB:$ORIGIN/lib" });
    const interpreter = store.interpreter("musl/lib/ld-musl-x86_64.so.1");
    expect(store.resolve(program, { interpreter }).runPath).toEqual(["$ORIGIN/lib"]);
  });

  test("needs neither DT_RPATH nor injected entries, since its libraries inherit every run path", () => {
    store.library("musl/lib/ld-musl-x86_64.so.1", { symbols: [{ name: "_dl_debug_addr", value: 1n }] });
    store.library("bundle/lib/liba.so", { needed: ["libb.so"] });
    store.library("x/libb.so");
    const program = store.executable("bundle/program", {
      interpreter: "/lib/ld-musl-x86_64.so.1",
      needed: ["liba.so", "libc.musl-x86_64.so.1"],
    });
    const resolution = store.resolve(program, {
      interpreter: store.interpreter("musl/lib/ld-musl-x86_64.so.1"),
      bundledLibraries: [store.at("bundle/lib/liba.so")],
      libraryDirectories: [store.at("x")],
      pin: true,
    });
    expect(resolution).toMatchObject({
      runPath: [store.at("bundle/lib"), store.at("x")],
      runPathTag: "runpath",
      neededFirst: [],
      neededLast: [],
      issues: [],
    });
  });
});
