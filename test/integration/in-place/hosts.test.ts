// Libraries with a run path in place, opened by programs that nobody wrapped: addons of npm packages by a small host in a
// root that holds only the store, and a JNI library by java of this machine.

import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { type Ran, runBesideStore, runInStore } from "../../support/roots/sandbox.ts";
import { addFiles, addGccLibraries, packagePath } from "../../support/roots/store.ts";

const require = createRequire(import.meta.url);

/** Opens a library, and says what it lacks. */
const hostSource = `
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv) {
  puts(dlopen(argv[1], RTLD_LAZY) ? "opened" : dlerror());
  return 0;
}`;

/** A host as Nix builds them: it finds the C library and nothing else. */
async function open(bundle: Bundle, path: string): Promise<string> {
  const { directory, interpreter } = bundle.glibc;
  const host = await bundle.executable(`${packagePath("host")}/bin/host`, {
    code: hostSource,
    flags: [`-Wl,--dynamic-linker=${interpreter},-rpath,${directory}`],
  });
  return (await runInStore(bundle.store, [host, path])).stdout;
}

describe("the addon of an npm package", () => {
  it.each([
    "lightningcss-linux-x64-gnu/lightningcss.linux-x64-gnu.node",
    "@rolldown/binding-linux-x64-gnu/rolldown-binding.linux-x64-gnu.node",
  ])("%s finds its libraries in a host that has none of them", async (file) => {
    const bundle = createBundle();
    const gcc = addGccLibraries(bundle.store);
    const addon = `${addFiles(bundle.store, `${bundle.root}/lib`, [require.resolve(file)])}/${file.replace(/.*\//, "")}`;
    expect(await open(bundle, addon)).toMatch(/lib(gcc_s|dl)\.so\.\d: cannot open shared object file/);
    expect(await bundle.wrap(["--libs", gcc])).toMatchObject({ exitCode: 0, stderr: "" });
    // All that it needs has been found. What is left is node itself, which the host is not.
    expect(await open(bundle, addon)).toMatch(/^opened$|undefined symbol: napi_/m);
  });
});

describe("java's System.load", () => {
  it("opens a JNI library that needs another package's", async () => {
    const bundle = createBundle();
    const inner = await bundle.library(`${packagePath("inner")}/lib/libinner.so`, {
      code: "int inner(void) { return 42; }",
    });
    const library = await bundle.library("lib/libaddon.so", {
      code: "int inner(void); int Java_Host_answer(void *environment, void *type) { return inner(); }",
      needs: [inner],
    });
    const host = bundle.text(
      "Host.java",
      `public class Host {
        static native int answer();
        public static void main(String[] arguments) {
          System.load(arguments[0]);
          System.out.println(answer());
        }
      }`,
    );
    const java = (): Promise<Ran> => runBesideStore(bundle.store, ["java", host, library], { seconds: 120 });
    expect((await java()).stderr).toContain("libinner.so: cannot open shared object file");
    expect(await bundle.wrap(["--libs", `${packagePath("inner")}/lib`])).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await java()).stdout).toBe("42\n");
  });
});
