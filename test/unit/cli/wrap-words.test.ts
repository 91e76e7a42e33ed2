import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Environment } from "../../../src/cli/machine/environment.ts";
import { readEnvironment } from "../../../src/cli/machine/read-environment.ts";
import { wrapOptions } from "../../../src/cli/options/options.ts";
import { parseWords } from "../../../src/cli/options/parse.ts";
import { wrapRequest } from "../../../src/cli/wrap-words.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";

const here = mkdtempSync(join(tmpdir(), "wrap-buddy-request-"));
beforeAll(() => {
  mkdirSync(join(here, "package/lib"), { recursive: true });
  mkdirSync(join(here, "libraries"));
  writeFileSync(join(here, "libraries/lib"), "a file called lib");
});
afterAll(() => rmSync(here, { recursive: true }));

async function requestOf(words: readonly string[], variables: Record<string, string> = {}): Promise<WrapRequest> {
  const parsed = await parseWords(words, wrapOptions);
  const checked = readEnvironment(variables);
  if (parsed.kind !== "values" || checked.kind !== "environment") throw new Error("not understood");
  const environment: Environment = checked.environment;
  return wrapRequest(parsed.values, environment, here);
}

test("relative paths are taken from the working directory", async () => {
  const request = await requestOf(["main", "--interpreter", "ld.so", "--loader-dir-path", "d", "--libs", "../x"]);
  expect([request.paths, request.interpreters, request.loaderDirectory, request.libraryDirectories]).toEqual([
    [join(here, "main")],
    [join(here, "ld.so")],
    join(here, "d"),
    [join(here, "../x")],
  ]);
});

test("a package given as a library directory stands for itself and its lib", async () => {
  const { libraryDirectories } = await requestOf(["a", "--libs", "package", "libraries"]);
  expect(libraryDirectories).toEqual([join(here, "package"), join(here, "package/lib"), join(here, "libraries")]);
});

test("a run-time dependency stands for its lib where it has one, for itself otherwise", async () => {
  const { runtimeDependencies } = await requestOf(["a", "--runtime-dependencies", "package", "libraries"]);
  expect(runtimeDependencies).toEqual([join(here, "package/lib"), join(here, "libraries")]);
});

test("a run-time dependency relative to the executable is left as it is", async () => {
  const { runtimeDependencies } = await requestOf(["a", "--runtime-dependencies", "$ORIGIN/../lib"]);
  expect(runtimeDependencies).toEqual(["$ORIGIN/../lib"]);
});

test("appended run path entries are left as they are", async () => {
  const { appendRunPath } = await requestOf(["a", "--append-run-path", "/run/opengl-driver/lib", "x/"]);
  expect(appendRunPath).toEqual(["/run/opengl-driver/lib", "x/"]);
});

test("a needed name is a soname, and a needed path is made absolute", async () => {
  const { extraNeeded } = await requestOf(["a", "--needed", "libx.so.1", "./libq.so", "$ORIGIN/libz.so"]);
  expect(extraNeeded).toEqual(["libx.so.1", join(here, "libq.so"), "$ORIGIN/libz.so"]);
});

test("with an interpreter given neither defaults nor the file's own are used", async () => {
  const request = await requestOf(["a", "--interpreter", "/l/ld.so"], { NIX_BINTOOLS: here });
  expect([request.interpreters, request.fallbackInterpreters, request.allowOwnInterpreter]).toEqual([
    ["/l/ld.so"],
    [],
    false,
  ]);
});

test("without one the defaults are used, then the file's own", async () => {
  mkdirSync(join(here, "nix-support"), { recursive: true });
  writeFileSync(join(here, "nix-support/dynamic-linker"), "/g/ld.so\n");
  const request = await requestOf(["a"], { NIX_BINTOOLS: here });
  expect([request.interpreters, request.fallbackInterpreters, request.allowOwnInterpreter]).toEqual([
    [],
    ["/g/ld.so"],
    true,
  ]);
});

test.each([
  [[], "auto"],
  [["--pin"], "always"],
  [["--no-pin"], "never"],
] as const)("%j means that pinning is %s", async (words, pin) => {
  expect((await requestOf(["a", ...words])).pin).toBe(pin);
});

test("flags and the store directory are taken over", async () => {
  const words = ["a", "--no-recurse", "--relocatable", "--dry-run", "--keep-libc", "--ignore-existing"];
  expect(await requestOf(words, { NIX_STORE: "/gnu/store" })).toMatchObject({
    recurse: false,
    relocatable: true,
    dryRun: true,
    keepLibc: true,
    ignoreExistingRunPath: true,
    storeDirectory: "/gnu/store",
  });
});
