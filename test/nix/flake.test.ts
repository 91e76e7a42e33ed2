// The flake as a whole, evaluated for every system.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createNix } from "./nix.ts";

const outputs = z.record(z.string(), z.unknown());
const bySystem = z.record(z.string(), z.record(z.string(), z.looseObject({ name: z.string().optional() })));

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
    expect(Object.keys(shown).sort()).toEqual(["apps", "checks", "devShells", "formatter", "overlays", "packages"]);
    expect(Object.keys(shown["overlays"] ?? {})).toEqual(["default"]);
  });

  test.each(["x86_64-linux", "aarch64-linux", "i686-linux", "riscv64-linux", "aarch64-darwin"])(
    "has all packages, the program and the shell for %s",
    (system) => {
      expect(names("packages", system)).toEqual(["default", "loader", "stub", "wrap-buddy"]);
      expect(names("apps", system)).toEqual(["default"]);
      expect(names("devShells", system)).toEqual(["default"]);
    },
  );

  test("has the hook as the default package", () => {
    expect(bySystem.parse(shown["packages"])["x86_64-linux"]?.["default"]?.name).toBe("wrap-buddy-hook");
  });

  test("leaves out what nixpkgs cannot build for a system: here without node", () => {
    expect(names("packages", "armv7l-linux")).toEqual(["loader", "stub"]);
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
  });

  test("has a check that runs a wrapped program on Linux, and none elsewhere", () => {
    expect(names("checks", "x86_64-linux")).toContain("hello");
    expect(names("checks", "aarch64-darwin")).toEqual(["default", "loader", "stub", "wrap-buddy"]);
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

test("the lock file names nixpkgs, the flake's only input", () => {
  const lock = z
    .object({ nodes: z.record(z.string(), z.looseObject({})) })
    .parse(JSON.parse(readFileSync(new URL("../../flake.lock", import.meta.url), "utf8")));
  expect(Object.keys(lock.nodes)).toEqual(["nixpkgs", "root"]);
});
