// The packages of the flake themselves.

import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { runBesideStore, runInStore } from "../support/roots/sandbox.ts";
import { hostPath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { addNpmArchives, archivesBehind } from "./archives.ts";
import { createNix } from "./nix.ts";

const nix = createNix();
const system = "x86_64-linux";
const built = new Map<string, string>();

const results = z.array(z.object({ drvPath: z.string(), outputs: z.object({ out: z.string() }) }));

beforeAll(async () => {
  const names = ["stub", "loader", "launcher", "wrap-buddy", "default"].map((name) => `packages.${system}.${name}`);
  const checks = ["hello", "payload", "missing", "cross"].map((name) => `packages.${system}.wrap-buddy.tests.${name}`);
  const installables = [...names, ...checks].map((name) => `${nix.flake}#${name}`);
  await addNpmArchives(nix, installables);
  const { stdout } = await nix.run(["build", "-L", "--no-link", "--json", ...installables]);
  for (const { drvPath, outputs } of results.parse(JSON.parse(stdout))) {
    built.set(basename(drvPath).replace(/^.{32}-|(-0\.1\.0)?\.drv$/g, ""), outputs.out);
  }
});

function path(name: string): string {
  const found = built.get(name);
  if (found === undefined) throw new Error(`${name} is not among ${[...built.keys()].join(", ")}`);
  return found;
}

function files(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

test("an npm package is the file that package-lock.json has the hash of, fetched again by the derivation", async () => {
  const archives = await archivesBehind(nix, [`${nix.flake}#packages.${system}.wrap-buddy`]);
  const y18n = archives.find(({ fileName }) => fileName.startsWith("y18n-"));
  if (y18n === undefined) throw new Error("y18n is no dependency any more: take another small one");
  expect(await nix.query("--realise", "--check", y18n.derivation)).toEqual([y18n.path]);
});

test("the tool comes with its man page, and completions for bash, fish and zsh", () => {
  const share = join(hostPath(nix.store, path("wrap-buddy")), "share");
  const first = files(share).map((name) => [name, readFileSync(join(share, name), "utf8").split("\n")[0]]);
  expect(first).toEqual([
    ["bash-completion/completions/wrap-buddy", "# bash completion for wrap-buddy"],
    ["fish/vendor_completions.d/wrap-buddy.fish", "# fish completion for wrap-buddy"],
    ["man/man1/wrap-buddy.1", ".Dd $Mdocdate$"],
    ["zsh/site-functions/_wrap-buddy", "#compdef wrap-buddy"],
  ]);
});

describe("stub, loader and launcher", () => {
  test("refer to nothing", async () => {
    const blobs = ["stub", "loader", "launcher"].map((kind) => path(`wrap-buddy-${kind}`));
    expect(await nix.query("-q", "--references", ...blobs)).toEqual([]);
  });

  test("are the bytes that make gives on this machine, for every architecture", async () => {
    const directory = temporaryDirectory();
    const native = join(nix.flake.replace(/^path:/, ""), "native");
    await execa("make", ["-s", "-C", native, `OUT=${directory}`]);
    const made = files(directory).filter((name) => name.endsWith(".bin"));
    expect(made.length).toBeGreaterThanOrEqual(9);
    for (const name of made) {
      const [kind = ""] = /^[a-z]+/.exec(basename(name)) ?? [];
      const from = hostPath(nix.store, path(`wrap-buddy-${kind}`));
      expect(readFileSync(join(from, name)).equals(readFileSync(join(directory, name)))).toBe(true);
    }
  });

  test("are embedded in the command line tool", () => {
    const blobs = join(hostPath(nix.store, path("wrap-buddy")), "lib/wrap-buddy/dist/blobs");
    const made = ["stub", "loader", "launcher"].flatMap((kind) =>
      files(hostPath(nix.store, path(`wrap-buddy-${kind}`))),
    );
    expect(files(blobs)).toEqual(made.sort());
  });
});

describe("the command line tool", () => {
  test("refers to node and to the dynamic linker that it uses for want of a better one", async () => {
    const references = await nix.query("-q", "--references", path("wrap-buddy"));
    expect(references.map((reference) => basename(reference).slice(33)).sort()).toEqual(["glibc", "nodejs-slim"]);
  });

  test("has what V8 compiled beside its parts, the same when it is built again", async () => {
    const names = files(join(hostPath(nix.store, path("wrap-buddy")), "lib/wrap-buddy/dist"));
    expect(names.filter((name) => name.endsWith(".cache"))).toHaveLength(8);
    await nix.run(["build", "--no-link", "--rebuild", `${nix.flake}#wrap-buddy`]);
  });

  test("wraps with that dynamic linker when none is named", async () => {
    const directory = temporaryDirectory();
    const program = join(directory, "lightningcss");
    copyFileSync(
      fileURLToPath(new URL("../../node_modules/lightningcss-cli-linux-x64-gnu/lightningcss", import.meta.url)),
      program,
    );
    const command = [`${path("wrap-buddy")}/bin/wrap-buddy`, program, "--libs", "/usr/lib/x86_64-linux-gnu"] as const;
    const ran = await runBesideStore(nix.store, command);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^Using interpreter: \/nix\/store\/\w{32}-glibc\/lib\/ld-linux-x86-64.so.2$/m);
  });

  test("is what nix run starts, in the version that package.json says", async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));
    const { stdout } = await nix.run(["run", nix.flake, "--", "--version"]);
    expect(stdout).toBe(version);
  });
});

test("the program of the flake's check has been wrapped and starts", async () => {
  const ran = await runInStore(nix.store, [`${path("wrap-buddy-check-hello")}/bin/program`]);
  expect(ran).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
});
