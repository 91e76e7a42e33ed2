// Packages that bring their own libraries and plug-ins, which find nothing by themselves: the executables carry them.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { failsToStart } from "../../support/compiled/program.ts";

const prints = (expression: string, declarations: string) =>
  `#include <stdio.h>\n${declarations}\nint main(void) { printf("%d\\n", ${expression}); return 0; }`;
const answer = { stdout: "42\n", stderr: "", exitCode: 0 };

/** bin/tool needs lib/a/libouter.so, which needs lib/b/libinner.so; `flags` are for libouter. */
async function nested(bundle: Bundle, outer: readonly string[] = [], tool: readonly string[] = []): Promise<string> {
  const inner = await bundle.library("lib/b/libinner.so", { code: "int inner(void) { return 42; }" });
  const middle = await bundle.library("lib/a/libouter.so", {
    code: "int inner(void); int outer(void) { return inner(); }",
    needs: [inner],
    flags: outer,
  });
  const code = prints("outer()", "int outer(void);");
  return bundle.executable("bin/tool", { code, needs: [middle], flags: tool });
}

/** Opens `plugin`, a path in the store, and prints what its function "answer" returns. */
const opens = (plugin: string): string => `
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
  void *opened = dlopen("${plugin}", RTLD_NOW);
  if (!opened) return puts(dlerror()), 1;
  printf("%d\\n", ((int (*)(void))dlsym(opened, "answer"))());
  return 0;
}`;

async function plugInOf(bundle: Bundle, flags: readonly string[], name = "addon.node"): Promise<string> {
  const inner = await bundle.library("vendor/libinner.so", { code: "int inner(void) { return 42; }" });
  return bundle.library(`plugins/${name}`, {
    code: "int inner(void); int answer(void) { return inner(); }",
    needs: [inner],
    flags,
  });
}

describe("a bundled library that finds nothing by itself", () => {
  it("is carried by DT_RPATH, which it inherits", async () => {
    const bundle = createBundle();
    const tool = await nested(bundle);
    expect(failsToStart(await bundle.start(tool))).toBe(true);
    expect((await bundle.startByLinker(tool)).stderr).toContain("libouter.so: cannot open shared object file");
    const { exitCode, stdout } = await bundle.wrap(["-v", "--no-pin"]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining("Run path: DT_RPATH, libraries that come with it need an inherited search"),
    ]);
    expect(await bundle.start(tool)).toEqual(answer);
  });

  it("would not start with DT_RUNPATH alone, so that its needs are injected where DT_RUNPATH is asked for", async () => {
    const bundle = createBundle();
    const tool = await nested(bundle);
    const { stdout } = await bundle.wrap(["-v", "--no-pin", "--run-path-mode", "runpath"]);
    expect(stdout).toContain("Needed entries added: libinner.so");
    expect(await bundle.start(tool)).toEqual(answer);
  });

  it("is carried by an injected needed entry where its own DT_RUNPATH keeps it from inheriting", async () => {
    const bundle = createBundle();
    const tool = await nested(bundle, ["-Wl,--enable-new-dtags,-rpath,/build/lib"]);
    const { exitCode, stdout } = await bundle.wrap(["-v", "--no-pin"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("Needed entries added: libinner.so")]);
    expect(await bundle.start(tool)).toEqual(answer);
  });

  it("is carried the same way when the tree is moved", async () => {
    const bundle = createBundle();
    await nested(bundle);
    expect((await bundle.wrap(["--relocatable"])).exitCode).toBe(0);
    const binds = [[`${bundle.store.directory}${bundle.root.slice("/nix/store".length)}`, "/opt/tool"]] as const;
    expect(await bundle.start("/opt/tool/bin/tool", { binds })).toEqual(answer);
  });
});

describe("an executable with a DT_RPATH", () => {
  it("keeps it, with what its libraries inherit from it", async () => {
    const bundle = createBundle();
    const rpath = "-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib/a:$ORIGIN/../lib/b";
    const tool = await nested(bundle, [], [rpath]);
    // It does find its libraries, once there is a linker; a DT_RUNPATH beside it would switch the inheritance off.
    expect(await bundle.startByLinker(tool)).toEqual(answer);
    const { exitCode, stdout } = await bundle.wrap(["-v", "--no-pin"], [tool]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining("Run path: DT_RPATH, the file has one, and DT_RUNPATH would switch it off"),
    ]);
    expect(await bundle.start(tool)).toEqual(answer);
  });
});

describe("a plug-in that is opened by dlopen", () => {
  it.each([
    ["inherits the executable's DT_RPATH", [], "Run path: DT_RPATH"],
    [
      "finds what is injected into the executable, where its own DT_RUNPATH keeps it from inheriting",
      ["-Wl,--enable-new-dtags,-rpath,/build/lib"],
      "Needed entries added: libinner.so",
    ],
  ])("%s", async (_, flags, report) => {
    const bundle = createBundle();
    const tool = await bundle.executable("bin/tool", { code: opens(await plugInOf(bundle, flags)) });
    expect(await bundle.startByLinker(tool)).toMatchObject({
      stdout: expect.stringContaining("libinner.so: cannot open shared object file"),
      exitCode: 1,
    });
    const { exitCode, stdout } = await bundle.wrap(["-v"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(report)]);
    expect(await bundle.start(tool)).toEqual(answer);
  });

  it("gives a warning that says who wants what, when a library of it is nowhere", async () => {
    const bundle = createBundle();
    const absent = await bundle.library("/nix/store/other/libabsent.so", { code: "int inner(void) { return 42; }" });
    const plugIn = await bundle.library("plugins/addon.node", {
      code: "int inner(void); int answer(void) { return inner(); }",
      needs: [absent],
    });
    const tool = await bundle.executable("bin/tool", { code: opens(plugIn) });
    const { exitCode, stderr } = await bundle.wrap();
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/warning: .*addon\.node: libabsent\.so not found/)]);
    expect((await bundle.start(tool)).stdout).toContain("libabsent.so: cannot open shared object file");
  });
});

describe("a bundled C library", () => {
  it("is not loaded instead of the interpreter's own", async () => {
    const bundle = createBundle();
    const tool = await nested(bundle);
    // Not that of the interpreter: loading it is fatal.
    await bundle.library("lib/b/libc.so.6", { code: "int nothing(void) { return 0; }" });
    expect((await bundle.wrap(["--no-pin"])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual(answer);
  });

  it("is loaded with --keep-libc", async () => {
    const bundle = createBundle();
    const tool = await nested(bundle);
    await bundle.library("lib/b/libc.so.6", { code: "int nothing(void) { return 0; }" });
    const { exitCode, stderr } = await bundle.wrap(["--no-pin", "--keep-libc"]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("lib/b/libc.so.6 defines no versions")]);
    const { stdout } = await bundle.start(tool, { environment: { LD_TRACE_LOADED_OBJECTS: "1" } });
    expect(stdout).toContain(`libc.so.6 => ${bundle.root}/lib/b/libc.so.6`);
  });
});
