import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { libraryDefaults } from "../../../src/linker/solve/library-settings.ts";
import { createLibraryIndex, type ResolveContext, resolve } from "../../../src/linker/solve/resolve.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";
import { runProgram } from "../../support/simulated/real-linker.ts";
import { glibcLinker, interpreterAt, readElf } from "../../support/simulated/simulate.ts";

let tree: LibraryTree;
beforeAll(() => {
  tree = createLibraryTree();
});
afterAll(() => tree.remove());

interface Build {
  readonly source?: string;
  readonly libraries?: readonly string[];
  readonly linkerOptions?: readonly string[];
}

function compile(
  path: string,
  kind: readonly string[],
  { source = "", libraries = [], linkerOptions = [] }: Build,
): string {
  tree.directory(path.slice(0, path.lastIndexOf("/")));
  const input = `${tree.at(path)}.c`;
  writeFileSync(input, source);
  const options = linkerOptions.map((option) => `-Wl,${option}`);
  execFileSync("gcc", ["-O1", "-o", tree.at(path), input, ...kind, ...options, ...libraries]);
  return tree.at(path);
}

function library(path: string, build: Build): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const linkerOptions = [`-soname=${name}`, ...(build.linkerOptions ?? [])];
  return compile(path, ["-shared", "-fPIC"], { ...build, linkerOptions });
}

/** A library whose function `value` has the symbol version `version`; undefined for none. It needs versions itself. */
function versioned(path: string, version: string | undefined, source = usesLibc): string {
  if (version === undefined) return library(path, { source });
  const script = tree.text(`${path}.map`, `${version} { global: value; local: *; };`);
  return library(path, { source, linkerOptions: [`--version-script=${script}`] });
}

function contextFor(changes: Partial<ResolveContext>): ResolveContext {
  return {
    ...libraryDefaults,
    index: createLibraryIndex(),
    interpreter: interpreterAt(glibcLinker),
    trees: [tree.root],
    bundledLibraries: [],
    packageOf: () => "",
    pin: false,
    ...changes,
  };
}

const usesLibc = '#include <stdlib.h>\nint value(void) { return abs(0) + (getenv("NOTHING") != 0); }';
const usesNothing = "int value(void) { return 0; }";
const usesValue = "int value(void);\nint main(void) { return value(); }";

describe("symbol versions", () => {
  test.each([
    ["the version it was linked with", "V_1", usesLibc, 0, []],
    ["another version", "V_2", usesLibc, 1, ["error"]],
    ["no versions of its own", undefined, usesLibc, 0, ["warning"]],
    ["no versions at all", undefined, usesNothing, 127, ["error"]],
  ] as const)(
    "with %s in the library, ld.so and the resolution say the same",
    (_, found, source, status, severities) => {
      const linked = versioned("linked/libv.so", "V_1");
      const there = versioned("there/libv.so", found, source);
      const directory = there.slice(0, there.lastIndexOf("/"));
      const program = compile("bin/wants-value", [], {
        source: usesValue,
        libraries: [linked],
        linkerOptions: [`-rpath=${directory}`],
      });
      const real = runProgram(program);
      expect(real.status, real.stderr).toBe(status);
      const { issues } = resolve(readElf(program), program, contextFor({}));
      expect(issues.map(({ kind, severity }) => [kind, severity])).toEqual(
        severities.map((one) => ["missing-version", one]),
      );
      expect(real.stderr === "").toBe(severities.length === 0);
    },
  );

  test("are found in a pinned program by the names behind the pins", () => {
    const linked = versioned("pinned/libv.so", "V_1");
    const options = { source: usesValue, libraries: [linked], linkerOptions: ["-rpath=/nowhere"] };
    const plain = compile("bin/unpinned", [], options);
    expect(runProgram(plain).status).toBe(127);
    const { neededFirst, issues } = resolve(
      readElf(plain),
      plain,
      contextFor({ pin: true, libraryDirectories: [tree.at("pinned")] }),
    );
    expect(issues).toEqual([]);
    expect(neededFirst[0]).toBe(linked);
    execFileSync("patchelf", ["--add-needed", linked, plain]);
    expect(runProgram(plain)).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("a plug-in whose library only the executable's search path has", () => {
  const opens = (path: string) => `
    #include <dlfcn.h>
    #include <stdio.h>
    int main(void) {
      if (dlopen("${path}", RTLD_NOW)) return 0;
      puts(dlerror());
      return 1;
    }`;

  function build(
    name: string,
    plugInOptions: readonly string[],
    programOptions: readonly string[],
    needed: readonly string[] = [],
  ) {
    const inner = library("carried/libinner.so", { source: "int inner(void) { return 0; }" });
    const plugIn = library(`plugins/${name}.so`, {
      source: "int inner(void);\nint plugin(void) { return inner(); }",
      libraries: [inner],
      linkerOptions: plugInOptions,
    });
    return compile(`bin/${name}`, [], { source: opens(plugIn), linkerOptions: programOptions, libraries: needed });
  }

  function resolvePlugIn(name: string, program: string) {
    return resolve(
      readElf(program),
      program,
      contextFor({ bundledLibraries: [tree.at(`plugins/${name}.so`)], libraryDirectories: [tree.at("carried")] }),
    );
  }

  test("does not open without it, nor with a DT_RUNPATH, and opens with the DT_RPATH that is chosen", () => {
    const path = `-rpath=${tree.at("carried")}`;
    const plain = build("inherits", [], []);
    expect(runProgram(plain)).toMatchObject({ status: 1 });
    expect(resolvePlugIn("inherits", plain)).toMatchObject({
      runPath: [tree.at("carried")],
      runPathTag: "rpath",
      neededLast: [],
    });
    expect(runProgram(build("inherits", [], ["--enable-new-dtags", path]))).toMatchObject({ status: 1 });
    expect(runProgram(build("inherits", [], ["--disable-new-dtags", path]))).toMatchObject({ status: 0 });
  });

  test("opens with the needed entry that is injected, where its own DT_RUNPATH keeps it from inheriting", () => {
    const own = ["--enable-new-dtags", "-rpath=/build/lib"];
    const path = ["--disable-new-dtags", `-rpath=${tree.at("carried")}`];
    const plain = build("refuses", own, path);
    expect(runProgram(plain)).toMatchObject({ status: 1 });
    const resolution = resolvePlugIn("refuses", plain);
    expect(resolution.neededLast).toEqual(["libinner.so"]);
    execFileSync("patchelf", ["--add-needed", "libinner.so", plain]);
    expect(runProgram(plain)).toMatchObject({ status: 0 });
  });
});
