// The machine's drivers: libraries that no package has, in a directory that is there only where the program runs.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { hostPath } from "../../../support/roots/store.ts";

const driver = "/nix/store/driver/lib/libcuda.so.1";
const asks = '#include <stdio.h>\nint answer(void);\nint main(void) { printf("%d\\n", answer()); return 0; }';
const opens = `
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **words) {
  void *library = dlopen(words[1], RTLD_NOW);
  int (*found)(void) = library ? (int (*)(void))dlsym(library, "found") : NULL;
  return found ? printf("%d\\n", found()), 0 : (puts(dlerror()), 1);
}`;

type Kind = "executable" | "plug-in";

/** The command that wants the driver: an executable that needs it, or one that opens a plug-in that does. */
async function wanting(kind: Kind, bundle: Bundle): Promise<readonly [string, ...string[]]> {
  await bundle.library(driver, { code: "int answer(void) { return 42; }" });
  if (kind === "executable") return [await bundle.executable("bin/tool", { code: asks, needs: [driver] })];
  const code = "int answer(void); int found(void) { return answer(); }";
  const plugIn = await bundle.library("lib/plugin.so", { code, needs: [driver] });
  return [await bundle.executable("bin/tool", { code: opens }), plugIn];
}

describe.each(["executable", "plug-in"] as const)("a driver's library that an %s needs", (kind) => {
  it("is missing, with what to type, and found with that, once the directory is there", async () => {
    const bundle = createBundle();
    const command = await wanting(kind, bundle);
    const { exitCode, stderr } = await bundle.wrap(["--dry-run"]);
    expect([exitCode, stderr]).toEqual([
      kind === "executable" ? 1 : 0,
      expect.stringContaining("it comes with the machine's driver: set --append-run-path /run/opengl-driver/lib"),
    ]);
    const given = ["--append-run-path", "/run/opengl-driver/lib"];
    expect(await bundle.wrap(given)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await wrapBuddy(bundle.store, ["verify", bundle.root])).toMatchObject({ exitCode: 0, stderr: "" });
    const absent = await runInStore(bundle.store, command);
    expect(absent.stdout + absent.stderr).toContain("libcuda.so.1: cannot open shared object file");
    const binds = [[hostPath(bundle.store, "/nix/store/driver/lib"), "/run/opengl-driver/lib"]] as const;
    expect(await runInStore(bundle.store, command, { binds })).toMatchObject({ stdout: "42\n", exitCode: 0 });
  });
});
