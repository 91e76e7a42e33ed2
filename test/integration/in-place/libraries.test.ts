// Libraries and plug-ins that no executable of the run loads, opened by hosts that nobody wrapped: a small one in a root
// that holds only the store, and node and python3 of this machine.

import { readFileSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { lld } from "../../support/compiled/compile.ts";
import { type Ran, runBesideStore, runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, packagePath } from "../../support/roots/store.ts";

const innerDirectory = `${packagePath("inner")}/lib`;
const hostSource = `
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv) {
  void *opened = dlopen(argv[1], RTLD_NOW);
  if (!opened) return puts(dlerror()), 1;
  printf("%d\\n", ((int (*)(void))dlsym(opened, "answer"))());
  return 0;
}`;
const notFound = expect.stringContaining("libinner.so: cannot open shared object file");

let bundle: Bundle;
let inner: string;
let plugIn: string;

/** A plug-in that needs libinner.so, which lies in a package of its own. */
async function addPlugIn(flags: readonly string[] = [], path = "plugins/addon.node"): Promise<string> {
  return bundle.library(path, {
    code: "int inner(void); int answer(void) { return inner(); }",
    needs: [inner],
    flags,
  });
}

function bytesOf(path: string): Buffer {
  return readFileSync(hostPath(bundle.store, path));
}

/** A host as Nix builds them, which finds the C library and nothing else. */
async function open(path: string): Promise<Ran> {
  const { directory, interpreter } = bundle.glibc;
  const host = await bundle.executable(`${packagePath("host")}/bin/host`, {
    code: hostSource,
    flags: [`-Wl,--dynamic-linker=${interpreter},-rpath,${directory}`],
  });
  return runInStore(bundle.store, [host, path]);
}

const wrap = (...args: readonly string[]): Promise<Ran> => bundle.wrap(["--libs", innerDirectory, ...args]);

beforeEach(async () => {
  bundle = createBundle();
  inner = await bundle.library(`${innerDirectory}/libinner.so`, { code: "int inner(void) { return 42; }" });
  plugIn = await addPlugIn();
});

describe("a plug-in without an executable", () => {
  it("finds what it needs in a host that is not wrapped, and is restored byte for byte", async () => {
    const original = bytesOf(plugIn);
    expect(await open(plugIn)).toMatchObject({ exitCode: 1, stdout: notFound });
    const ran = await wrap();
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain("1 patched in place");
    expect(bytesOf(plugIn)).toHaveLength(original.length);
    expect(await open(plugIn)).toEqual({ exitCode: 0, stdout: "42\n", stderr: "" });
    expect((await wrap()).stdout).toBe("1 already patched in place\n");
    expect((await wrapBuddy(bundle.store, ["verify", bundle.root])).exitCode).toBe(0);
    expect((await wrapBuddy(bundle.store, ["unwrap", bundle.root])).exitCode).toBe(0);
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it.each([
    ["a DT_RUNPATH that leads elsewhere", "-Wl,--enable-new-dtags,-rpath,$ORIGIN/../lib"],
    ["a DT_RPATH", "-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib"],
    ["DF_1_NODEFLIB", "-Wl,-z,nodefaultlib"],
    ["a DT_AUXILIARY that is there", "-Wl,-f,libinner.so"],
    ["a DT_FILTER that is there", "-Wl,-F,libinner.so"],
  ])("with %s finds it too", async (_, flags) => {
    await addPlugIn([flags]);
    expect((await open(plugIn)).exitCode).toBe(1);
    expect(await wrap()).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await open(plugIn)).stdout).toBe("42\n");
  });

  it("is opened by node of this machine", async () => {
    // What is no addon is loaded all the same, and node says so after that.
    const script = `try { process.dlopen({ exports: {} }, "${plugIn}") } catch (error) { console.log(error.message) }`;
    const node = () => runBesideStore(bundle.store, [process.execPath, "-e", script]);
    expect((await node()).stdout).toEqual(notFound);
    expect((await wrap()).exitCode).toBe(0);
    expect((await node()).stdout).toContain("Module did not self-register");
  });

  it("is opened by python3 of this machine", async () => {
    const script = `import ctypes; print(ctypes.CDLL("${plugIn}").answer())`;
    const python = () => runBesideStore(bundle.store, ["/usr/bin/python3", "-c", script]);
    expect((await python()).stderr).toEqual(notFound);
    expect((await wrap()).exitCode).toBe(0);
    expect((await python()).stdout).toBe("42\n");
  });

  it("with a read-only dynamic array, linked by lld, finds it too", async () => {
    const file = hostPath(bundle.store, plugIn);
    const code = "int inner(void); int answer(void) { return inner(); }";
    const flags = [
      ...lld.flags,
      "-shared",
      "-fPIC",
      "-Wl,-z,rodynamic,-z,separate-loadable-segments,-rpath,/nowhere",
      "-o",
      file,
      "-xc",
      "-",
    ];
    await execa(lld.compiler, [...flags, "-xnone", hostPath(bundle.store, inner)], { input: code });
    expect((await open(plugIn)).exitCode).toBe(1);
    expect(await wrap()).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await open(plugIn)).stdout).toBe("42\n");
  });

  it("linked by lld, with zeros between two sections and none after a segment, finds it too, and is restored", async () => {
    const file = hostPath(bundle.store, plugIn);
    const code = `
      int inner(void);
      static const int page[4] __attribute__((aligned(4096))) = {1};
      const int *kept = page;
      int answer(void) { return inner() * *kept; }`;
    const flags = [...lld.flags, "-shared", "-fPIC", "-o", file, "-xc", "-"];
    await execa(lld.compiler, [...flags, "-xnone", hostPath(bundle.store, inner)], { input: code });
    const original = bytesOf(plugIn);
    expect((await open(plugIn)).exitCode).toBe(1);
    expect(await wrap()).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await open(plugIn)).stdout).toBe("42\n");
    expect((await wrap()).stdout).toBe("1 already patched in place\n");
    // Of another length, in the same place.
    expect((await wrap("--append-run-path", "/elsewhere")).stdout).toContain("1 patched in place");
    expect((await open(plugIn)).stdout).toBe("42\n");
    expect((await wrapBuddy(bundle.store, ["verify", bundle.root])).exitCode).toBe(0);
    expect((await wrapBuddy(bundle.store, ["unwrap", bundle.root])).exitCode).toBe(0);
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it("is an error where what it needs is nowhere", async () => {
    await addPlugIn(["-nostdlib"]);
    const original = bytesOf(plugIn);
    const { exitCode, stderr } = await bundle.wrap();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("addon.node: libinner.so not found in")]);
    expect((await bundle.wrap(["--ignore-missing", "libinner.so"])).exitCode).toBe(0);
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it.each(["carry", "leave"])("stays as it is with --libraries %s", async (mode) => {
    const original = bytesOf(plugIn);
    expect((await wrap("--libraries", mode)).exitCode).toBe(0);
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it("finds what a library without a run path of its own needs, in another package, too", async () => {
    const middle = await bundle.library(`${packagePath("middle")}/lib/libmiddle.so`, {
      code: "int inner(void); int middle(void) { return inner(); }",
      needs: [inner],
    });
    const outer = await bundle.library("plugins/addon.node", {
      code: "int middle(void); int answer(void) { return middle(); }",
      needs: [middle],
    });
    expect((await open(outer)).exitCode).toBe(1);
    expect(await wrap("--libs", `${packagePath("middle")}/lib`)).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await open(outer)).stdout).toBe("42\n");
  });

  it("that finds everything by itself stays as it is", async () => {
    await addPlugIn(["-nostdlib", `-Wl,-rpath,${innerDirectory}`]);
    const original = bytesOf(plugIn);
    expect((await wrap()).stdout).toBe("nothing to wrap, 1 skipped (1 shared library)\n");
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it("gets what is to be appended to every run path", async () => {
    expect((await wrap("--append-run-path", "/run/opengl-driver/lib")).exitCode).toBe(0);
    const { stdout } = await execa("patchelf", ["--print-rpath", hostPath(bundle.store, plugIn)]);
    expect(stdout.split(":")).toEqual([innerDirectory, "/run/opengl-driver/lib", bundle.glibc.directory]);
  });
});

describe("a plug-in beside an executable", () => {
  beforeEach(async () => {
    await bundle.executable("bin/tool", { code: hostSource });
  });

  it("is carried by it, and stays as it is", async () => {
    const original = bytesOf(plugIn);
    expect((await wrap()).stdout).toContain("1 wrapped, 1 skipped (1 shared library)");
    expect(bytesOf(plugIn).equals(original)).toBe(true);
  });

  it("gets a run path of its own with --libraries in-place, and the executable none for it", async () => {
    const { stdout } = await wrap("--libraries", "in-place");
    expect(stdout).toContain("1 wrapped, 1 patched in place");
    expect((await open(plugIn)).stdout).toBe("42\n");
    const { stdout: seen } = await wrapBuddy(bundle.store, ["inspect", `${bundle.root}/bin/tool`]);
    expect(seen).not.toContain(innerDirectory);
    // Planned from the originals: a second run finds nothing to do.
    expect((await wrap("--libraries", "in-place")).stdout).toBe("1 already wrapped, 1 already patched in place\n");
  });
});

describe("verify", () => {
  it("sees that GNU strip has dropped the run path", async () => {
    expect((await wrap()).exitCode).toBe(0);
    await execa("strip", [hostPath(bundle.store, plugIn)]);
    const { exitCode, stderr } = await wrapBuddy(bundle.store, ["verify", plugIn]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(
        "addon.node: its run path is not where its dynamic array says: strip or objcopy has dropped it",
      ),
    ]);
  });

  it("sees that a directory of the run path is gone", async () => {
    expect((await wrap()).exitCode).toBe(0);
    await execa("rm", ["-r", hostPath(bundle.store, innerDirectory)]);
    const { exitCode, stderr } = await wrapBuddy(bundle.store, ["verify", plugIn]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`run path entry ${innerDirectory} is not there`)]);
  });
});

describe("a library whose dynamic array patchelf has moved or changed since", () => {
  it.each([
    ["--set-rpath", `/elsewhere${"/and-so-on".repeat(40)}`],
    ["--add-rpath", "/more"],
    ["--add-needed", "libm.so.6"],
    ["--replace-needed", "libinner.so", "libinner.so.1"],
    ["--set-soname", "libother.so.1"],
    ["--remove-needed", "libinner.so"],
    ["--no-default-lib"],
  ])("is not restored but stays as it is, and the message says why: %s", async (...words) => {
    expect((await wrap()).exitCode).toBe(0);
    await execa("patchelf", [...words, hostPath(bundle.store, plugIn)]);
    const before = bytesOf(plugIn);
    const { exitCode, stderr } = await wrapBuddy(bundle.store, ["unwrap", plugIn]);
    const told = "patched in place, and changed by something else since: ";
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(told)]);
    expect(bytesOf(plugIn).equals(before)).toBe(true);
  });
});

describe("a library without room", () => {
  it("is an error that says how much was needed and how much there is", async () => {
    const file = hostPath(bundle.store, plugIn);
    const bytes = bytesOf(plugIn);
    // Behind every segment something stands.
    const elf = await execa("readelf", ["-lW", file]);
    for (const match of elf.stdout.matchAll(/LOAD\s+0x(\w+)\s+0x\w+\s+0x\w+\s+0x(\w+)/g)) {
      const end = Number.parseInt(match[1] ?? "", 16) + Number.parseInt(match[2] ?? "", 16);
      if (bytes[end + 20] === 0) bytes[end + 20] = 1;
    }
    writeFileSync(file, bytes);
    const { exitCode, stderr } = await wrap();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/addon\.node: no room in place: \d+ bytes needed, \d+ unused in a segment/);
  });
});
