// Words of the command line, and a surrounding, that make a bundle hard to make.

import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeEach, expect, it } from "vitest";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
let directory: string;
beforeEach(() => {
  directory = realpathSync(temporaryDirectory());
  copyFileSync("/usr/bin/true", join(directory, "tool"));
});

const bundle = (words: readonly string[], shell = "true") =>
  execa("sh", ["-c", `${shell} && exec "$@"`, "sh", process.execPath, main, "bundle", ...words], {
    cwd: directory,
    reject: false,
    timeout: 30_000,
  });

it("a bundle has the same modes whatever the umask is", async () => {
  mkdirSync(join(directory, "made"));
  expect(await bundle(["tool", "--output", "made/open"], "umask 0")).toMatchObject({ exitCode: 0 });
  expect(await bundle(["tool", "--output", "made/closed"], "umask 0777")).toMatchObject({ exitCode: 0 });
  const modesIn = (top: string): readonly string[] =>
    ["", ...readdirSync(top, { recursive: true, encoding: "utf8" })]
      .filter((name) => existsSync(join(top, name)))
      .map((name) => `${name} ${(statSync(join(top, name)).mode & 0o7777).toString(8)}`)
      .sort();
  const modes = modesIn(join(directory, "made/open"));
  expect(modes[0]).toBe(" 755");
  expect(modesIn(join(directory, "made/closed"))).toEqual(modes);
});
