// Programs that make programs by copying themselves: what comes out of a wrapped one carries its maker's stub. It starts
// where the maker's sidecar is; `verify` says so, and wrapping or unwrapping it makes it independent of that.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpus, fetchPackage, olderBuns, type Pin, postject } from "../../support/foreign/corpus.ts";
import { type Foreign, installForeign, startForeign, wrapForeign } from "../../support/foreign/foreign.ts";
import { runBesideStore, runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGccLibraries, hostPath, packagePath } from "../../support/roots/store.ts";
import { denoWithRuntime } from "./deno-compile.ts";

function pinOf(name: string): Pin {
  const entry = corpus.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`${name} is not in the corpus`);
  return entry;
}

/** The store's path of the program in /scratch, as a package of its own. */
function install({ store, work }: Foreign, name: string): string {
  return `${addFiles(store, packagePath("made"), [join(work, name)])}/${name}`;
}

/** What holds for a program that `maker`, wrapped in the store, has made in /scratch. */
async function expectCured(foreign: Foreign, maker: string, name: string, output: string): Promise<void> {
  const { store, glibc, work } = foreign;
  const started = { stdout: output, stderr: expect.any(String), exitCode: 0 };
  expect(await startForeign(foreign, [`/scratch/${name}`])).toEqual(started);
  const made = install(foreign, name);
  const sidecar = `.${maker.slice(maker.lastIndexOf("/") + 1)}.wrapbuddy`;
  const verified = await wrapBuddy(store, ["verify", made]);
  expect([verified.exitCode, verified.stderr]).toEqual([0, expect.stringContaining(`${sidecar} belongs to `)]);

  const unwrapped = join(work, "unwrapped");
  copyFileSync(hostPath(store, made), unwrapped);
  const inPlace = ["--bind", work, "/mnt"];
  expect(
    await runBesideStore(store, [process.execPath, "dist/cli/main.js", "unwrap", "/mnt/unwrapped"], { bwrap: inPlace }),
  ).toMatchObject({ exitCode: 0, stderr: "" });
  const original = readFileSync(unwrapped);
  expect(original.equals(readFileSync(hostPath(store, made)))).toBe(false);
  expect(await runBesideStore(store, ["/mnt/unwrapped"], { bwrap: inPlace, seconds: 60 })).toMatchObject({
    stdout: output,
  });

  const wrapped = await wrapBuddy(store, [made, "--interpreter", glibc.interpreter, "--libs", addGccLibraries(store)]);
  expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await wrapBuddy(store, ["verify", made])).toMatchObject({ exitCode: 0, stderr: "" });
  rmSync(hostPath(store, foreign.directory), { recursive: true });
  expect(await runInStore(store, [made], { seconds: 60 })).toEqual(started);
}

describe("a program made by a wrapped", () => {
  it.each([pinOf("bun"), ...olderBuns])(
    "$package $version starts, and alone once it is wrapped or unwrapped",
    async (pin) => {
      const foreign = installForeign(await fetchPackage(pin));
      await wrapForeign(foreign, "bin/bun");
      writeFileSync(join(foreign.work, "main.ts"), "const word: string = 'made';\nconsole.log(word);\n");
      const build = ["bin/bun", "build", "--compile", "./main.ts", "--outfile", "made"] as const;
      expect((await startForeign(foreign, build)).exitCode).toBe(0);
      await expectCured(foreign, "bin/bun", "made", "made\n");
    },
  );

  it("node --build-sea starts, and alone once it is wrapped or unwrapped", async () => {
    const foreign = installForeign(await fetchPackage(pinOf("node")));
    await wrapForeign(foreign, "bin/node");
    writeFileSync(join(foreign.work, "main.js"), "console.log('made');\n");
    writeFileSync(join(foreign.work, "sea.json"), '{ "main": "main.js", "output": "made" }');
    expect((await startForeign(foreign, ["bin/node", "--build-sea", "sea.json"])).exitCode).toBe(0);
    await expectCured(foreign, "bin/node", "made", "made\n");
  });

  it("node and postject starts, and alone once it is wrapped or unwrapped", async () => {
    const foreign = installForeign(await fetchPackage(pinOf("node")));
    await wrapForeign(foreign, "bin/node");
    const { work, store, directory } = foreign;
    writeFileSync(join(work, "main.js"), "console.log('made');\n");
    writeFileSync(join(work, "sea.json"), '{ "main": "main.js", "output": "blob" }');
    expect((await startForeign(foreign, ["bin/node", "--experimental-sea-config", "sea.json"])).exitCode).toBe(0);
    copyFileSync(hostPath(store, join(directory, "bin/node")), join(work, "made"));
    const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
    const inject = `require("/postject").inject("made", "NODE_SEA_BLOB", require("node:fs").readFileSync("blob"), { sentinelFuse: "${fuse}" })`;
    const binds = [[await fetchPackage(postject), "/postject"]] as const;
    const injected = await startForeign(foreign, ["bin/node", "-e", inject], { binds });
    expect(injected.exitCode).toBe(0);
    await expectCured(foreign, "bin/node", "made", "made\n");
  });

  it("deno compile starts, and alone once it is wrapped or unwrapped", async () => {
    const foreign = installForeign(await denoWithRuntime());
    await wrapForeign(foreign, "deno");
    writeFileSync(join(foreign.work, "main.ts"), "const word: string = 'made';\nconsole.log(word);\n");
    const environment = { DENORT_BIN: `${foreign.directory}/denort`, DENO_DIR: "/scratch/cache" };
    const build = ["deno", "compile", "--quiet", "--output", "made", "main.ts"] as const;
    expect((await startForeign(foreign, build, { environment })).exitCode).toBe(0);
    await expectCured(foreign, "denort", "made", "made\n");
  });
});

describe("a program made by a wrapped bun outside of the store", () => {
  it("names the file to copy, with which it starts, and is wrapped then", async () => {
    const foreign = installForeign(await fetchPackage(pinOf("bun")));
    const { store, work, glibc } = foreign;
    copyFileSync(hostPath(store, join(foreign.directory, "bin/bun")), join(work, "bun"));
    mkdirSync(join(work, "elsewhere"));
    writeFileSync(join(work, "main.ts"), "console.log('made');\n");
    const there = { binds: [[work, "/scratch"]] } as const;
    const wrap = (path: string) =>
      wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", addGccLibraries(store)], {
        bwrap: ["--bind", work, "/scratch"],
      });
    expect(await wrap("/scratch/bun")).toMatchObject({ exitCode: 0, stderr: "" });
    const build = ["/scratch/bun", "build", "--compile", "./main.ts", "--outfile", "elsewhere/made"] as const;
    expect((await startForeign(foreign, build)).exitCode).toBe(0);
    const start = () => runInStore(store, ["/scratch/elsewhere/made"], there);

    const sidecar = "/scratch/elsewhere/.bun.wrapbuddy";
    expect(await start()).toMatchObject({ exitCode: 127, stderr: `cannot load ${sidecar}\n` });
    const refused = await wrap("/scratch/elsewhere/made");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      "help: copy .bun.wrapbuddy there from beside the bun that it was copied from or made by, then wrap or unwrap it",
    );
    copyFileSync(join(work, ".bun.wrapbuddy"), join(work, "elsewhere/.bun.wrapbuddy"));
    expect(await start()).toMatchObject({ exitCode: 0, stdout: "made\n" });
    expect(await wrap("/scratch/elsewhere/made")).toMatchObject({ exitCode: 0 });
    rmSync(join(work, "elsewhere/.bun.wrapbuddy"), { force: true });
    expect(await start()).toMatchObject({ exitCode: 0, stdout: "made\n" });
  });
});
