// --packages with a Nix that knows what it needs (2.9 and later; this machine's own is older): Debian's of a later
// release, which the tool itself makes run here.

import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { compile } from "../support/compiled/compile.ts";
import { failsToStart } from "../support/compiled/program.ts";
import { type Ran, runBesideStore, runInStore, type SandboxOptions, wrapBuddy } from "../support/roots/sandbox.ts";
import { addGlibc, createStore, hostPath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { createNix } from "./nix.ts";

const { store, nixpkgs } = createNix();
const state = join(store.directory, "../var");
const [programs, home, project] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
const debian = fileURLToPath(new URL("../../build/debian/nix/usr", import.meta.url));
const tool = join(project, "tool");
const toolSource = `
#include <stdio.h>
const char *zlibVersion(void);
int main(void) { puts(zlibVersion()); return 0; }`;

// No namespaces inside of these, and no network. That `nix build` is wanted the tool has to say.
const features = (names: string): string =>
  `experimental-features = ${names}\nflake-registry =\nbuild-users-group =\nsandbox = false\nsubstitute = false`;
const sandbox: SandboxOptions = {
  environment: {
    HOME: home,
    XDG_CONFIG_HOME: home,
    PATH: `${programs}:/usr/bin:/bin`,
    NIX_CONFIG: features("flakes"),
  },
  bwrap: ["--bind", state, "/nix/var"],
  seconds: 120,
};
const wholeNix = { ...sandbox.environment, NIX_CONFIG: features("flakes nix-command") };
let interpreter: string;

const wrap = (...words: readonly string[]): Promise<Ran> =>
  wrapBuddy(store, [tool, "--interpreter", interpreter, "--no-defaults", ...words], sandbox);
const start = (): Promise<Ran> => runInStore(store, ["/project/tool"], { binds: [[project, "/project"]] });
const starts = { exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+/) };

async function run(command: string): Promise<string> {
  const ran = await runBesideStore(store, ["bash", "-euc", command], { ...sandbox, environment: wholeNix });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return ran.stdout.trimEnd();
}

beforeAll(async () => {
  for (const directory of [store.directory, state]) mkdirSync(directory, { recursive: true });
  const [nix, libraries] = [join(programs, "nix"), join(debian, "lib/x86_64-linux-gnu")];
  copyFileSync(join(debian, "bin/nix"), nix);
  symlinkSync("nix", join(programs, "nix-store"));
  const words = [nix, "--interpreter", join(libraries, "ld-linux-x86-64.so.2"), "--libs", libraries];
  expect(await wrapBuddy(store, words)).toMatchObject({ exitCode: 0, stderr: "" });
  const made = createStore();
  const glibc = join(temporaryDirectory(), "glibc");
  const from = hostPath(made, addGlibc(made).directory);
  interpreter = `${await run(`mkdir ${glibc}; cp -a ${from} ${glibc}/lib; nix-store --add ${glibc}`)}/lib/ld-linux-x86-64.so.2`;
  await run(`nix registry add nixpkgs path:${nixpkgs}`);
  await compile(tool, { files: { "tool.c": toolSource }, libraries: ["-l:libz.so.1"] });
}, 120_000);

test("this Nix is new enough, and runs because it was wrapped", async () => {
  expect(await run("nix --version")).toMatch(/^nix \(Nix\) (?:[3-9]|2\.(?:9|[1-9]\d))/);
});

test("a package that nixpkgs does not have is Nix's own error, then this tool's, and nothing is wrapped", async () => {
  const ran = await wrap("--packages", "zlib", "absent");
  expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ran.stderr).toContain("does not provide attribute 'packages.x86_64-linux.absent'");
  expect(ran.stderr).toContain("\nwrap-buddy: error: --packages zlib absent: nix ended with 1\n");
  expect(failsToStart(await start())).toBe(true);
});

test("Nix builds the packages, the program starts with their libraries, and has roots for them", async () => {
  const ran = await wrap("--packages", "zlib", "cacert");
  expect(ran).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^building '.*-zlib\.drv'/m) });
  expect(ran.stderr).not.toContain("wrap-buddy:");
  expect(await start()).toMatchObject(starts);
  const roots = readdirSync(join(project, ".wrap-buddy/tool")).map((name) => basename(name).slice(33));
  expect(roots.sort()).toEqual(["glibc", "zlib"]);
});

test("without them the library is missing, and the words of the message have it built", async () => {
  await wrapBuddy(store, ["unwrap", tool], sandbox);
  const ran = await wrap();
  expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("libz.so.1 not found") });
  expect(failsToStart(await start())).toBe(true);
  const [, words = ""] = /; with Nix: (--libs \$\(.*\))$/m.exec(ran.stderr) ?? [];
  const typed = await run(`printf '%s\\n' ${words}`);
  expect(await wrap(...typed.split("\n"))).toMatchObject({ exitCode: 0 });
  expect(await start()).toMatchObject(starts);
});
