import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPackages } from "../../../../src/cli/machine/nix-packages.ts";
import { runCommand } from "../../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

/** $PATH with a program called nix that runs this script. */
function pathWithNix(script: string): string {
  const path = join(store.root, "nix");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return `${dirname(path)}:/usr/bin:/bin`;
}

test("nix is asked for every output of the packages, and its store paths are searched for libraries", async () => {
  store.library("zlib/lib/libz.so.1", { needed: ["libc.so.6"] });
  store.executable("tool", { needed: ["libz.so.1", "libc.so.6"] });
  const asked = store.at("asked");
  const PATH = pathWithNix(`printf '%s\\n' "$@" >${asked}; echo ${store.at("zlib")}`);
  const words = ["tool", "--dry-run", "--interpreter", store.at("glibc/lib/ld-linux-x86-64.so.2")];
  const variables = { PATH, NIX_STORE: store.root };
  expect((await runCommand("wrap", words, store.root, { variables })).code).toBe(1);
  const ran = await runCommand("wrap", [...words, "--packages", "zlib"], store.root, { variables });
  expect(ran).toMatchObject({ code: 0, stderr: "" });
});

test("a machine without nix says so", async () => {
  expect(await buildPackages(["zlib"], { PATH: store.at("bundle") })).toEqual({
    kind: "not-built",
    reason: "there is no nix in $PATH",
  });
});

test("a package that nix does not build is exit status 1, and nothing is wrapped", async () => {
  store.executable("tool", {});
  const variables = { PATH: pathWithNix("exit 1") };
  expect(await runCommand("wrap", ["tool", "--packages", "absent", "other"], store.root, { variables })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--packages absent other: nix ended with 1"),
  });
});
