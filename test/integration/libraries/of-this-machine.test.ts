// Directories that the machine that wraps has and the one that runs the program may not have: a vendor's run path leads
// to /vendor/lib, and something is there while the program is wrapped.

import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

/** No machine has it, except where a test puts it there. */
const vendor = "/vendor/lib";
const vendorRunPath = `-Wl,--enable-new-dtags,-rpath,${vendor}`;

const returns = (value: number) => `int answer(void) { return ${value}; }`;
const prints = '#include <stdio.h>\nint answer(void);\nint main(void) { printf("%d\\n", answer()); return 0; }';
const said = (value: number) => ({ stdout: `${value}\n`, stderr: "", exitCode: 0 });
const unfound = { exitCode: 127, stderr: expect.stringContaining("cannot open shared object file") };

interface Vendor {
  readonly bundle: Bundle;
  /** The library of the machine that wraps, which returns 41. */
  readonly library: string;
  /** Wraps the bundle on a machine that has the vendor's directory. */
  wrap(args?: readonly string[]): Promise<Ran>;
  /** Starts it in a root that holds the store, and in one that has the vendor's directory as well. */
  start(tool: string): Promise<readonly [elsewhere: Ran, here: Ran]>;
}

/** A library in the store, whose directory is bound to the vendor's where that is wanted. */
async function createVendor(soname = "libanswer.so"): Promise<Vendor> {
  const bundle = createBundle();
  const library = await bundle.library("/nix/store/vendor/libanswer.so", { code: returns(41), soname });
  const directory = dirname(hostPath(bundle.store, library));
  return {
    bundle,
    library,
    wrap: (args = []) =>
      wrapBuddy(bundle.store, ["--paths", bundle.root, "--interpreter", bundle.glibc.interpreter, ...args], {
        bwrap: ["--ro-bind", directory, vendor],
      }),
    start: async (tool) => [await bundle.start(tool), await bundle.start(tool, { binds: [[directory, vendor]] })],
  };
}

describe("a run path entry that may be on this machine only", () => {
  it("loses to a bundled library, when the program is wrapped and when it runs", async () => {
    const { bundle, wrap, start } = await createVendor();
    const own = await bundle.library("lib/systemd/libanswer.so", { code: returns(42) });
    const tool = await bundle.executable("bin/tool", { code: prints, needs: [own], flags: [vendorRunPath] });
    const other = await bundle.executable("bin/other", { code: prints, needs: [own], flags: [vendorRunPath] });
    expect(await bundle.startByLinker(tool)).toMatchObject(unfound);
    const { exitCode, stdout, stderr } = await wrap(["--no-pin", "-v"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      `2 executables: run path entry ${vendor} may be on this machine only, and is searched last`,
    );
    for (const wrapped of [tool, other]) expect(await start(wrapped)).toEqual([said(42), said(42)]);
  });

  it("loses to a directory that is given", async () => {
    const { bundle, wrap, start } = await createVendor();
    const given = await bundle.library("/nix/store/given/lib/libanswer.so", { code: returns(43) });
    const tool = await bundle.executable("bin/tool", { code: prints, needs: [given], flags: [vendorRunPath] });
    expect(await wrap(["--no-pin", "--libs", dirname(given)])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(tool)).toEqual([said(43), said(43)]);
  });

  it("is used where nothing else has the library, with a warning", async () => {
    const { bundle, library, wrap, start } = await createVendor();
    const tool = await bundle.executable("bin/tool", { code: prints, needs: [library], flags: [vendorRunPath] });
    const { exitCode, stderr } = await wrap(["--pin"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`run path entry ${vendor} may be on this machine only, and is searched last`);
    expect(stderr).toContain("found nowhere else: libanswer.so");
    expect(await start(tool)).toEqual([expect.objectContaining(unfound), said(41)]);
  });

  it("of a bundled library loses as well", async () => {
    const { bundle, wrap, start } = await createVendor();
    const own = await bundle.library("lib/libanswer.so", { code: returns(42) });
    const between = await bundle.library("lib/libbetween.so", {
      code: "int answer(void); int between(void) { return answer(); }",
      needs: [own],
      flags: [vendorRunPath],
    });
    const code = prints.replaceAll("answer", "between");
    const tool = await bundle.executable("bin/tool", { code, needs: [between] });
    expect(await bundle.startByLinker(tool)).toMatchObject(unfound);
    expect(await wrap(["--no-pin"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(tool)).toEqual([said(42), said(42)]);
  });
});

describe("a needed entry that is a path and may be on this machine only", () => {
  it("is told, since the dynamic linker opens it and nothing else", async () => {
    const { bundle, library, wrap, start } = await createVendor(`${vendor}/libanswer.so`);
    await bundle.library("lib/libanswer.so", { code: returns(42) });
    const tool = await bundle.executable("bin/tool", { code: prints, needs: [library] });
    const { exitCode, stderr } = await wrap(["--pin"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${vendor}/libanswer.so is needed by its path, and may be on this machine only`);
    expect(await start(tool)).toEqual([expect.objectContaining(unfound), said(41)]);
  });
});
