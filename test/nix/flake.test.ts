// The flake as a whole, evaluated for every system.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { createNix } from "./nix.ts";

const outputs = z.record(z.string(), z.unknown());
const bySystem = z.record(z.string(), z.record(z.string(), z.looseObject({ name: z.string().optional() })));

/** The packages, with the names that the other wrap-buddy's flake has for two of them. */
const hookAndTool = ["default", "launcher", "loader", "stub", "wrap-buddy", "wrapBuddy", "wrapBuddy-unwrapped"];

describe("nix flake show", () => {
  const nix = createNix();
  let shown: z.infer<typeof outputs>;

  beforeAll(async () => {
    const { stdout } = await nix.run(["flake", "show", "--json", nix.flake]);
    shown = outputs.parse(JSON.parse(stdout));
  }, 60_000);

  function names(output: string, system: string): readonly string[] {
    return Object.keys(bySystem.parse(shown[output])[system] ?? {});
  }

  test("lists every output of a flake that a user looks for", () => {
    expect(Object.keys(shown).sort()).toEqual([
      "apps",
      "bundlers",
      "checks",
      "devShells",
      "formatter",
      "overlays",
      "packages",
    ]);
    expect(Object.keys(shown["overlays"] ?? {})).toEqual(["default"]);
  });

  test.each(["x86_64-linux", "aarch64-linux", "i686-linux", "riscv64-linux", "aarch64-darwin"])(
    "has all packages, the program and, where it can be made, the shell for %s",
    (system) => {
      expect(names("packages", system)).toEqual([...hookAndTool].sort());
      expect(names("apps", system)).toEqual(["default"]);
      expect(names("devShells", system)).toEqual(system === "i686-linux" ? [] : ["default"]);
    },
  );

  test.each([
    ["default", "wrap-buddy-hook"],
    ["wrapBuddy", "wrap-buddy-hook"],
    ["wrapBuddy-unwrapped", "wrap-buddy-0.1.0"],
  ])("has as %s the package %s", (name, packageName) => {
    expect(bySystem.parse(shown["packages"])["x86_64-linux"]?.[name]?.name).toBe(packageName);
  });

  test("leaves out what nixpkgs cannot build for a system: here without node", () => {
    expect(names("packages", "armv7l-linux")).toEqual(["launcher", "loader", "stub"]);
    expect(names("apps", "armv7l-linux")).toEqual([]);
  });

  test("leaves out a system that throws", () => {
    expect(names("packages", "x86_64-darwin")).toEqual([]);
    expect(names("checks", "x86_64-darwin")).toEqual([]);
  });

  test("leaves out a system that nixpkgs does not have, and a formatter that it does not have for one", () => {
    expect(names("packages", "powerpc64le-linux")).toEqual([]);
    const formatters = Object.keys(outputs.parse(shown["formatter"]));
    expect(formatters).toContain("x86_64-linux");
    expect(formatters).not.toContain("riscv64-linux");
    expect(formatters).not.toContain("i686-linux");
  });

  test("has a check that runs a wrapped program on Linux, and none elsewhere", () => {
    expect(names("checks", "x86_64-linux")).toEqual([...hookAndTool, "hello", "missing", "payload"].sort());
    expect(names("checks", "aarch64-darwin")).toEqual([...hookAndTool].sort());
  });
});

test("nix flake check finds nothing wrong, for any system", async () => {
  const nix = createNix();
  const { stderr } = await nix.run(["flake", "check", "--no-build", nix.flake]);
  expect(stderr).not.toMatch(/error|warning: (?!not writing modified lock file)/);
}, 60_000);

test("for Darwin the hook is there, and needs neither node nor the command line tool", async () => {
  const nix = createNix();
  const { stdout } = await nix.run(["show-derivation", `${nix.flake}#packages.aarch64-darwin.default`]);
  const [derivation] = Object.values(
    z.record(z.string(), z.looseObject({ env: z.record(z.string(), z.string()) })).parse(JSON.parse(stdout)),
  );
  expect(derivation?.env).toMatchObject({ node: "", program: "", interpreterFile: "", compilerLibraries: "" });
}, 60_000);

test("the hook is made by callPackage in a package set that knows nothing of flakes", async () => {
  const nix = createNix();
  const packages = `import ${nix.nixpkgs} { system = "x86_64-linux"; machine = import ${nix.nixpkgs}/machine.nix; }`;
  const hook = `${nix.flake.replace(/^path:/, "")}/nix/hook.nix`;
  expect(await nix.instantiate("-E", `(${packages}).callPackage ${hook} { }`)).toMatch(/-wrap-buddy-hook\.drv$/);
}, 60_000);

test("the tool can be had from the hook, by both of its names", async () => {
  const nix = createNix();
  const { stdout } = await nix.run([
    ...["eval", "--json", `${nix.flake}#packages.x86_64-linux.wrapBuddy`],
    ...["--apply", "hook: hook.wrapBuddy.drvPath == hook.wrap-buddy.drvPath"],
  ]);
  expect(JSON.parse(stdout)).toBe(true);
}, 60_000);

test("what nix/README.md sends to nixpkgs is evaluated without the rest of the repository", async () => {
  const nix = createNix();
  const repository = nix.flake.replace(/^path:/, "");
  const readme = readFileSync(join(repository, "nix/README.md"), "utf8");
  const sent = temporaryDirectory();
  const listed = readme.slice(readme.indexOf("is this\nfolder's"), readme.indexOf("`package-lock.json`, and this"));
  const names = [...listed.matchAll(/`([a-z-]+\.nix)`/g)].map(([, name = ""]) => name);
  for (const name of names) copyFileSync(join(repository, "nix", name), join(sent, name));
  copyFileSync(join(repository, "package-lock.json"), join(sent, "package-lock.json"));
  writeFileSync(join(sent, "source.nix"), /```nix\n(.*?)```/s.exec(readme)?.[1] ?? "");
  const packages = `import ${nix.nixpkgs} { system = "x86_64-linux"; machine = import ${nix.nixpkgs}/machine.nix; }`;
  const made = ["package.nix", "hook.nix"].map((name) => `((${packages}).callPackage ${sent}/${name} { })`);
  expect(await nix.instantiate("-E", `[ ${made.join(" ")} ]`)).toMatch(
    /-wrap-buddy-0\.1\.0\.drv\n.*-wrap-buddy-hook\.drv$/,
  );
  const { version, description } = z
    .object({ version: z.string(), description: z.string() })
    .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));
  expect(readme).toContain(`version = "${version}";`);
  expect(readme).toContain(`description = "${description}";`);
}, 60_000);

test("the lock file names nixpkgs, the flake's only input", () => {
  const lock = z
    .object({ nodes: z.record(z.string(), z.looseObject({})) })
    .parse(JSON.parse(readFileSync(new URL("../../flake.lock", import.meta.url), "utf8")));
  expect(Object.keys(lock.nodes)).toEqual(["nixpkgs", "root"]);
});
