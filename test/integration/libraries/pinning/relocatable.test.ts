// Pins in a tree that may be moved: relative to the executable for what moves with it, absolute for the rest.

import { linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { runInStore } from "../../../support/roots/sandbox.ts";
import { hostPath } from "../../../support/roots/store.ts";
import { answers, bothWays, listsObjects, printed, printsAnswer, wrapWith } from "./both-ways.ts";

const outside = "/nix/store/outside/lib";
const wrapping = ["--relocatable", "--libs", outside];

/** bin/tool needs lib/libanswer.so of the bundle and a library of another package. */
async function printer(bundle: Bundle, code = printsAnswer): Promise<string> {
  const own = await bundle.library("lib/libanswer.so", { code: answers(42) });
  const other = await bundle.library(`${outside}/libother.so`, { code: "int other;" });
  return bundle.executable("bin/tool", { code, needs: [own, other] });
}

describe("pins in a tree that may be moved", () => {
  it("begin with $ORIGIN for what moves with it, and are paths for the rest", async () => {
    const bundle = createBundle();
    await printer(bundle);
    expect(await wrapWith(bundle, [...wrapping, "--pin"])).toEqual([
      "$ORIGIN/../lib/libanswer.so",
      `${outside}/libother.so`,
      `${bundle.glibc.directory}/libc.so.6`,
    ]);
  });

  it("are right for a second name where that leads to the same, and else nothing is wrapped", async () => {
    for (const [name, isAlike] of [
      ["sbin/tool", true],
      ["libexec/deep/tool", false],
    ] as const) {
      const bundle = createBundle();
      const tool = hostPath(bundle.store, await printer(bundle));
      const other = hostPath(bundle.store, `${bundle.root}/${name}`);
      mkdirSync(dirname(other), { recursive: true });
      linkSync(tool, other);
      const ran = await bundle.wrap([...wrapping, "--pin"]);
      expect(ran.exitCode).toBe(isAlike ? 0 : 1);
      if (isAlike)
        for (const path of ["bin/tool", name]) expect((await bundle.start(`${bundle.root}/${path}`)).exitCode).toBe(0);
      else expect(ran.stderr).toContain(`${bundle.root}/${name} is another name of it`);
    }
  });

  it("leave the link map as it is, except how its paths are written", async () => {
    const bundle = createBundle();
    const tool = await printer(bundle, listsObjects);
    const { unpinned, pinned } = await bothWays(bundle, tool, () => bundle.start(tool), wrapping);
    expect(unpinned.stdout).toContain("/libanswer.so\n");
    expect(pinned).toEqual(unpinned);
  });

  it("lead to the moved libraries when the tree is moved, and to nothing of the old place", async () => {
    const bundle = createBundle();
    await printer(bundle, listsObjects);
    await wrapWith(bundle, [...wrapping, "--pin"]);
    const binds = [[hostPath(bundle.store, bundle.root), "/opt/tool"]] as const;
    const bwrap = ["--tmpfs", bundle.root];
    const { stdout, stderr, exitCode } = await bundle.start("/opt/tool/bin/tool", { binds, bwrap });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("\n/opt/tool/bin/../lib/libanswer.so\n");
    expect(stdout).not.toContain(bundle.root);
  });

  it("lead to the new place's libraries where there is a tree in the old place too", async () => {
    const bundle = createBundle();
    await printer(bundle);
    await wrapWith(bundle, [...wrapping, "--pin"]);
    const moved = createBundle();
    await printer(moved);
    await moved.library("lib/libanswer.so", { code: answers(43) });
    await wrapWith(moved, [...wrapping, "--pin"]);
    const binds = [[hostPath(moved.store, moved.root), "/opt/tool"]] as const;
    const ran = await runInStore(bundle.store, ["/opt/tool/bin/tool"], { binds });
    expect(ran).toEqual(printed("43"));
    expect(await runInStore(bundle.store, [`${bundle.root}/bin/tool`], { binds })).toEqual(printed("42"));
  });

  it("are found through a symbolic link to the executable", async () => {
    const bundle = createBundle();
    await printer(bundle);
    await wrapWith(bundle, [...wrapping, "--pin"]);
    bundle.link("/nix/store/links/tool", `${bundle.root}/bin/tool`);
    expect(await bundle.start("/nix/store/links/tool")).toEqual(printed("42"));
  });

  it("name the library that is missing, when it has gone", async () => {
    const bundle = createBundle();
    const tool = await printer(bundle);
    await wrapWith(bundle, [...wrapping, "--pin"]);
    rmSync(hostPath(bundle.store, `${bundle.root}/lib/libanswer.so`));
    expect(await bundle.start(tool)).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining(`${bundle.root}/bin/../lib/libanswer.so: cannot open shared object file`),
    });
  });
});
