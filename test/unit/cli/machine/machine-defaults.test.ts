import { afterEach, beforeEach, expect, test } from "vitest";
import { machineDefaults } from "../../../../src/cli/machine/machine-defaults.ts";
import { runCommand } from "../../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const linker = "glibc/lib/ld-linux-x86-64.so.2";

/** A node as nixpkgs links it: the path of a file that says so. */
function nodeOfStore(): string {
  store.library("gcc-lib/lib/libstdc++.so.6", {});
  return store.executable("nodejs/bin/node", {
    interpreter: store.at(linker),
    runpath: `${store.at("gcc-lib/lib")}:${store.at("absent/lib")}:/usr/lib`,
    needed: ["libc.so.6"],
  });
}

test("a node of the store offers its interpreter, and the directories of its run path that are there", () => {
  const node = nodeOfStore();
  expect(machineDefaults({}, store.root, node)).toEqual({
    linker: undefined,
    nodeLinker: store.at(linker),
    libraryDirectories: [store.at("gcc-lib/lib")],
  });
});

test("a node from elsewhere, or one that is not there, offers nothing", () => {
  const node = nodeOfStore();
  const none = { linker: undefined, nodeLinker: undefined, libraryDirectories: [] };
  const offered = [
    machineDefaults({}, "/nix/store", node),
    machineDefaults({}, store.root),
    machineDefaults({}, store.root, store.at("absent")),
  ];
  expect(offered).toEqual([none, none, none]);
});

test("nix-ld's variables offer a linker and directories", () => {
  const variables = { NIX_LD: store.at(linker), NIX_LD_LIBRARY_PATH: `${store.at("glibc/lib")}:relative:/absent` };
  expect(machineDefaults(variables, store.root)).toEqual({
    linker: store.at(linker),
    nodeLinker: undefined,
    libraryDirectories: [store.at("glibc/lib")],
  });
});

test("in a Nix build nothing of the machine counts", () => {
  const variables = { NIX_BUILD_TOP: "/build", NIX_LD: store.at(linker), NIX_LD_LIBRARY_PATH: store.at("glibc/lib") };
  expect(machineDefaults(variables, store.root, nodeOfStore())).toMatchObject({ libraryDirectories: [] });
});

test("with nix-ld's variables an executable is wrapped without another word, and without its defaults it is not", async () => {
  store.library("zlib/lib/libz.so.1", { needed: ["libc.so.6"] });
  store.executable("tool", { needed: ["libz.so.1", "libc.so.6"], interpreter: "/lib64/absent-linker.so.2" });
  const variables = { NIX_STORE: store.root, NIX_LD: store.at(linker), NIX_LD_LIBRARY_PATH: store.at("zlib/lib") };
  const without = await runCommand("wrap", ["tool", "--no-defaults"], store.root, { variables });
  expect(without.code).toBe(1);
  expect(await runCommand("wrap", ["tool", "--dry-run"], store.root, { variables })).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining(`Using interpreter: ./${linker}\n`),
  });
});

test("a linker that is given is taken before the machine's", async () => {
  store.library("other/lib/ld-linux-x86-64.so.2", {
    interpreter: null,
    symbols: [{ name: "_r_debug", value: 0x10n }],
  });
  store.executable("tool", { needed: [] });
  const words = ["tool", "--dry-run", "--interpreter", store.at("other/lib/ld-linux-x86-64.so.2")];
  const { stdout } = await runCommand("wrap", words, store.root, { variables: { NIX_LD: store.at(linker) } });
  expect(stdout).toContain("Using interpreter: ./other/lib/ld-linux-x86-64.so.2");
});
