// The flake's bundlers, as `nix bundle` uses them: packages built by Nix become directories and archives, whose programs
// start in a root that has no store.

import { cpSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { runInStore } from "../support/roots/sandbox.ts";
import { hostPath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { addNpmArchives } from "./archives.ts";
import { createNix } from "./nix.ts";

const nix = createNix();
const names = ["foreign", "library", "plugIn", "script", "archive", "compressed"] as const;
const results = z.array(z.object({ drvPath: z.string(), outputs: z.object({ out: z.string() }) }));
let paths: readonly string[] = [];

beforeAll(async () => {
  const installables = names.map((name) => `${nix.consumer}#bundles.${name}`);
  await addNpmArchives(nix, installables);
  const { stdout } = await nix.run(["build", "-L", "--no-link", "--json", ...installables]);
  paths = results.parse(JSON.parse(stdout)).map(({ outputs }) => outputs.out);
});

function bundleOf(name: string): string {
  const path = paths.find((one) => basename(one).slice(33) === name);
  if (path === undefined) throw new Error(`${name} is not among ${paths.join(" ")}`);
  return hostPath(nix.store, path);
}

/** Starts a program of a bundle that was copied, in a root without a store. */
function start(bundle: string, ...words: readonly string[]) {
  const copy = join(temporaryDirectory(), "a bundle");
  cpSync(bundle, copy, { recursive: true, verbatimSymlinks: true });
  const binds = [[copy, "/opt/a bundle"]] as const;
  return runInStore({ directory: temporaryDirectory() }, [`/opt/a bundle/bin/${words[0]}`, ...words.slice(1)], {
    binds,
  });
}

test.each([
  ["a program with a library", "library", /^1\.\d+/],
  ["a program with a plug-in", "plugIn", /^42$/],
  ["a script", "script", /^the last line$/],
])("%s becomes a directory that starts anywhere", async (_what, name, output) => {
  const ran = await start(bundleOf(`${name}-bundle`), "tool");
  expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
  expect(ran.stdout.trimEnd()).toMatch(output);
});

test("a foreign program that the hook has wrapped does too", async () => {
  const ran = await start(bundleOf("found-bundle"), "lightningcss", "--version");
  expect(ran).toMatchObject({ stdout: expect.stringContaining("lightningcss"), stderr: "", exitCode: 0 });
});

test.each(["library-bundle.tar", "library-bundle.tar.zst"])("an archive has the directory in it: %s", async (name) => {
  const directory = temporaryDirectory();
  await execa("tar", ["-xf", bundleOf(name), "-C", directory]);
  const ran = await start(join(directory, "bundle"), "tool");
  expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
});

test("nix bundle makes the same of a package that it is given", async () => {
  const directory = temporaryDirectory();
  // Of the flake that --bundler names, --override-input does not change the inputs.
  writeFileSync(
    join(directory, "flake.nix"),
    `{
      inputs.nixpkgs.url = "path:${nix.nixpkgs}";
      inputs.wrap-buddy = { url = "${nix.flake}"; inputs.nixpkgs.follows = "nixpkgs"; };
      outputs = { wrap-buddy, ... }: { inherit (wrap-buddy) bundlers; };
    }`,
  );
  const link = join(directory, "result");
  await nix.run(["bundle", "-o", link, "--bundler", `path:${directory}`, `${nix.consumer}#library`]);
  expect(hostPath(nix.store, readlinkSync(link))).toBe(bundleOf("library-bundle"));
});
