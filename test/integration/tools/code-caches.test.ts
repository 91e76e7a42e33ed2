// What V8 compiled when the program was built, beside each part of it: taken where it fits, and not needed.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { repository } from "../../support/repository.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const built = fileURLToPath(new URL("dist", repository));

/** The program, to be changed. */
function copyOfProgram(): string {
  const directory = join(temporaryDirectory(), "dist");
  cpSync(built, directory, { recursive: true });
  return directory;
}

function cachesOf(distribution: string): readonly string[] {
  return ["cli", "hook"].flatMap((folder) =>
    readdirSync(join(distribution, folder))
      .filter((name) => name.endsWith(".cache"))
      .map((name) => join(distribution, folder, name)),
  );
}

/** Prints which parts were loaded at the end, each with whether V8 refused its cache; undefined without one. */
const tell = `
const [distribution, entry, ...words] = process.argv.slice(1);
process.argv = [process.execPath, entry, ...words];
const { loadedParts } = require(distribution + "/cli/engine/load-part.js");
process.on("exit", () => {
  const parts = [...loadedParts()].map(([name, script]) => [name, script.cachedDataRejected ?? null]);
  console.log("parts: " + JSON.stringify(Object.fromEntries(parts)));
});
require(distribution + "/" + entry);
`;

async function refusedOf(distribution: string, ...words: readonly string[]): Promise<unknown> {
  // What is reported of the file does not matter here.
  const { stdout } = await execa("node", ["-e", tell, distribution, ...words], { input: "", reject: false });
  return JSON.parse(/^parts: (.*)$/m.exec(stdout)?.[1] ?? "");
}

test.each(["wrap", "verify", "inspect", "unwrap"])(
  "each part that `%s` loads has one, and V8 takes it",
  async (command) => {
    expect(await refusedOf(built, "cli/main.js", command, process.execPath, "--json")).toEqual({
      "cli/command-line": false,
      "cli/yargs": false,
      [`cli/${command}-command`]: false,
    });
  },
);

test("each part that the setup hook loads has one, and V8 takes it", async () => {
  expect(await refusedOf(built, "hook/main.js", "list-unstrippable")).toEqual({ "hook/list-unstrippable": false });
  expect(await refusedOf(built, "hook/main.js", "wrap-outputs")).toEqual({ "hook/wrap-buddy-hook": false });
});

test("the program does the same without them, and with what is none", async () => {
  const distribution = copyOfProgram();
  const caches = cachesOf(distribution);
  const words = [join(distribution, "cli/main.js"), "inspect", process.execPath, "--json"];
  const { stdout } = await execa("node", words);
  for (const cache of caches) writeFileSync(cache, "no cache");
  expect((await execa("node", words)).stdout).toBe(stdout);
  for (const cache of caches) rmSync(cache);
  expect((await execa("node", words)).stdout).toBe(stdout);
  expect(caches.length).toBeGreaterThan(0);
});

test("they are the same when they are made again, in another directory", async () => {
  const distribution = copyOfProgram();
  for (const cache of cachesOf(distribution)) rmSync(cache);
  const recorder = fileURLToPath(new URL("build/bundle/record-code-caches.cjs", repository));
  expect(await execa("node", [recorder, distribution])).toMatchObject({ stdout: "", stderr: "" });
  const made = cachesOf(distribution).map((path) => [path.slice(distribution.length), readFileSync(path, "latin1")]);
  const before = cachesOf(built).map((path) => [path.slice(built.length), readFileSync(path, "latin1")]);
  expect(made.length).toBeGreaterThan(0);
  expect(Object.fromEntries(made)).toStrictEqual(Object.fromEntries(before));
});
