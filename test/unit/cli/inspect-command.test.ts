import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inspectOptions } from "../../../src/cli/options/options.ts";
import type { CommandIo } from "../../../src/cli/output/io.ts";
import { inspectionSchema } from "../../../src/commands/inspect/inspection-schema.ts";
import { type RanCommand, runCommand } from "../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

/** Runs the command in the small store's directory. */
async function inspect(words: readonly string[], io: Partial<CommandIo> = {}): Promise<RanCommand> {
  const ran = await runCommand("inspect", words, store.root, io);
  // The sizes are the blobs', which this test is not about.
  return { ...ran, stdout: ran.stdout.replaceAll(store.root, "ROOT").replaceAll(/\d+ bytes/g, "N bytes") };
}

const linker = "glibc/lib/ld-linux-x86-64.so.2";
const given = ["--interpreter", linker];

async function wrap(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand("wrap", [...words, ...given], store.root);
  expect([code, stderr]).toEqual([0, ""]);
}

/** An executable with room for a stub. */
function executable(path: string, spec: Parameters<SmallStore["executable"]>[1] = {}): string {
  return store.executable(path, { code: new Uint8Array(512).fill(0x90), ...spec });
}

describe("a foreign executable", () => {
  test("is shown as its own interpreter loads it", async () => {
    executable("tool", { needed: ["liba.so", "libc.so.6"], interpreter: store.at(linker), runpath: "$ORIGIN/lib:/no" });
    store.library("lib/liba.so", { needed: ["libb.so", "libm.so.6"], rpath: "$ORIGIN/inner" });
    store.library("lib/inner/libb.so");
    expect(await inspect(["tool"])).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "./tool: 64-bit x86_64 glibc, not wrapped
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        run path     DT_RUNPATH
                     $ORIGIN/lib
                     /no (not there)
        loads:
          1 ├─ liba.so                  DT_RUNPATH of tool   ./lib/liba.so
          3 │  ├─ libb.so               DT_RPATH of liba.so  ./lib/inner/libb.so
          4 │  └─ libm.so.6             default directory    ./glibc/lib/libm.so.6
          2 └─ libc.so.6                default directory    ./glibc/lib/libc.so.6
          5    └─ ld-linux-x86-64.so.2  the interpreter      ./glibc/lib/ld-linux-x86-64.so.2
      ",
      }
    `);
  });

  test("is shown with what is missing, passed over and not provided", async () => {
    store.text("text/liba.so", "INPUT(libb.so)");
    store.library("lib/libv.so", { versionDefinitions: ["libv.so", "V_1.2"] });
    store.library("lib/libq.so", { needed: ["libabsent.so"] });
    executable("tool", {
      needed: ["libv.so", "libq.so", "liba.so"],
      interpreter: store.at(linker),
      rpath: "$ORIGIN/lib:$ORIGIN/text",
      versionNeeds: [{ file: "libv.so", versions: [{ name: "V_1.3" }] }],
    });
    expect(await inspect(["tool"])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "wrap-buddy: error: ./tool needs V_1.3 from libv.so, ./lib/libv.so has up to V_1.2
        help: give a newer libv.so with --libs, or list libv.so:V_1.3 in --ignore-missing
      wrap-buddy: error: 2 libraries that 2 files need not found
        liba.so: needed by ./tool
        libabsent.so: needed by ./lib/libq.so
        help: give the directories that hold them with --libs, or name what may be missing in --ignore-missing
      ",
        "stdout": "./tool: 64-bit x86_64 glibc, not wrapped
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        run path     DT_RPATH
                     $ORIGIN/lib
                     $ORIGIN/text
        loads:
            ├─ V_1.3 of libv.so  not provided      it has up to V_1.2
          1 ├─ libv.so           DT_RPATH of tool  ./lib/libv.so
          2 ├─ libq.so           DT_RPATH of tool  ./lib/libq.so
            │  └─ libabsent.so   not found
            └─ liba.so           not found         ./text/liba.so is not an ELF file, and the search ends there
      ",
      }
    `);
  });

  test("whose interpreter is not here says so, and what it needs", async () => {
    executable("tool", { needed: ["liba.so"], interpreter: "/lib64/ld-that-is-not-here.so.2" });
    expect(await inspect(["tool"])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "wrap-buddy: error: ./tool: its dynamic linker /lib64/ld-that-is-not-here.so.2 cannot load it: no such file
        help: wrap it with one that is here: --interpreter
      ",
        "stdout": "./tool: 64-bit x86_64, not wrapped
        interpreter  /lib64/ld-that-is-not-here.so.2
        needs        liba.so
      ",
      }
    `);
  });

  test("is shown as it would be wrapped when it is said how", async () => {
    executable("tool", { needed: ["liba.so", "libz.so.1"], interpreter: "/lib64/ld-that-is-not-here.so.2" });
    store.library("lib/liba.so");
    expect(await inspect(["tool", "--libs", "lib", "--needed", "libm.so.6", ...given])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "wrap-buddy: error: ./tool: libz.so.1 not found in 3 library directories
        help: give the directory that holds it with --libs, or name it in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#zlib^*')
      ",
        "stdout": "./tool: 64-bit x86_64 glibc, not wrapped
        interpreter      /lib64/ld-that-is-not-here.so.2
        new interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        new run path     DT_RUNPATH
                         ROOT/lib
        would load, wrapped like this:
          1 ├─ liba.so                     DT_RUNPATH of tool        ./lib/liba.so
          2 ├─ libm.so.6                   default directory, added  ./glibc/lib/libm.so.6
          3 │  └─ libc.so.6                default directory         ./glibc/lib/libc.so.6
          4 │     └─ ld-linux-x86-64.so.2  the interpreter           ./glibc/lib/ld-linux-x86-64.so.2
            └─ libz.so.1                   not found
      ",
      }
    `);
  });

  test("whose interpreter is not here is shown as it would be wrapped with the one of $NIX_BINTOOLS", async () => {
    executable("tool", { needed: ["libc.so.6"], interpreter: "/lib64/ld-that-is-not-here.so.2" });
    store.text("bintools/nix-support/dynamic-linker", `${store.at(linker)}\n`);
    const { code, stdout } = await inspect(["tool"], { variables: { NIX_BINTOOLS: store.at("bintools") } });
    expect([code, stdout]).toEqual([0, expect.stringContaining("would load, wrapped like this:")]);
  });

  test("is shown with what it says that it opens while it runs", async () => {
    const description = JSON.stringify([
      { soname: ["liblzma.so.5", "liblzma.so.4"], feature: "compression", priority: "required" },
      { soname: ["libabsent.so"], priority: "suggested" },
    ]);
    const notes = [{ name: "FDO", type: 0x407c0c0a, description: new TextEncoder().encode(description) }];
    store.library("lib/liblzma.so.4");
    executable("tool", { interpreter: store.at(linker), runpath: "$ORIGIN/lib", notes });
    const { code, stdout } = await inspect(["tool"]);
    expect([code, stdout.slice(stdout.indexOf("  opens"))]).toMatchInlineSnapshot(`
      [
        0,
        "  opens while it runs:
          liblzma.so.5 or liblzma.so.4  required for compression  ./lib/liblzma.so.4
          libabsent.so                  suggested                 not found
      ",
      ]
    `);
  });
});

describe("a wrapped executable", () => {
  test("is shown with its sidecar, pins, and the tree that its own needed entries make", async () => {
    executable("bundle/tool", { needed: ["liba.so"] });
    store.library("lib/liba.so", { needed: ["libb.so"] });
    store.library("lib/libb.so", { needed: ["libc.so.6"] });
    await wrap("bundle/tool", "--libs", "lib", "--pin", "--needed", "libm.so.6");
    expect(await inspect(["bundle/tool"])).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "./bundle/tool: 64-bit x86_64 glibc, wrapped
        sidecar      ./bundle/.tool.wrapbuddy
                     N bytes, version 1, found beside the executable
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        instead of   /lib64/ld-linux-x86-64.so.2
        run path     DT_RPATH
                     ROOT/lib
        pinned       4 libraries
        added        libm.so.6
        saved        N bytes at file offset 0x1000, address 0x2000
        loader       in the sidecar, N bytes
        loads:
          1 ├─ liba.so                     pinned           ./lib/liba.so
          3 │  └─ libb.so                  pinned           ./lib/libb.so
          2 └─ libm.so.6                   pinned, added    ./glibc/lib/libm.so.6
          4    └─ libc.so.6                pinned           ./glibc/lib/libc.so.6
          5       └─ ld-linux-x86-64.so.2  the interpreter  ./glibc/lib/ld-linux-x86-64.so.2
      ",
      }
    `);
  });

  test("is shown with what is not there any more", async () => {
    executable("bundle/tool", { needed: ["liba.so"] });
    store.library("lib/liba.so");
    await wrap("bundle/tool", "--libs", "lib", "--pin", "--runtime-dependencies", "glibc");
    renameSync(store.at("lib"), store.at("elsewhere"));
    expect(await inspect(["bundle/tool"])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "wrap-buddy: error: ./bundle/tool: ./lib/liba.so not found
        help: give the directory that holds it with --libs, or name it in --ignore-missing
      ",
        "stdout": "./bundle/tool: 64-bit x86_64 glibc, wrapped
        sidecar      ./bundle/.tool.wrapbuddy
                     N bytes, version 1, found beside the executable
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        instead of   /lib64/ld-linux-x86-64.so.2
        run path     DT_RPATH
                     ROOT/lib (not there)
                     ROOT/glibc/lib
        pinned       1 library
                     ROOT/lib/liba.so (not there)
        saved        N bytes at file offset 0x1000, address 0x2000
        loader       in the sidecar, N bytes
        loads:
            └─ ./lib/liba.so  not found
      ",
      }
    `);
  });

  test("whose interpreter is gone does not start", async () => {
    executable("bundle/tool", { needed: ["libc.so.6"] });
    await wrap("bundle/tool");
    rmSync(store.at(linker));
    expect(await inspect(["bundle/tool"])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "wrap-buddy: error: ./bundle/tool: its dynamic linker ./glibc/lib/ld-linux-x86-64.so.2 cannot load it: no such file
        help: wrap it with one that is here: --interpreter
      ",
        "stdout": "./bundle/tool: 64-bit x86_64, wrapped
        sidecar      ./bundle/.tool.wrapbuddy
                     N bytes, version 1, found beside the executable
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2 (not there)
        instead of   /lib64/ld-linux-x86-64.so.2
        saved        N bytes at file offset 0x1000, address 0x2000
        loader       in the sidecar, N bytes
        needs        libc.so.6
      ",
      }
    `);
  });

  test("whose sidecar is gone says so", async () => {
    executable("bundle/tool", { needed: ["libc.so.6"] });
    await wrap("bundle/tool");
    rmSync(store.at("bundle/.tool.wrapbuddy"));
    const { code, stdout, stderr } = await inspect(["bundle/tool"]);
    expect([code, stdout.split("\n")[0], stderr.split("\n")[0]]).toMatchInlineSnapshot(`
      [
        1,
        "./bundle/tool: 64-bit x86_64, wrapped, with a sidecar that cannot be used",
        "wrap-buddy: error: ./bundle/tool: wrapped, but its sidecar ./bundle/.tool.wrapbuddy cannot be used: it is not there",
      ]
    `);
  });

  test("keeps showing its sidecar when another way of wrapping is tried", async () => {
    executable("bundle/tool", { needed: ["liba.so"] });
    store.library("lib/liba.so");
    store.library("other/liba.so");
    await wrap("bundle/tool", "--libs", "lib");
    const { stdout } = await inspect(["bundle/tool", "--libs", "other", ...given]);
    expect(stdout).toContain("run path         DT_RUNPATH\n                   ROOT/lib\n");
    expect(stdout).toContain("new run path     DT_RUNPATH\n                   ROOT/other\n");
    expect(stdout).toContain("./other/liba.so\n");
  });

  test("names its shared loader", async () => {
    executable("bundle/tool", { needed: ["libc.so.6"] });
    const loader = new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url);
    mkdirSync(store.at("shared"));
    copyFileSync(loader, store.at("shared/loader.bin"));
    await wrap("bundle/tool", "--loader-dir-path", "shared");
    expect((await inspect(["bundle/tool"])).stdout).toContain("loader       ROOT/shared/loader.bin\n");
    rmSync(store.at("shared/loader.bin"));
    expect((await inspect(["bundle/tool"])).stdout).toContain("loader       ROOT/shared/loader.bin (not there)\n");
  });
});

describe("other files", () => {
  test("a library is shown as a given interpreter loads it", async () => {
    store.library("lib/liba.so", { needed: ["libb.so", "libc.so.6"], runpath: "$ORIGIN" });
    store.library("lib/libb.so");
    expect(await inspect(["lib/liba.so", ...given])).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "./lib/liba.so: 64-bit x86_64 glibc, shared library
        interpreter  ROOT/glibc/lib/ld-linux-x86-64.so.2
        run path     DT_RUNPATH
                     $ORIGIN
        loads:
          1 ├─ libb.so                  DT_RUNPATH of liba.so  ./lib/libb.so
          2 └─ libc.so.6                default directory      ./glibc/lib/libc.so.6
          3    └─ ld-linux-x86-64.so.2  the interpreter        ./glibc/lib/ld-linux-x86-64.so.2
      ",
      }
    `);
  });

  test("a library without an interpreter to go by is shown with what it needs", async () => {
    store.library("lib/liba.so", { needed: ["libb.so"] });
    const { code, stdout } = await inspect(["lib/liba.so"]);
    expect([code, stdout]).toEqual([0, "./lib/liba.so: 64-bit x86_64, shared library\n  needs  libb.so\n"]);
  });

  test("a static executable needs nothing", async () => {
    store.executable("static", { interpreter: null, dynamic: false, type: 2 });
    expect(await inspect(["static"])).toEqual({ code: 0, stdout: "./static: 64-bit x86_64, static\n", stderr: "" });
  });

  test("what is no ELF file, damaged or absent is an error, and the others are shown", async () => {
    store.text("script", "#!/bin/sh\n");
    writeFileSync(store.at("broken"), new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]));
    executable("tool", { interpreter: store.at(linker) });
    const { code, stdout, stderr } = await inspect(["script", "tool", "broken", "absent"]);
    expect([code, stdout.split("\n")[0]]).toEqual([1, "./tool: 64-bit x86_64 glibc, not wrapped"]);
    expect(stderr.match(/error: .*/g)).toMatchInlineSnapshot(`
      [
        "error: ./absent: no such file or directory",
        "error: ./broken: file header at 0x0: its end 0x10 is past the end of the file (0x7)",
        "error: ./script: not an ELF file: it is a script for /bin/sh",
      ]
    `);
  });

  test("a directory without executables says so", async () => {
    store.text("bundle/README", "nothing here");
    expect(await inspect(["bundle"])).toEqual({ code: 0, stdout: "no executable found\n", stderr: "" });
  });

  test("of a directory the executables are shown, in order", async () => {
    executable("bundle/b", { interpreter: store.at(linker) });
    executable("bundle/a", { interpreter: store.at(linker) });
    store.library("bundle/liba.so");
    store.text("bundle/README", "nothing here");
    const { code, stdout } = await inspect(["bundle"]);
    expect([code, stdout.match(/^\S.*/gm)]).toEqual([
      0,
      ["./bundle/a: 64-bit x86_64 glibc, not wrapped", "./bundle/b: 64-bit x86_64 glibc, not wrapped"],
    ]);
  });
});

describe("the command line", () => {
  test("--json prints one JSON value of the published schema", async () => {
    executable("bundle/tool", { needed: ["liba.so"] });
    store.library("lib/liba.so", { needed: ["libabsent.so"] });
    await wrap("bundle/tool", "--libs", "lib", "--pin", "--ignore-missing", "libabsent.so");
    const { code, stdout } = await inspect(["bundle/tool", "--json"]);
    const report = inspectionSchema.parse(JSON.parse(stdout));
    expect([code, report.ok]).toEqual([1, false]);
    expect(report.files).toMatchObject([
      {
        path: "ROOT/bundle/tool",
        state: { kind: "wrapped", sidecar: { naming: "beside", neededFirst: [{ text: "ROOT/lib/liba.so" }] } },
        load: {
          view: "as-it-is",
          objects: [{ provenance: { kind: "executable" } }, { name: "liba.so", provenance: { kind: "pinned" } }],
          missing: [{ name: "libabsent.so", neededBy: "ROOT/lib/liba.so", refused: [] }],
        },
      },
    ]);
  });

  test("--json-schema prints a JSON schema", async () => {
    const { code, stdout } = await inspect(["--json-schema"]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { type: "object", required: ["version", "ok", "files", "issues"] },
    ]);
  });

  test("--help prints every option, and needs no path", async () => {
    const { code, stdout } = await inspect(["--help"]);
    const names = Object.keys(inspectOptions).filter((name) => name !== "recurse");
    expect([code, names.filter((name) => !stdout.includes(name))]).toEqual([0, []]);
  });

  test("no path, an unknown option and a bad environment are exit status 2", async () => {
    expect((await inspect([])).code).toBe(2);
    expect((await inspect(["--dry-run", "tool"])).code).toBe(2);
    expect((await inspect(["tool"], { variables: { NIX_STORE: "store" } })).code).toBe(2);
  });

  test("a terminal gets colour", async () => {
    executable("tool", { interpreter: store.at(linker) });
    const { stdout } = await inspect(["tool"], { outputIsTerminal: true });
    expect(stdout).toContain("\u001b[1m./tool\u001b[0m");
  });
});

describe("a tree of many executables", () => {
  function makeTree(): void {
    store.library("tree/lib/libq.so", { needed: ["libgone.so"] });
    for (let i = 0; i < 60; i++) {
      const needed = ["libc.so.6", ...(i === 57 ? ["libabsent.so"] : []), ...(i > 57 ? ["libq.so"] : [])];
      executable(`tree/bin/tool${i}`, { needed, interpreter: store.at(linker), rpath: "$ORIGIN/../lib" });
    }
  }
  const linesIn = ({ stdout, stderr }: RanCommand): number => `${stdout}${stderr}`.split("\n").length - 1;

  test("has a line each in 40 lines, those that miss something first", async () => {
    makeTree();
    const ran = await inspect(["tree"]);
    expect(linesIn(ran)).toBe(40);
    expect(ran.stdout.split("\n").slice(0, 4)).toMatchInlineSnapshot(`
      [
        "./tree/bin/tool57: 64-bit x86_64 glibc, not wrapped, 2 libraries, 1 missing",
        "./tree/bin/tool58: 64-bit x86_64 glibc, not wrapped, 3 libraries, 1 missing",
        "./tree/bin/tool59: 64-bit x86_64 glibc, not wrapped, 3 libraries, 1 missing",
        "./tree/bin/tool0: 64-bit x86_64 glibc, not wrapped, 2 libraries",
      ]
    `);
    expect(ran.stdout.split("\n").slice(-3)).toMatchInlineSnapshot(`
      [
        "and 26 more files",
        "-v has all of each",
        "",
      ]
    `);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "wrap-buddy: error: 2 libraries that 2 files need not found in 2 library directories
        libabsent.so: needed by ./tree/bin/tool57
        libgone.so: needed by ./tree/lib/libq.so
        help: give the directories that hold them with --libs, or name what may be missing in --ignore-missing
      "
    `);
  });

  test("is shown whole with -v, and in JSON what a library misses is told once", async () => {
    makeTree();
    const whole = await inspect(["tree", "-v"]);
    expect(whole.stdout.match(/^ {2}loads:$/gm)).toHaveLength(60);
    const { issues } = inspectionSchema.parse(JSON.parse((await inspect(["tree", "--json"])).stdout));
    expect(issues).toMatchObject([{ name: "libabsent.so" }, { name: "libgone.so" }]);
  });

  test("is shown whole where that fits", async () => {
    for (const name of ["a", "b"]) executable(`tree/${name}`, { needed: ["libc.so.6"], interpreter: store.at(linker) });
    expect((await inspect(["tree"])).stdout.match(/^ {2}loads:$/gm)).toHaveLength(2);
  });
});
