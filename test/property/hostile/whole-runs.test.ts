// Whole runs of the command line over directories full of damaged executables: every command goes through to the end, says
// what became of each file, and ends with the status that goes with it.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mapElf } from "../../support/elf/elf-fields.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { fuzzSeconds, fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { complaintAboutChange } from "./allowed-changes.ts";
import { damage } from "./damage.ts";
import { wholeFile } from "./image.ts";
import { createRandom } from "./random.ts";
import { generatedSeeds } from "./seeds.ts";

const seed = Number(process.env["SEED"] || fuzzSeed);
const directories = fuzzSeconds === undefined ? 2 : 40;
/** Files in each. */
const fileCount = 100;
const seeds = generatedSeeds().map((one) => ({ ...one, whole: wholeFile(one.tool, mapElf(one.tool)) }));

interface Report {
  readonly code: number;
  readonly files: readonly { readonly path: string; readonly kind: string; readonly reason?: string }[];
  readonly issues: readonly { readonly kind: string; readonly severity: string; readonly path?: string }[];
}

type Command = "wrap" | "unwrap" | "verify" | "inspect";

/** Runs a command for its report as JSON; it must not be a bug. */
async function report(command: Command, words: readonly string[], directory: string): Promise<Report> {
  const { code, stdout } = await runCommand(command, [...words, "--json"], directory);
  expect([0, 1]).toContain(code);
  return { code, ...JSON.parse(stdout) };
}

const isError = ({ severity }: { readonly severity: string }): boolean => severity === "error";

/** A directory with damaged executables, and what they load; the bytes of each by its path. */
function fill(directory: string, first: number): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let number = first; number < first + fileCount; number++) {
    const random = createRandom(seed, number);
    const { whole } = random.pick(seeds);
    const path = join(directory, "bin", `tool-${number}`);
    files.set(path, damage(whole, random).bytes);
  }
  mkdirSync(join(directory, "bin"));
  for (const [path, bytes] of files) writeFileSync(path, bytes, { mode: 0o755 });
  for (const { name, libraries } of seeds) {
    mkdirSync(join(directory, name));
    for (const [library, bytes] of Object.entries(libraries)) writeFileSync(join(directory, name, library), bytes);
  }
  return files;
}

const lyingIn = (directory: string): readonly string[] => readdirSync(join(directory, "bin")).sort();

function expectOriginals(files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) expect(readFileSync(path).equals(bytes), path).toBe(true);
}

async function goThrough(directory: string, first: number): Promise<string> {
  const files = fill(directory, first);
  const names = lyingIn(directory);
  const linkers = seeds.flatMap(({ name, linker }) => ["--interpreter", join(directory, name, linker)]);
  const libraries = seeds.flatMap(({ name }) => ["--libs", join(directory, name)]);
  const words = ["bin", ...linkers, ...libraries, "--ignore-missing", "*"];

  const all = await report("wrap", words, directory);
  expect(all.code).toBe(all.issues.some(isError) ? 1 : 0);
  const told = new Set(all.files.map(({ path }) => path));
  const isElf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from("\x7fELF", "latin1"));
  for (const [path, bytes] of files) if (isElf(bytes)) expect(told).toContain(path);
  const failed = all.files.filter(({ kind }) => kind === "failed").map(({ path }) => path);
  for (const path of failed) expect(all.issues.filter((one) => isError(one) && one.path === path)).not.toEqual([]);
  if (all.code === 1) {
    expectOriginals(files);
    expect(lyingIn(directory)).toEqual(names);
  }
  for (const command of ["inspect", "verify"] as const) await report(command, ["bin"], directory);

  const rest = await report("wrap", [...words, ...failed.flatMap((path) => ["--exclude", path])], directory);
  expect(rest).toMatchObject({ code: 0 });
  const wrapped = rest.files.filter(({ kind }) => kind === "wrapped").map(({ path }) => path);
  for (const [path, bytes] of files) {
    const now: Uint8Array = readFileSync(path);
    if (wrapped.includes(path)) expect(complaintAboutChange(bytes, now, bytes), path).toBeUndefined();
    else expect(Buffer.from(bytes).equals(now), path).toBe(true);
  }
  const verified = await report("verify", ["bin", "--ignore-missing", "*"], directory);
  expect(verified.files.filter(({ kind }) => kind === "fine").map(({ path }) => path)).toEqual(wrapped);
  await report("inspect", ["bin"], directory);

  expect(await report("unwrap", ["bin"], directory)).toMatchObject({ code: 0 });
  expectOriginals(files);
  expect(lyingIn(directory)).toEqual(names);

  // Named one by one, what cannot be wrapped is an error, and the others wait for it.
  const named = await report("wrap", [...files.keys(), ...words.slice(1)], directory);
  expect(named.code).toBe(1);
  expectOriginals(files);
  expect(lyingIn(directory)).toEqual(names);
  return `${all.files.length} files: ${wrapped.length} wrapped and restored, ${failed.length} failed`;
}

test("a directory of damaged files is gone through to its end, and what became of each is told", {
  timeout: 600_000,
}, async () => {
  console.info(`seed ${seed}`);
  for (let index = 0; index < directories; index++) {
    console.info(await goThrough(temporaryDirectory(), 1_000_000 + index * fileCount));
  }
});
