// Words of the command line, and a surrounding, that make a bundle hard to make.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeEach, expect, it } from "vitest";
import { runBundled } from "../../support/roots/bundled-root.ts";
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

it("a variable needs a name, and one that leads out is told", async () => {
  const refused = await bundle(["tool", "--output", "out", "--set", "A=b", "NAME", "=value", "B=\u0001"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatchInlineSnapshot(`
    "wrap-buddy: error: --set: "NAME" is not a value of it
      help: give NAME=VALUE
    wrap-buddy: error: --set: "=value" is not a value of it
      help: give NAME=VALUE
    wrap-buddy: error: --set: "B=\\x01" is not a value of it
      help: give NAME=VALUE"
  `);
  const words = ["--set", "A=/usr/share", `B=${directory}/tool`, "C=/etc/x", "D=/no/where:/no", "D=d"];
  const made = await bundle(["tool", "--output", "out", ...words]);
  expect(made.exitCode).toBe(0);
  expect(made.stderr).toMatchInlineSnapshot(`
    "wrap-buddy: warning: /usr/share: not in the bundle, and A names it: it is looked for there where the bundle runs
      help: give it too"
  `);
});

it("a program gets its variables unless they are set: a static one, one of glibc, a script", async () => {
  copyFileSync("/bin/busybox", join(directory, "env"));
  copyFileSync("/usr/bin/printenv", join(directory, "printenv"));
  writeFileSync(join(directory, "script"), "#!/bin/sh\necho A=$A\n", { mode: 0o755 });
  const made = await bundle(["env", "printenv", "script", "--output", "out", "--set", `A=x:${directory}`, "B="]);
  expect(made).toMatchObject({ exitCode: 0, stderr: "" });
  const expected = `x:/bundle/bin/../root${directory}`;
  const inBundle = (name: string, environment = {}) => runBundled(join(directory, "out"), [name], { environment });
  for (const name of ["env", "script"]) expect((await inBundle(name)).stdout).toContain(`A=${expected}\n`);
  const printed = (await inBundle("printenv")).stdout;
  expect([printed.includes(`A=${expected}\n`), printed.includes("B=\n")]).toEqual([true, true]);
  expect((await inBundle("env", { A: "", B: "b" })).stdout).toMatch(/^A=\nB=b$/m);
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

it("a working directory and names that are not UTF-8, with a traced run", { tags: ["trace"] }, async () => {
  const enter = String.raw`mkdir "$(printf 'caf\351')" && cd "$(printf 'caf\351')" && cp ../tool "$(printf 't\351')"`;
  const traced = String.raw`${enter} && set -- "$@" "$(printf 't\351')" --trace-run "$(printf 't\351 && echo in $PWD >&2')"`;
  const ran = await bundle(["--output", "out"], traced);
  expect([ran.exitCode, ran.stderr.replace(/[^ -~]+/g, "?")]).toEqual([0, `in ${directory}/caf?`]);
  const started = await execa("sh", ["-c", String.raw`"./$(printf 'caf\351')/out/bin/$(printf 't\351')"`], {
    cwd: directory,
  });
  expect(started.exitCode).toBe(0);
  const packed = await bundle(["../tool", "--format", "tar.zst", "--output", "out.tar.zst"], `cd caf*`);
  expect(packed).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await execa("sh", ["-c", "zstd -dc caf*/out.tar.zst | tar t"], { cwd: directory })).stdout).toContain(
    "bin/tool",
  );
});

it("a directory with links to itself, as Debian's /usr/bin has one, keeps them", async () => {
  const enter = "mkdir -p given/bin && cp tool given/bin && ln -s . given/bin/X11 && ln -s .. given/bin/up";
  expect(await bundle(["given", "--output", "out"], enter)).toMatchObject({ exitCode: 0, stderr: "" });
  const bin = join(directory, "out/root", directory, "given/bin");
  expect(["X11", "up"].map((name) => readlinkSync(join(bin, name)))).toEqual([".", ".."]);
});
