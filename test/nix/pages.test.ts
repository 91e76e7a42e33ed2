// The Nix expressions of the pages, as they stand there: written where they say they belong, and built.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { compile } from "../support/compiled/compile.ts";
import { blocksOf, type Page, pageText } from "../support/pages/pages.ts";
import { runInStore } from "../support/roots/sandbox.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { addNpmArchives } from "./archives.ts";
import { createNix } from "./nix.ts";

const nix = createNix();
const flake = temporaryDirectory();
const checkout = nix.flake.replace(/^path:/, "");
const packages = `import ${nix.nixpkgs} { system = "x86_64-linux"; machine = import ${nix.nixpkgs}/machine.nix; }`;
const withOverlay = `(${packages}).extend (import ${checkout}/nix/overlay.nix)`;
const lock = ["--override-input", "wrap-buddy", nix.flake];

/** The block of a page that begins like this. */
function block(page: Page, language: string, start: string): string {
  const found = blocksOf(page).find((one) => one.language === language && one.text.startsWith(start));
  if (found === undefined) throw new Error(`${page} has no block of ${language} that begins with ${start}`);
  return found.text;
}

const expression = block("README.md", "nix", "{ stdenv,");

beforeAll(async () => {
  // What the expression's address is to have.
  const unpacked = temporaryDirectory();
  mkdirSync(join(unpacked, "tool-1.0"));
  mkdirSync(join(nix.nixpkgs, "archives"));
  await compile(join(unpacked, "tool-1.0/tool"), {
    files: {
      "tool.c":
        "#include <stdio.h>\nconst char *zlibVersion(void);\nint main(void) { puts(zlibVersion()); return 0; }\n",
    },
    libraries: ["-l:libz.so.1"],
  });
  const [, address = ""] = /url = "([^"]+)"/.exec(expression) ?? [];
  await execa("tar", ["czf", join(nix.nixpkgs, "archives", basename(address)), "-C", unpacked, "tool-1.0"]);
  writeFileSync(join(flake, "package.nix"), expression);
  writeFileSync(join(flake, "flake.nix"), block("README.md", "nix", "{\n  inputs."));
  await addNpmArchives(nix, [`${nix.flake}#wrap-buddy`]);
});

describe("README.md's package", () => {
  test("is built by its flake, and does its work", async () => {
    const { stdout } = await nix.run(["build", "--no-link", "--json", `path:${flake}`, ...lock]);
    const [built] = z.array(z.object({ outputs: z.object({ out: z.string() }) })).parse(JSON.parse(stdout));
    const ran = await runInStore(nix.store, [`${built?.outputs.out}/bin/tool`]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringMatching(/^1\.[0-9.]+\n$/) });
  });

  test("is the same without a flake, in both ways", async () => {
    const { stdout } = await nix.run(["eval", "--raw", `path:${flake}#packages.x86_64-linux.default.drvPath`, ...lock]);
    const [, overlays = ""] = /`nixpkgs\.overlays = (\[.*?\]);`/s.exec(pageText("README.md")) ?? [];
    const [, hook = ""] = /`nativeBuildInputs = \[ (\(callPackage .*?\)) \];`/s.exec(pageText("README.md")) ?? [];
    const here = (text: string): string => text.replace("./wrap-buddy", checkout);
    const withOverlays = `builtins.foldl' (set: set.extend) (${packages}) ${here(overlays)}`;
    const withHook = `let inherit (${packages}) callPackage; in { wrapBuddy = ${here(hook)}; }`;
    const build = await Promise.all([
      nix.instantiate("-E", `(${withOverlays}).callPackage ${flake}/package.nix { }`),
      nix.instantiate("-E", `(${packages}).callPackage ${flake}/package.nix (${withHook})`),
    ]);
    expect(build.map((path) => path.trim())).toEqual([stdout, stdout]);
  });

  test("without its buildInputs fails with the message that the pages show", async () => {
    const without = temporaryDirectory();
    cpSync(flake, without, { recursive: true });
    writeFileSync(join(without, "package.nix"), expression.replace(/^ *buildInputs.*\n/m, ""));
    const ran = await nix.run(["build", "-L", "--no-link", `path:${without}`, ...lock], { reject: false });
    expect(ran.exitCode).not.toBe(0);
    const log = ran.stderr.replaceAll(/^tool> /gm, "");
    for (const page of ["README.md", "hook/README.md"] as const) {
      expect(log).toContain(block(page, "", "wrap-buddy: error: "));
    }
  });
});

test("what src/cli/README.md has for a development shell wraps what is in node_modules when the shell begins", async () => {
  const shell = block("src/cli/README.md", "nix", "mkShellNoCC");
  const derivation = await nix.instantiate("-E", `with ${withOverlay}; ${shell}`);
  const { stdout } = await nix.run(["show-derivation", derivation.trim()]);
  const hook = "[ ! -d node_modules ] || wrap-buddy -q ./node_modules";
  expect(stdout).toContain(`"shellHook": "${hook}"`);
  const project = temporaryDirectory();
  const bin = temporaryDirectory();
  writeFileSync(join(bin, "wrap-buddy"), `#!/bin/sh\necho "$@"\n`, { mode: 0o755 });
  const start = () => execa("bash", ["-c", hook], { cwd: project, env: { PATH: `${bin}:/bin:/usr/bin` } });
  expect((await start()).stdout).toBe("");
  mkdirSync(join(project, "node_modules"));
  expect((await start()).stdout).toBe("-q ./node_modules");
});

test("the tests that nix/README.md has run are there", async () => {
  const [, attributes = ""] = /`nix-build -A (wrap-buddy\.tests -A .*?)`/.exec(pageText("nix/README.md")) ?? [];
  const file = join(temporaryDirectory(), "default.nix");
  writeFileSync(file, withOverlay);
  const made = await nix.instantiate(file, ...["-A", ...attributes.split(" ")]);
  expect(made.match(/wrap-buddy-check-hello\.drv/g)).not.toBeNull();
});
