import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Environment } from "../../../src/cli/machine/environment.ts";
import { choiceFlags, readFlags } from "../../../src/hook/flags.ts";
import type { ShellValue } from "../../../src/hook/handover.ts";
import { readAttributes } from "../../../src/hook/hook-environment.ts";
import { emptyDependencies, hookRequest } from "../../../src/hook/hook-request.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

interface Said {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly packages?: readonly string[];
  readonly hostPackages?: readonly string[];
  readonly searchDirectories?: readonly string[];
  readonly compilerLibraries?: string;
  readonly interpreter?: string;
  readonly bintools?: string;
  readonly compiler?: string;
}

async function requestFor(said: Said): Promise<WrapRequest> {
  const handover = new Map<string, ShellValue>([
    ["packages", { kind: "list", values: said.packages ?? [] }],
    ["hostPackages", { kind: "list", values: said.hostPackages ?? [] }],
    ["interpreter", { kind: "string", values: [said.interpreter ?? ""] }],
    ["compiler", { kind: "string", values: [said.compiler ?? ""] }],
    ["compilerLibraries", { kind: "string", values: [said.compilerLibraries ?? ""] }],
  ]);
  const flags = await readFlags(said.flags ?? [], []);
  if (flags.kind === "issues") throw new Error("bad flags");
  const environment: Environment = {
    bintools: said.bintools,
    storeDirectory: "/nix/store",
    isNixBuild: true,
    noColour: false,
    forcedColour: undefined,
    terminal: undefined,
    debugLevel: 0,
  };
  return hookRequest({
    handover,
    attributes: readAttributes(new Map(), said.attributes ?? {}).values,
    flags: flags.values,
    environment,
    searchDirectories: said.searchDirectories ?? [],
    paths: ["/nix/store/x-tool"],
    recurse: true,
  });
}

function packages(...files: readonly string[]): string {
  const root = temporaryDirectory();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

test("attributes come before what wrapBuddyFlags says of the same", async () => {
  const request = await requestFor({
    attributes: {
      wrapBuddyExclude: ["a"],
      wrapBuddyExtraNeeded: ["liba.so"],
      appendRunpaths: ["$ORIGIN/a"],
      wrapBuddyIgnoreMissing: ["libm*"],
      autoPatchelfIgnoreMissingDeps: ["libn*"],
      wrapBuddyInterpreters: ["/a/ld.so"],
    },
    flags: [
      ...["--exclude", "b", "--needed", "libb.so", "--append-run-path", "/b"],
      ...["--ignore-missing", "libo*", "--interpreter", "/b/ld.so", "--keep-libc"],
    ],
  });
  expect(request).toMatchObject({
    paths: ["/nix/store/x-tool"],
    exclude: ["a", "b"],
    extraNeeded: ["liba.so", "libb.so"],
    appendRunPath: ["$ORIGIN/a", "/b"],
    ignoreMissing: ["libm*", "libn*", "libo*"],
    interpreters: ["/a/ld.so", "/b/ld.so"],
    keepLibc: true,
  });
});

test.each<[boolean | null, readonly string[], WrapRequest["pin"]]>([
  [null, [], "auto"],
  [true, [], "always"],
  [false, [], "never"],
  [null, ["--no-pin"], "never"],
  [false, ["--pin"], "always"],
  [true, ["--no-pin"], "never"],
])("wrapBuddyPin = %s with wrapBuddyFlags %j pins: %s", async (wrapBuddyPin, flags, pin) => {
  expect(await requestFor({ attributes: { wrapBuddyPin }, flags })).toMatchObject({ pin });
});

test.each<[boolean | null, readonly string[], boolean]>([
  [null, [], false],
  [true, [], true],
  [null, ["--strict"], true],
  [true, ["--no-strict"], false],
])("wrapBuddyStrict = %s with wrapBuddyFlags %j is strict: %s", async (wrapBuddyStrict, flags, strict) => {
  expect(await requestFor({ attributes: { wrapBuddyStrict }, flags })).toMatchObject({ strict });
});

test("wrapBuddyForm and wrapBuddyLibraries are the options of those names, which count more", async () => {
  const set = { wrapBuddyForm: "auto", wrapBuddyLibraries: "leave" };
  const { flags } = choiceFlags(readAttributes(new Map(), set).values);
  expect(flags).toEqual(["--form=auto", "--libraries=leave"]);
  expect(await requestFor({ flags })).toMatchObject({ form: "auto", libraries: "leave" });
  expect(await requestFor({ flags: [...flags, "--form", "stub"] })).toMatchObject({ form: "stub" });
});

test("a word that neither of them takes is an issue of the attribute", () => {
  const set = { wrapBuddyForm: "inplace", wrapBuddyLibraries: "all" };
  expect(choiceFlags(readAttributes(new Map(), set).values)).toEqual({
    flags: [],
    issues: [
      { kind: "wrong-choice", attribute: "wrapBuddyForm", found: "inplace", choices: ["stub", "in-place", "auto"] },
      {
        kind: "wrong-choice",
        attribute: "wrapBuddyLibraries",
        found: "all",
        choices: ["auto", "in-place", "carry", "leave"],
      },
    ],
  });
});

test("of packages the lib directory is searched, of files and of packages without one nothing", async () => {
  const root = packages("zlib/lib/libz.so", "tool/bin/tool", "strip.sh");
  const found = await requestFor({ packages: ["zlib", "tool", "strip.sh", "zlib"].map((name) => join(root, name)) });
  expect(found.libraryDirectories).toEqual([`${root}/zlib/lib`]);
});

test("what the program can load is searched before the tools of the build", async () => {
  const root = packages("native/lib/libz.so", "host/lib/libz.so", "other/lib/libz.so");
  const [native, host, other] = ["native", "host", "other"].map((name) => join(root, name)) as [string, string, string];
  const request = await requestFor({ packages: [native, host, other], hostPackages: [other, host] });
  expect(request.libraryDirectories).toEqual([`${host}/lib`, `${other}/lib`, `${native}/lib`]);
});

test("directories of --libs come first, those of addWrapBuddySearchPath last", async () => {
  const root = packages("zlib/lib/libz.so");
  const request = await requestFor({
    packages: [join(root, "zlib")],
    searchDirectories: ["/extra"],
    flags: ["--libs", "/first"],
  });
  expect(request.libraryDirectories).toEqual(["/first", `${root}/zlib/lib`, "/extra"]);
});

test("the compiler's libraries are searched after all others", async () => {
  const request = await requestFor({ compilerLibraries: "/gcc-libgcc/lib:/gcc-lib/lib" });
  expect(request.fallbackLibraryDirectories).toEqual(["/gcc-libgcc/lib", "/gcc-lib/lib"]);
});

test("libgcc and libstdc++ of the package's own compiler come before those that the hook was made with", async () => {
  const root = packages("gcc-libgcc/lib/libgcc_s.so.1", "gcc-lib/lib/libstdc++.so.6", "wrapper/nix-support/cc-ldflags");
  symlinkSync(join(root, "gcc-libgcc/lib/libgcc_s.so.1"), join(root, "gcc-lib/lib/libgcc_s.so.1"));
  writeFileSync(join(root, "wrapper/nix-support/cc-ldflags"), ` -L${root}/gcc-lib/lib --as-needed\n`);
  const request = await requestFor({ compiler: join(root, "wrapper"), compilerLibraries: "/made-with/lib" });
  expect(request.fallbackLibraryDirectories).toEqual([
    `${root}/gcc-libgcc/lib`,
    `${root}/gcc-lib/lib`,
    "/made-with/lib",
  ]);
});

test("a compiler that says nothing of its libraries has none", async () => {
  const request = await requestFor({ compiler: packages("bin/cc"), compilerLibraries: "/made-with/lib" });
  expect(request.fallbackLibraryDirectories).toEqual(["/made-with/lib"]);
});

test("the interpreter of the stdenv in use comes before the one that the hook was made with", async () => {
  const root = packages("bintools/nix-support/dynamic-linker");
  writeFileSync(join(root, "bintools/nix-support/dynamic-linker"), "/musl/ld.so\n");
  const request = await requestFor({ bintools: join(root, "bintools"), interpreter: "/glibc/ld.so" });
  expect(request).toMatchObject({
    fallbackInterpreters: ["/musl/ld.so", "/glibc/ld.so"],
    builtInInterpreters: ["/glibc/ld.so"],
    allowOwnInterpreter: false,
  });
});

test("wrapBuddyInterpreters do not keep other files from the stdenv's", async () => {
  const request = await requestFor({
    attributes: { wrapBuddyInterpreters: ["/a/ld.so"] },
    interpreter: "/glibc/ld.so",
  });
  expect(request).toMatchObject({ interpreters: ["/a/ld.so"], fallbackInterpreters: ["/glibc/ld.so"] });
});

test("a runtime dependency is its lib directory, itself where it has none, and lib where it is not there yet", async () => {
  const root = packages("zlib/lib/libz.so", "plugins/libp.so");
  const request = await requestFor({
    attributes: {
      runtimeDependencies: [join(root, "zlib"), join(root, "plugins"), "/run/not-there", "/run/not-there-either/lib"],
    },
  });
  expect(request.runtimeDependencies).toEqual([
    `${root}/zlib/lib`,
    `${root}/plugins`,
    "/run/not-there/lib",
    "/run/not-there-either/lib",
  ]);
});

test("a runtime dependency without any library is found", () => {
  const root = packages("zlib/lib/libz.so", "plugins/libp.so.1", "zlib-bin/bin/pigz");
  const runtimeDependencies = ["zlib", "plugins", "zlib-bin", "absent"].map((name) => join(root, name));
  expect(emptyDependencies(readAttributes(new Map(), { runtimeDependencies }).values)).toEqual([`${root}/zlib-bin`]);
});
