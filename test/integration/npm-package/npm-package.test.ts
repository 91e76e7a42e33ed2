// The npm package, packed from a copy of the repository in which nothing has been built, and installed in an empty
// directory. What uses it there sees neither the repository nor a compiler.

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { helloSource } from "../../support/compiled/compile.ts";
import { buildProgram, failsToStart, type Program, start } from "../../support/compiled/program.ts";
import { type Ran, runBesideStore } from "../../support/roots/sandbox.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });
const { version, dependencies } = manifest.parse(JSON.parse(readFileSync(`${repository}package.json`, "utf8")));

/** Where the archive is installed. */
const installed = temporaryDirectory();
let packed: readonly string[];

beforeAll(async () => {
  const copy = temporaryDirectory();
  const tracked = await execa("git", ["ls-files", "-z"], { cwd: repository });
  for (const name of tracked.stdout.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(repository, name), join(copy, name));
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  const result = await execa("npm", ["pack", "--json", "--pack-destination", installed], { cwd: copy });
  const [archive] = z
    .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
    .parse(JSON.parse(result.stdout.slice(result.stdout.indexOf("[\n"))));
  packed = archive?.files.map(({ path }) => path) ?? [];
  await execa("npm", ["init", "--yes"], { cwd: installed });
  await execa("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", archive?.filename ?? ""], {
    cwd: installed,
  });
});

/** `npx wrap-buddy ARGUMENTS…` there, where the repository is an empty directory and clang is no program. */
function npx({ store }: Pick<Program, "store">, ...args: readonly string[]): Promise<Ran> {
  const compilers = readdirSync("/usr/bin").filter((name) => /^(clang|ld\.lld|lld)/.test(name));
  return runBesideStore(store, ["npx", "wrap-buddy", ...args], {
    environment: { HOME: installed },
    bwrap: [
      ...["--bind", installed, "/tmp/installed", "--tmpfs", repository, "--chdir", "/tmp/installed"],
      ...compilers.flatMap((name) => ["--ro-bind", "/dev/null", `/usr/bin/${name}`]),
    ],
  });
}

it("has the command line, the library and all stubs and loaders, though nothing had been built", () => {
  expect(packed).toEqual(expect.arrayContaining(["dist/cli/main.js", "dist/index.js", "dist/index.d.ts", "LICENSE"]));
  const architectures = readdirSync(`${repository}dist/blobs`);
  expect(architectures.length).toBeGreaterThan(7);
  expect(packed).toEqual(expect.arrayContaining(architectures.map((name) => `dist/blobs/${name}/loader.bin`)));
});

it("brings along only what its library loads", () => {
  const names = readdirSync(join(installed, "node_modules")).filter((name) => !name.startsWith("."));
  expect(names.toSorted()).toEqual(["wrap-buddy", ...Object.keys(dependencies)].toSorted());
});

it("has a library that can be imported", async () => {
  const script = 'import { run, inspect } from "wrap-buddy"; console.log(typeof run, typeof inspect);';
  const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", script], { cwd: installed });
  expect(stdout).toBe("function function");
});

it("says its version, and wraps a program that then starts", async () => {
  const program = await buildProgram({ files: helloSource });
  expect(failsToStart(await start(program))).toBe(true);
  expect(await npx(program, "--version")).toEqual({ stdout: `${version}\n`, stderr: "", exitCode: 0 });
  const ran = await npx(program, program.path, "--interpreter", program.glibc.interpreter);
  expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
  expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
});
