// Who opens a library × how it asks for it × what the packager gives: each started with the real dynamic linker, in a
// root that holds only the store. What autoPatchelfHook makes of the same tree stands beside it.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { addGccLibraries, hostPath } from "../../../support/roots/store.ts";

const answer = "/nix/store/answer/lib/libanswer.so";

const opens = `
#include <dlfcn.h>
#include <stddef.h>
int found(void) {
  void *library = dlopen("libanswer.so", RTLD_NOW);
  int (*function)(void) = library ? (int (*)(void))dlsym(library, "answer") : NULL;
  return function ? function() : 0;
}`;
const needs = "int answer(void); int found(void) { return answer(); }";

/** Opens the library that its argument names, or is itself the one that opens; libc opens libgcc_s for pthread_exit. */
const tool = `
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
${opens}
static void *leaves(void *unused) { pthread_exit((void *)42); }
int main(int count, char **words) {
  int (*finds)(void) = found;
  if (!strcmp(words[1], "libc")) {
    pthread_t thread;
    void *result;
    pthread_create(&thread, NULL, leaves, NULL);
    pthread_join(thread, &result);
    return printf("%d\\n", (int)(long)result), 0;
  }
  if (strcmp(words[1], "executable")) {
    void *library = dlopen(words[1], RTLD_NOW);
    if (!library) return puts(dlerror()), 1;
    finds = dlsym(library, "found");
  }
  return printf("%d\\n", finds()), 0;
}`;

const libraries = {
  "library without a run path": ["lib/libplain", []],
  "library with a DT_RUNPATH": ["lib/librunpath", ["-Wl,--enable-new-dtags,-rpath,$ORIGIN"]],
  "library with a DT_RPATH": ["lib/librpath", ["-Wl,--disable-new-dtags,-rpath,$ORIGIN"]],
  "library of another package": [
    "/nix/store/other/lib/libother",
    ["-Wl,--enable-new-dtags,-rpath,/nix/store/other/lib"],
  ],
} as const;

interface Openers {
  readonly bundle: Bundle;
  readonly program: string;
  readonly openers: ReadonlyMap<string, string>;
}

type How = "opens" | "needs";

async function openers(how: How): Promise<Openers> {
  const bundle = createBundle();
  await bundle.library(answer, { code: "int answer(void) { return 42; }" });
  const made = new Map(
    how === "opens" ? Object.entries({ executable: "executable", "libc, for libgcc_s": "libc" }) : [],
  );
  for (const [name, [path, flags]] of Object.entries(libraries)) {
    const spec = how === "opens" ? { code: opens } : { code: needs, needs: [answer] };
    made.set(name, await bundle.library(`${path}.so`, { ...spec, flags }));
  }
  const program = await bundle.executable("bin/tool", { code: tool });
  return { bundle, program, openers: made };
}

/** Who finds it: the names of the openers. */
async function finders({ bundle, program, openers }: Openers): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, word] of openers) {
    const { stdout } = await runInStore(bundle.store, [program, word]);
    if (stdout === "42\n") found.push(name);
  }
  return found;
}

const inTheTree = ["library without a run path", "library with a DT_RUNPATH", "library with a DT_RPATH"];

describe("libraries in a directory that is given", () => {
  it.each(["opens", "needs"] as const)("are found by nobody without it, and unwrapped: %s", async (how) => {
    const made = await openers(how);
    expect(await finders(made)).toEqual([]);
    expect((await made.bundle.wrap()).exitCode).toBe(0);
    expect(await finders(made)).toEqual([]);
  });

  it.each([
    ["opens", "--runtime-dependencies", ["executable", "libc, for libgcc_s", ...inTheTree]],
    ["opens", "--append-run-path", ["executable", "libc, for libgcc_s", ...inTheTree]],
    ["needs", "--runtime-dependencies", [...inTheTree, "library of another package"]],
    ["needs", "--append-run-path", [...inTheTree, "library of another package"]],
  ] as const)("are found by who %s them, with %s", async (how, option, who) => {
    const made = await openers(how);
    const given = [dirname(answer), addGccLibraries(made.bundle.store)];
    expect(await made.bundle.wrap([option, ...given])).toMatchObject({ exitCode: 0, stderr: "" });
    // What a library with a DT_RUNPATH needs is loaded with the program, so that every other finds it too.
    expect(await finders(made)).toEqual(who);
  });

  it("are not searched by a library with a DT_RUNPATH that is left as it is, which is said, and the cure helps", async () => {
    const made = await openers("opens");
    const given = ["--libraries", "carry", "--append-run-path", dirname(answer), addGccLibraries(made.bundle.store)];
    const { exitCode, stderr } = await made.bundle.wrap(given);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^wrap-buddy: warning: \S*lib\/librunpath\.so: has a DT_RUNPATH of its own.*\n {2}help: .*--needed/,
    );
    expect(await finders(made)).not.toContain("library with a DT_RUNPATH");
    expect(await made.bundle.wrap([...given, "--needed", "libanswer.so"])).toMatchObject({ exitCode: 0 });
    expect(await finders(made)).toContain("library with a DT_RUNPATH");
  });

  it("leave no room in a library's unused bytes where they have very long names, which is said", async () => {
    const { bundle } = await openers("opens");
    const directories = Array.from({ length: 40 }, (_, at) => `/run/${"long".repeat(50)}/${at}`);
    const { exitCode, stderr } = await bundle.wrap(["--append-run-path", ...directories]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("lib/librunpath.so: has a DT_RUNPATH of its own")]);
  });

  it("stand in a library's own unused bytes, and are taken out again", async () => {
    const { bundle } = await openers("opens");
    const file = hostPath(bundle.store, `${bundle.root}/lib/librunpath.so`);
    const original = readFileSync(file);
    await bundle.wrap(["--append-run-path", dirname(answer)]);
    expect(readFileSync(file).length).toBe(original.length);
    expect((await wrapBuddy(bundle.store, ["verify", bundle.root])).exitCode).toBe(0);
    expect((await wrapBuddy(bundle.store, ["unwrap", bundle.root])).exitCode).toBe(0);
    expect(readFileSync(file).equals(original)).toBe(true);
  });

  /**
   * patchelf as autoPatchelfHook calls it: runtimeDependencies for executables, appendRunpaths for everything. Measured with
   * nixpkgs' auto-patchelf.py of 2026 (pyelftools 0.29, patchelf 0.14) on the same tree: the same rows. Its C library
   * finds libgcc_s in its own package, as nixpkgs' does; Debian's here does not.
   */
  it.each([
    ["opens", "runtimeDependencies", ["executable"]],
    ["needs", "runtimeDependencies", []],
    ["opens", "appendRunpaths", ["executable", ...inTheTree]],
    ["needs", "appendRunpaths", inTheTree],
  ] as const)("are found by who %s them after autoPatchelfHook, with %s", async (how, attribute, who) => {
    const made = await openers(how);
    const { bundle, program } = made;
    const given = [dirname(answer), addGccLibraries(bundle.store), bundle.glibc.directory].join(":");
    const others = attribute === "appendRunpaths" ? made.openers.values() : [];
    const own = [program, ...others].filter((path) => path.startsWith(bundle.root));
    for (const path of own) {
      const change = path === program ? ["--set-interpreter", bundle.glibc.interpreter] : [];
      await execa("patchelf", [...change, "--add-rpath", given, hostPath(bundle.store, path)]);
    }
    expect(await finders(made)).toEqual(who);
  });
});
