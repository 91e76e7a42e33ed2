// A store that is copied to another directory, and started in a root without /nix: what --relocatable=store is for.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { failsToStart } from "../../support/compiled/program.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, packagePath, storeDirectory } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { answers, listsObjects, printed, printsAnswer, wrapWith } from "../libraries/pinning/both-ways.ts";

const answerDirectory = `${packagePath("answer")}/lib`;
const deepDirectory = `${packagePath("deep")}/lib`;
const wrapping = ["--relocatable=store", "--libs", answerDirectory];

/** As Nix links libraries: libanswer of one package finds libdeep of another by a run path of its own, which is absolute. */
async function closure(code = printsAnswer, runPathTag = "--enable-new-dtags"): Promise<Bundle> {
  const bundle = createBundle();
  const deep = await bundle.library(`${deepDirectory}/libdeep.so`, { code: "int deep(void) { return 42; }" });
  const answer = await bundle.library(`${answerDirectory}/libanswer.so`, {
    code: "int deep(void); int answer(void) { return deep(); }",
    needs: [deep],
    flags: [`-Wl,-rpath,${deepDirectory},${runPathTag}`],
  });
  await bundle.executable("bin/tool", { code, needs: [answer] });
  return bundle;
}

const tool = (bundle: Bundle) => `${bundle.root}/bin/tool`;

function startAt(bundle: Bundle, storeAt: string, options: SandboxOptions = {}): Promise<Ran> {
  return runInStore(bundle.store, [tool(bundle)], { ...options, storeAt });
}

/** Says what stands in the sidecar of the one executable. */
function sidecarOf(bundle: Bundle): string {
  return readFileSync(hostPath(bundle.store, `${bundle.root}/bin/.tool.wrapbuddy`), "latin1");
}

describe("an executable that is wrapped with --relocatable=store", () => {
  it("starts in copies of the store elsewhere, where it did not start before", async () => {
    const bundle = await closure();
    const places = ["/opt/app/store", "/a store", "/home/me/nix/store"];
    expect(failsToStart(await startAt(bundle, "/opt/app/store"))).toBe(true);
    await wrapWith(bundle, ["--libs", answerDirectory]);
    expect(await startAt(bundle, "/opt/app/store")).toMatchObject({ stdout: "", exitCode: 127 });
    await wrapWith(bundle, ["--libs", answerDirectory, "--relocatable"]);
    expect(await startAt(bundle, "/opt/app/store")).toMatchObject({ stdout: "", exitCode: 127 });
    await wrapWith(bundle, wrapping);
    for (const place of places) expect(await startAt(bundle, place)).toEqual(printed("42"));
    expect(await bundle.start(tool(bundle))).toEqual(printed("42"));
    expect(await startAt(bundle, "/ro", { readOnlyStore: true })).toEqual(printed("42"));
  });

  it("names everything by $ORIGIN, with the hashes that Nix looks for and no path of the store", async () => {
    const bundle = await closure();
    expect(await wrapWith(bundle, wrapping)).toEqual([
      `$ORIGIN/../../${answerDirectory.slice(storeDirectory.length + 1)}/libanswer.so`,
      `$ORIGIN/../../${bundle.glibc.directory.slice(storeDirectory.length + 1)}/libc.so.6`,
      `$ORIGIN/../../${deepDirectory.slice(storeDirectory.length + 1)}/libdeep.so`,
    ]);
    const sidecar = sidecarOf(bundle);
    expect(sidecar).toContain(`$ORIGIN/../..${bundle.glibc.interpreter.slice(storeDirectory.length)}\0`);
    expect(sidecar).not.toContain(storeDirectory);
  });

  it("starts from a copy that was moved twice, without the old places", async () => {
    const bundle = await closure();
    await wrapWith(bundle, wrapping);
    const first = join(temporaryDirectory(), "first");
    cpSync(bundle.store.directory, first, { recursive: true, verbatimSymlinks: true });
    const second = join(dirname(first), "second place");
    renameSync(first, second);
    const moved = { ...bundle, store: { directory: second } };
    expect(await startAt(moved, "/srv/a/b/c/store")).toEqual(printed("42"));
  });

  it("starts through a symbolic link in another directory, and under another name", async () => {
    const bundle = await closure();
    await wrapWith(bundle, wrapping);
    const profile = packagePath("profile");
    mkdirSync(hostPath(bundle.store, `${profile}/bin`), { recursive: true });
    bundle.link(`${profile}/bin/link`, "../../0123456789abcdfghijklmnpqrsvwxyz-bundle/bin/tool");
    const at = { storeAt: "/opt/store" };
    expect(await runInStore(bundle.store, [`${profile}/bin/link`], at)).toEqual(printed("42"));
    renameSync(hostPath(bundle.store, tool(bundle)), hostPath(bundle.store, `${bundle.root}/bin/other`));
    expect(await runInStore(bundle.store, [`${bundle.root}/bin/other`], at)).toEqual(printed("42"));
  });

  it("calls its dynamic linker and its libraries by where they are now", async () => {
    const bundle = await closure(listsObjects);
    await wrapWith(bundle, wrapping);
    const { stdout, stderr } = await startAt(bundle, "/opt/store");
    expect(stderr).toBe("");
    const objects = stdout.split("\n").filter((line) => line.startsWith("/"));
    expect(objects.filter((line) => !line.startsWith("/opt/store/"))).toEqual([]);
    expect(objects.some((line) => line.endsWith("/ld-linux-x86-64.so.2"))).toBe(true);
  });

  it("takes nothing from a store in the old place", async () => {
    const bundle = await closure(listsObjects);
    await wrapWith(bundle, wrapping);
    const binds = [[bundle.store.directory, storeDirectory]] as const;
    const { stdout } = await startAt(bundle, "/opt/store", { binds });
    expect(stdout).toContain("/libdeep.so");
    expect(stdout).not.toMatch(/^\/nix/m);
  });

  it("is led by no symbolic link that leads to the old place", async () => {
    const bundle = await closure();
    const merged = packagePath("merged");
    bundle.link(`${merged}/lib`, answerDirectory);
    bundle.link(`${merged}-ld/lib/ld-linux-x86-64.so.2`, bundle.glibc.interpreter);
    bundle.link(`${merged}-ld/lib/libc.so.6`, `${bundle.glibc.directory}/libc.so.6`);
    const args = ["--relocatable=store", "--libs", `${merged}/lib`];
    const linker = ["--interpreter", `${merged}-ld/lib/ld-linux-x86-64.so.2`];
    const ran = await wrapBuddy(bundle.store, [bundle.root, ...args, ...linker]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(sidecarOf(bundle)).not.toContain("merged");
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("42"));
  });

  it("keeps needed entries, run path entries and existing ones of the store movable too", async () => {
    const bundle = await closure();
    const other = await bundle.library(`${packagePath("other")}/lib/libother.so`, { code: "int other;" });
    const directories = ["a", "b"].map((name) => dirname(bundle.text(`${packagePath(name)}/lib/file`, "")));
    await bundle.executable("bin/tool", {
      code: printsAnswer,
      needs: [`${answerDirectory}/libanswer.so`],
      flags: [`-Wl,-rpath,${directories[0]}:/run/opengl-driver/lib`],
    });
    await wrapWith(bundle, [...wrapping, "--needed", other, "--append-run-path", directories[1] ?? ""]);
    const sidecar = sidecarOf(bundle);
    expect(sidecar).not.toContain(storeDirectory);
    for (const name of ["other/lib/libother.so", "a/lib", "b/lib"]) {
      expect(sidecar).toContain(`$ORIGIN/../..${packagePath(name).slice(storeDirectory.length)}`);
    }
    expect(sidecar).toContain(":/run/opengl-driver/lib:");
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("42"));
  });

  it("finds what a library with a DT_RPATH finds by that", async () => {
    const bundle = await closure(printsAnswer, "--disable-new-dtags");
    await wrapWith(bundle, wrapping);
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("42"));
  });

  it("is inspected and verified where it is moved to, and unwrapped to what it was", async () => {
    const bundle = await closure();
    const before = readFileSync(hostPath(bundle.store, tool(bundle)));
    expect(await bundle.wrap([...wrapping, "--dry-run"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(existsSync(hostPath(bundle.store, `${bundle.root}/bin/.tool.wrapbuddy`))).toBe(false);
    await wrapWith(bundle, wrapping);
    const moved = hostPath(bundle.store, tool(bundle));
    const run = (...words: readonly string[]): Promise<Ran> => wrapBuddy({ directory: temporaryDirectory() }, words);
    const inspected = await run("inspect", moved, "--json");
    expect(inspected).toMatchObject({ exitCode: 0, stderr: "" });
    const [{ state, load }] = JSON.parse(inspected.stdout).files;
    expect(state.sidecar.interpreter.text).toMatch(
      /^\$ORIGIN\/\.\.\/\.\.\/\w+-glibc-x86_64\/lib\/ld-linux-x86-64\.so\.2$/,
    );
    expect(load.interpreter).toBe(hostPath(bundle.store, bundle.glibc.interpreter));
    expect(inspected.stdout).not.toContain('"/nix/store/0123456789abcdfghijklmnpqrsvwxyz-deep/lib/libdeep.so"');
    expect(await run("verify", moved)).toMatchObject({ exitCode: 0 });
    expect(await run("unwrap", moved)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(moved)).toEqual(before);
  });

  it("is refused, with nothing written, where only a path of the store leads to a library", async () => {
    const bundle = await closure();
    const before = readFileSync(hostPath(bundle.store, tool(bundle)));
    const { exitCode, stderr } = await bundle.wrap([...wrapping, "--no-pin"]);
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(/\w{32}-/g, "…-")).toMatchInlineSnapshot(`
      "wrap-buddy: error: /nix/store/…-answer/lib/libanswer.so: libdeep.so would not be found in a store that is moved: it is /nix/store/…-deep/lib/libdeep.so now, which nothing names relative to the executable
        loaded by /nix/store/…-bundle/bin/tool
        help: let libraries be pinned (--pin), or wrap without --relocatable
      "
    `);
    expect(readFileSync(hostPath(bundle.store, tool(bundle)))).toEqual(before);
    expect(readdirSync(hostPath(bundle.store, `${bundle.root}/bin`))).toEqual(["tool"]);
  });

  it("is refused with a shared loader, which the stub names by its path, and in place", async () => {
    const bundle = await closure();
    const shared = await bundle.wrap([...wrapping, "--loader-dir-path", bundle.root]);
    expect([shared.exitCode, shared.stderr.replaceAll(/\w{32}-/g, "…-")]).toMatchInlineSnapshot(`
      [
        1,
        "wrap-buddy: error: /nix/store/…-bundle/bin/tool: cannot be moved with the store: its stub would name the shared loader in /nix/store/…-bundle by that path
        help: do without --loader-dir-path
      ",
      ]
    `);
    const inPlace = await bundle.wrap([...wrapping, "--form", "in-place"]);
    expect(inPlace).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("the kernel takes no interpreter") });
    await wrapWith(bundle, [...wrapping, "--form", "auto"]);
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("42"));
  });
});

describe("a library of the store that opens another by its own run path", () => {
  it("is warned of, since it finds that no more in a copy of the store, and does when the executable loads it", async () => {
    const bundle = createBundle();
    const openedDirectory = `${packagePath("opened")}/lib`;
    const opened = await bundle.library(`${openedDirectory}/libopened.so`, { code: answers(42) });
    const opener = await bundle.library(`${answerDirectory}/libanswer.so`, {
      code: `#include <dlfcn.h>
        int answer(void) {
          void *library = dlopen("libopened.so", RTLD_NOW);
          return library ? ((int (*)(void))dlsym(library, "answer"))() : 0;
        }`,
      flags: [`-Wl,-rpath,${openedDirectory},--enable-new-dtags`],
    });
    await bundle.executable("bin/tool", { code: printsAnswer, needs: [opener] });
    const ran = await bundle.wrap(wrapping);
    expect([ran.exitCode, ran.stderr.replaceAll(/\w{32}-/g, "…-")]).toMatchInlineSnapshot(`
      [
        0,
        "wrap-buddy: warning: /nix/store/…-answer/lib/libanswer.so: looks for what it opens in /nix/store/…-opened/lib, which is not there in a store that is moved
        help: name what it opens in --needed: then the executable loads it before; or make a bundle, which gives libraries relative run paths
      ",
      ]
    `);
    expect(await bundle.start(tool(bundle))).toEqual(printed("42"));
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("0"));
    expect(await bundle.wrap([...wrapping, "--needed", opened])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await startAt(bundle, "/opt/store")).toEqual(printed("42"));
  });
});

describe("--relocatable=store", () => {
  it("outside the store means what lies in the given paths", async () => {
    const bundle = await closure();
    const own = await bundle.library("lib/libown.so", { code: answers(1) });
    await bundle.executable("bin/tool", { code: printsAnswer, needs: [own, `${answerDirectory}/libanswer.so`] });
    const outside = temporaryDirectory();
    cpSync(hostPath(bundle.store, bundle.root), outside, { recursive: true });
    const args = ["--pin", "--json", ...wrapping, "--interpreter", bundle.glibc.interpreter];
    const ran = await wrapBuddy(bundle.store, [outside, ...args]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const { files } = JSON.parse(ran.stdout);
    const { facts } = files.find(({ kind }: { readonly kind: string }) => kind === "wrapped");
    expect(facts.neededFirst.slice(0, 2)).toEqual(["$ORIGIN/../lib/libown.so", `${answerDirectory}/libanswer.so`]);
  });

  it("gives a library in place a run path that is moved with it", async () => {
    const bundle = await closure();
    const plugIn = await bundle.library("lib/libplug.so", {
      code: "int answer(void); int plug(void) { return answer(); }",
      needs: [`${answerDirectory}/libanswer.so`],
    });
    const ran = await bundle.wrap([...wrapping, "--libraries", "in-place"], [plugIn]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const bytes = readFileSync(hostPath(bundle.store, plugIn), "latin1");
    expect(bytes).toContain(`$ORIGIN/../..${answerDirectory.slice(storeDirectory.length)}`);
    expect(bytes).not.toContain(storeDirectory);
  });
});

describe("--relocatable", () => {
  it("takes along a dynamic linker that lies in the given paths", async () => {
    const bundle = createBundle();
    const tree = packagePath("tree");
    await bundle.executable(`${tree}/bin/tool`, {
      code: 'int puts(char *); int main(void) { return puts("42") < 0; }',
    });
    for (const name of ["ld-linux-x86-64.so.2", "libc.so.6"]) {
      cpSync(
        hostPath(bundle.store, `${bundle.glibc.directory}/${name}`),
        hostPath(bundle.store, `${tree}/lib/${name}`),
      );
    }
    const args = ["--relocatable", "--keep-libc", "--interpreter", `${tree}/lib/ld-linux-x86-64.so.2`];
    const ran = await wrapBuddy(bundle.store, [tree, ...args]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const binds = [[hostPath(bundle.store, tree), "/moved tree"]] as const;
    const empty = { directory: temporaryDirectory() };
    expect(await runInStore(empty, ["/moved tree/bin/tool"], { binds })).toEqual(printed("42"));
  });
});
