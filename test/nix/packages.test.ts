// Packages as users write them (test/nix/consumer), built by Nix with this project's flake, their programs started in a
// root that holds only the store.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { decodeSidecar, type Sidecar } from "../../src/patch/sidecar/sidecar-codec.ts";
import { type Ran, runInStore, wrapBuddy } from "../support/roots/sandbox.ts";
import { addFiles, hostPath, packagePath } from "../support/roots/store.ts";
import { readElf } from "../support/simulated/simulate.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { addNpmArchives } from "./archives.ts";
import { createNix } from "./nix.ts";

const nix = createNix();

/** Packages that build, by their names in test/nix/consumer/packages.nix. */
const building = [
  ...["plain", "structured", "strict", "noCompiler", "contentAddressed", "outputs", "outputsStructured"],
  ...["inBuildInputs", "twice", "fromOverlay", "fromCallPackage"],
  ...[
    "runtimeList",
    "runtimeString",
    "runtimePackage",
    "runtimeNull",
    "extraNeeded",
    "interpreters",
    "spaces",
    "changedByPhase",
    "off",
    "lostModes",
  ],
  ...["pinNever", "pinNeverStructured", "pinAlways", "pinNull", "verified"],
  ...["movable", "movableStructured"],
  ...["missingIgnored", "found", "searchPath", "migrated", "called", "wrapProgram", "noNode", "nothing"],
  ...["besideBefore", "besideBehind", "besideOff"],
  ...[
    "bun",
    "bunStripped",
    "sass",
    "cross",
    "both",
    "newer",
    "newerStructured",
    "strictByDefault",
    "riscv64",
    "riscv64Tool",
  ],
] as const;
type Building = (typeof building)[number];

const results = z.array(z.object({ drvPath: z.string(), outputs: z.record(z.string(), z.string()) }));

const derivations = z.record(
  z.string(),
  z.looseObject({ outputs: z.record(z.string(), z.object({ path: z.string().optional() }).loose()) }),
);

const built = new Map<string, Readonly<Record<string, string>>>();
let log = "";

beforeAll(async () => {
  const installables = [...building, "missing", "wrongType"].map((name) => `${nix.consumer}#${name}`);
  await addNpmArchives(nix, installables);
  const wanted = installables.slice(0, building.length);
  const ran = await nix.run(["build", "-L", "--no-link", "--json", ...wanted]);
  log = ran.stderr;
  const { stdout } = await nix.run(["show-derivation", ...wanted]);
  const planned = derivations.parse(JSON.parse(stdout));
  for (const { drvPath, outputs } of results.parse(JSON.parse(ran.stdout))) {
    // Of several outputs the result has only the first. Of a content-addressed one the path is known only now.
    const others = Object.entries(planned[drvPath]?.outputs ?? {}).flatMap(([name, { path }]) =>
      path === undefined ? [] : [[name, path]],
    );
    built.set(basename(drvPath).replace(/^.{32}-|\.drv$/g, ""), { ...Object.fromEntries(others), ...outputs });
  }
});

/** The path of an output in the store. */
function output(name: Building, which = "out"): string {
  const path = built.get(name)?.[which];
  if (path === undefined) throw new Error(`${name} has no output ${which}`);
  return path;
}

/** What a package's build has written. */
function logOf(name: string): string {
  const prefix = `${name}> `;
  return log
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => `${line.slice(prefix.length)}\n`)
    .join("");
}

function sidecarPath(program: string): string {
  return `${dirname(program)}/.${basename(program)}.wrapbuddy`;
}

function isWrapped(program: string): boolean {
  return existsSync(hostPath(nix.store, sidecarPath(program)));
}

function sidecarOf(program: string): Sidecar {
  const bytes = readFileSync(hostPath(nix.store, sidecarPath(program)));
  const sidecar = decodeSidecar({ elfClass: 64, byteOrder: "little" }, bytes);
  if ("kind" in sidecar) throw new Error(sidecar.kind);
  return sidecar;
}

/** The run path that a wrapped program gets. */
function runPathOf(program: string): readonly string[] {
  return Buffer.from(sidecarOf(program).runPath).toString().split(":");
}

/** How many needed entries are put in front of the program's own. */
function pinsOf(program: string): number {
  return sidecarOf(program).firstNeeded.length;
}

const style = join(temporaryDirectory(), "style.css");
writeFileSync(style, "a { color: #ff0000; }\n");

/** Starts lightningcss on a style sheet, by an emulator if one is needed. */
function minify(program: string, emulator?: string): Promise<Ran> {
  const binds = [[style, "/style.css"] as const, ...(emulator === undefined ? [] : [[emulator, "/emulator"] as const])];
  const command = emulator === undefined ? ([program] as const) : (["/emulator", program] as const);
  return runInStore(nix.store, [...command, "--minify", "/style.css"], { binds, readOnlyStore: true });
}

const minified = { stdout: "a{color:red}\n", stderr: "", exitCode: 0 };

/** The names of the packages that an output refers to. */
async function references(path: string): Promise<readonly string[]> {
  const paths = await nix.query("-q", "--references", path);
  return paths.map((reference) => (reference === path ? "itself" : basename(reference).slice(33))).sort();
}

describe("a pre-built program", () => {
  test("does not start without the hook", async () => {
    const program = `${output("off")}/bin/lightningcss`;
    expect(isWrapped(program)).toBe(false);
    const { stdout, exitCode, stderr } = await minify(program);
    expect({ stdout, failed: exitCode !== 0 }).toEqual({ stdout: "", failed: true });
    expect(stderr).toContain("No such file or directory");
  });

  test.each([
    ["of a package with the hook in nativeBuildInputs", "plain"],
    ["with __structuredAttrs", "structured"],
    ["with strictDeps", "strict"],
    ["with both of them by default", "strictByDefault"],
    ["of a stdenv without compiler", "noCompiler"],
    ["with the hook of the overlay", "fromOverlay"],
    ["with the hook of callPackage, without a flake", "fromCallPackage"],
    ["with the hook in buildInputs, and strictDeps", "inBuildInputs"],
    ["with the hook in two lists", "twice"],
    ["with runtimeDependencies = null", "runtimeNull"],
    ["with a library of buildInputs", "found"],
    ["with a library of addWrapBuddySearchPath", "searchPath"],
  ] as const)("%s does its work", async (_what, name) => {
    expect(await minify(`${output(name)}/bin/lightningcss`)).toEqual(minified);
  });

  test("of a content-addressed derivation does its work, under a path that was not known when it was wrapped", async () => {
    expect(await minify(`${output("contentAddressed")}/bin/lightningcss`)).toEqual(minified);
  });

  test("with DT_RPATH and files beside it does its work", async () => {
    const sass = `${output("sass")}/lib/sass/src`;
    const scss = "$c: red;\na { b { color: $c; } }\n";
    const ran = await runInStore(nix.store, [`${sass}/dart`, `${sass}/sass.snapshot`, "--stdin"], { input: scss });
    expect(ran).toEqual({ stdout: "a b {\n  color: red;\n}\n", stderr: "", exitCode: 0 });
  });

  test("that bun made keeps what it carries, because strip does not touch it", async () => {
    const program = `${output("bun")}/bin/app`;
    expect(await runInStore(nix.store, [program, "one", "two"])).toMatchObject({
      stdout: "bundled one two\n",
      exitCode: 0,
    });
    expect(logOf("bun")).toMatch(/note: out\/bin\/app: not stripped, \d+ bytes outside its sections would be lost\n/);
  });

  test("that bun made ends the log with what bun may open by name, to keep secrets", () => {
    expect(logOf("bun")).toContain(
      "opens libsecret-1.so.0, libgobject-2.0.so.0 and libglib-2.0.so.0 at run time? add libsecret and glib to runtimeDependencies\n",
    );
    expect(logOf("plain")).not.toContain("at run time?");
  });

  test("that bun made finds what an addon inside it needs, which is on no list of the package's", async () => {
    const program = `${output("bun")}/bin/app`;
    const loaded = { stdout: "bundled addon\nfunction\n", exitCode: 0 };
    expect(await runInStore(nix.store, [program, "addon"])).toMatchObject(loaded);
    expect(await references(output("bun"))).toEqual(["gcc-lib", "gcc-libgcc", "glibc", "itself"]);

    const files = [program, sidecarPath(program)].map((path) => hostPath(nix.store, path));
    const copy = `${addFiles(nix.store, packagePath("without"), files)}/app`;
    const { interpreter } = sidecarOf(program);
    const linker = Buffer.from(interpreter).toString();
    await wrapBuddy(nix.store, [copy, "--interpreter", linker, "--no-embedded"]);
    const without = await runInStore(nix.store, [copy, "addon"]);
    expect(without.stdout + without.stderr).toContain("libstdc++.so.6: cannot open shared object file");
  });

  test("that bun made loses what it carries to strip, without the hook", async () => {
    const program = hostPath(nix.store, `${output("bunStripped")}/bin/app`);
    const { stdout } = await execa(program, ["one", "two"], { reject: false });
    expect(logOf("bunStripped")).toContain("stripping (with command strip");
    expect(stdout).not.toContain("bundled");
  });

  test("of 32 bits beside one of 64 bits gets the interpreter and the libraries of its own class, in one build", async () => {
    const bin = `${output("both")}/bin`;
    for (const [name, said] of [
      ["tool", "64 bits\n"],
      ["tool32", "32 bits\n"],
    ]) {
      expect(isWrapped(`${bin}/${name}`)).toBe(true);
      expect(await runInStore(nix.store, [`${bin}/${name}`])).toEqual({ stdout: said, stderr: "", exitCode: 0 });
    }
    expect(logOf("both").match(/^2 wrapped/gm)).toHaveLength(1);
    // Both are called glibc.
    expect(await references(output("both"))).toEqual(["glibc", "glibc", "itself"]);
  });

  test("for another machine gets that machine's interpreter and libraries, from this machine's hook", async () => {
    const program = `${output("cross")}/bin/lightningcss`;
    expect(await minify(program, "/usr/bin/qemu-aarch64-static")).toEqual(minified);
    for (const directory of runPathOf(program)) {
      for (const name of readdirSync(hostPath(nix.store, directory))) {
        expect(readElf(hostPath(nix.store, join(directory, name))).header.machine).toBe(183);
      }
    }
  });
});

describe("a dynamic linker that nixpkgs knows by a pattern", () => {
  test("is the one of a package without a compiler", async () => {
    const ran = await runInStore(nix.store, ["/emulator", `${output("riscv64")}/bin/tool`], {
      binds: [["/usr/bin/qemu-riscv64-static", "/emulator"]],
    });
    expect(ran).toEqual({ stdout: "riscv64\n", stderr: "", exitCode: 0 });
  });

  test("is built into the command line by its name", () => {
    const directory = hostPath(nix.store, `${output("riscv64Tool")}/lib/wrap-buddy/dist/cli`);
    const names = readdirSync(directory).filter((name) => name.endsWith(".js"));
    const text = names.map((name) => readFileSync(join(directory, name), "utf8"));
    expect(text.join("")).toMatch(/"\/nix\/store\/\w{32}-glibc\/lib\/ld-linux-riscv64-lp64d\.so\.1"/);
  });
});

describe("an output", () => {
  test.each(["newer", "newerStructured"] as const)(
    "refers to the C library and to the compiler's libraries of its own stdenv, not of the hook's (%s)",
    async (name) => {
      expect(await minify(`${output(name)}/bin/lightningcss`)).toEqual(minified);
      expect(await references(output(name))).toEqual(["gcc-newer-libgcc", "glibc-newer", "itself"]);
    },
  );

  test("refers to its interpreter and its libraries, and to nothing that made it", async () => {
    expect(await references(output("plain"))).toEqual(["gcc-libgcc", "glibc", "itself"]);
    expect(await references(output("structured"))).toEqual(["gcc-libgcc", "glibc", "itself"]);
    expect(await references(output("found"))).toEqual(["gcc-libgcc", "glibc", "itself", "zlib"]);
    expect(await references(output("sass"))).toEqual(["glibc", "itself"]);
    expect(await references(output("cross"))).toEqual(["gcc-libgcc", "glibc", "itself"]);
  });

  test("has the same bytes when it is built again", async () => {
    await nix.run(["build", "--no-link", "--rebuild", `${nix.consumer}#plain`, `${nix.consumer}#structured`]);
  });

  test.each(["outputs", "outputsStructured"] as const)(
    "is wrapped like the others, except debug and one that comes later (%s)",
    (name) => {
      expect(isWrapped(`${output(name)}/bin/lightningcss`)).toBe(true);
      expect(isWrapped(`${output(name, "lib")}/libexec/lightningcss`)).toBe(true);
      expect(isWrapped(`${output(name, "debug")}/lib/debug/lightningcss`)).toBe(false);
      expect(existsSync(hostPath(nix.store, output(name, "man")))).toBe(true);
      expect(logOf(name)).toContain("\n2 wrapped");
      expect(logOf(name).indexOf("wrapped out/bin/")).toBeLessThan(logOf(name).indexOf("wrapped lib/libexec/"));
    },
  );

  test("is verified in installCheckPhase by the command line tool", () => {
    expect(logOf("verified")).toMatch(/\/bin\/lightningcss: fine, \d+ libraries\n1 fine\n/);
  });

  test("with nothing to wrap is fine, and the log says so", () => {
    expect(logOf("nothing")).toContain("wrap-buddy: note: no executable to wrap in out\n");
  });

  test("is the same with both ways of passing attributes", () => {
    const read = (name: "plain" | "structured"): Buffer =>
      readFileSync(hostPath(nix.store, `${output(name)}/bin/lightningcss`));
    const [plain, structured] = [read("plain"), read("structured")];
    expect(plain.length).toBe(structured.length);
    expect(runPathOf(`${output("plain")}/bin/lightningcss`)).toEqual(
      runPathOf(`${output("structured")}/bin/lightningcss`),
    );
  });
});

describe("an attribute", () => {
  test.each(["runtimeList", "runtimeString", "runtimePackage"] as const)(
    "adds runtime dependencies (%s)",
    async (name) => {
      expect(runPathOf(`${output(name)}/bin/lightningcss`).map((path) => path.slice(44))).toContain("zlib/lib");
      expect(await references(output(name))).toContain("zlib");
    },
  );

  test("adds a needed entry, which is found in buildInputs", async () => {
    expect(await minify(`${output("extraNeeded")}/bin/lightningcss`)).toEqual(minified);
    expect(await references(output("extraNeeded"))).toContain("zlib");
  });

  test("names another dynamic linker, with its own C library", async () => {
    expect(await minify(`${output("interpreters")}/bin/lightningcss`)).toEqual(minified);
    expect(await references(output("interpreters"))).toEqual(["gcc-libgcc", "itself", "other-libc"]);
  });

  test("keeps spaces in its values with __structuredAttrs", () => {
    expect(runPathOf(`${output("spaces")}/bin/lightningcss`)).toContain("/opt/two words");
    expect(isWrapped(`${output("spaces")}/bin/css tool`)).toBe(false);
    expect(isWrapped(`${output("spaces")}/bin/tool`)).toBe(true);
  });

  test("that a phase adds to is taken as the phase left it", () => {
    const entries = runPathOf(`${output("changedByPhase")}/bin/lightningcss`);
    expect(entries.filter((entry) => entry.startsWith("/opt/"))).toEqual(["/opt/first", "/opt/two words"]);
  });

  test.each([
    ["are not pinned with wrapBuddyPin = false", "pinNever", false],
    ["are not pinned with wrapBuddyPin = false and __structuredAttrs", "pinNeverStructured", false],
    ["are pinned with wrapBuddyPin = true", "pinAlways", true],
    ["are pinned without the attribute", "plain", true],
    ["are pinned with wrapBuddyPin = null", "pinNull", true],
  ] as const)("says whether libraries are pinned: they %s", async (_what, name, isPinned) => {
    const program = `${output(name)}/bin/lightningcss`;
    expect(pinsOf(program) > 0).toBe(isPinned);
    expect(await minify(program)).toEqual(minified);
  });

  describe("wrapBuddyRelocatable", () => {
    test.each(["movable", "movableStructured"] as const)(
      "refers to what it needs, by hashes only (%s)",
      async (name) => {
        expect(await references(output(name))).toEqual(["gcc-libgcc", "glibc", "zlib"]);
        const bytes = readFileSync(hostPath(nix.store, sidecarPath(`${output(name)}/bin/lightningcss`)), "latin1");
        expect(bytes).not.toContain("/nix/store");
      },
    );

    test("makes a closure that starts from where it is copied to, by nix copy and by cp", async () => {
      const places = { copied: temporaryDirectory(), "copied by hand": temporaryDirectory() };
      await nix.run(["copy", "--no-check-sigs", "--to", places.copied, output("movable"), output("found")]);
      const byHand = join(places["copied by hand"], "nix/store");
      mkdirSync(byHand, { recursive: true });
      for (const path of await nix.query("-qR", output("movable"))) {
        await execa("cp", ["-a", hostPath(nix.store, path), join(byHand, basename(path))]);
      }
      for (const [name, place] of Object.entries(places)) {
        const store = { directory: join(place, "nix/store") };
        const start = (program: string) =>
          runInStore(store, [program, "--minify", "/style.css"], {
            binds: [[style, "/style.css"]],
            storeAt: `/opt/${name}/nix/store`,
          });
        expect(await start(`${output("movable")}/bin/lightningcss`)).toEqual(minified);
        if (name === "copied") expect((await start(`${output("found")}/bin/lightningcss`)).exitCode).toBe(127);
      }
    });
  });

  test("of a wrong type fails the build, and the log says what is expected; all wrong ones at once", async () => {
    const { exitCode, stderr } = await nix.run(["build", "-L", "--no-link", `${nix.consumer}#wrongType`], {
      reject: false,
    });
    expect(exitCode).not.toBe(0);
    expect(ours(stderr, "wrongType")).toMatchInlineSnapshot(`
      "wrap-buddy: error: runtimeDependencies: expected a list of packages or absolute paths, got 3
        help: write runtimeDependencies = [ libGL ];
      wrap-buddy: error: wrapBuddyFlags: expected a list of strings, got the set {"relocatable":true}
        help: write wrapBuddyFlags = [ "one" "two" ];"
    `);
  });
});

describe("a missing library", () => {
  test("fails the build, and the log says what is missing, who needs it and what to add", async () => {
    const { exitCode, stderr } = await nix.run(["build", "-L", "--no-link", `${nix.consumer}#missing`], {
      reject: false,
    });
    expect(exitCode).not.toBe(0);
    expect(ours(stderr, "missing")).toMatchInlineSnapshot(`
      "wrap-buddy: error: out/bin/lightningcss: libz.so.1 not found in 3 library directories
        help: add zlib to buildInputs, or list it in wrapBuddyIgnoreMissing
      nothing written, 1 failed"
    `);
  });

  test("that may be missing does not fail the build", () => {
    expect(isWrapped(`${output("missingIgnored")}/bin/lightningcss`)).toBe(true);
  });
});

describe("the fixup phase", () => {
  test("of a package for autoPatchelfHook works with one word changed", async () => {
    const program = `${output("migrated")}/bin/lightningcss`;
    expect(await minify(program)).toEqual(minified);
    expect(runPathOf(program)).toContain("/run/opengl-driver/lib");
    expect(await references(output("migrated"))).toContain("zlib");
  });

  test("calls wrapBuddy for what a package names", () => {
    expect(isWrapped(`${output("called")}/bin/lightningcss`)).toBe(true);
    expect(isWrapped(`${output("called")}/bin/deeper/lightningcss`)).toBe(false);
  });

  test("wraps the program that wrapProgram has renamed before", async () => {
    const program = `${output("wrapProgram")}/bin/.lightningcss-wrapped`;
    expect(isWrapped(program)).toBe(true);
    expect(await minify(program)).toEqual(minified);
  });

  test.each(["besideBefore", "besideBehind"] as const)(
    "leaves to autoPatchelfHook what it has done (%s)",
    async (name) => {
      const program = `${output(name)}/bin/lightningcss`;
      expect(isWrapped(program)).toBe(false);
      expect(await minify(program)).toEqual(minified);
      expect(logOf(name)).toContain("note: no executable to wrap");
    },
  );

  test("wraps where autoPatchelfHook is switched off beside it", async () => {
    expect(isWrapped(`${output("besideOff")}/bin/lightningcss`)).toBe(true);
  });

  test("finds no node and no wrap-buddy on the PATH", () => {
    expect(isWrapped(`${output("noNode")}/bin/lightningcss`)).toBe(true);
  });

  test("runs the hook once, wherever it is listed", () => {
    for (const name of ["plain", "twice", "inBuildInputs"]) {
      expect(logOf(name).match(/^1 wrapped/gm)).toHaveLength(1);
    }
  });

  test("leaves alone what an archive without modes has made no program, says so of programs, and what helps does", async () => {
    const at = output("lostModes");
    const names = ["bin/lost", "bin/lightningcss", "share/data", "share/named"];
    expect(names.filter((name) => isWrapped(`${at}/${name}`))).toEqual(["bin/lightningcss", "share/named"]);
    expect(await minify(`${at}/bin/lightningcss`)).toEqual(minified);
    const warnings = logOf("lostModes").match(/^wrap-buddy: warning: .*\n(?: {2}.*\n)*/gm);
    expect(warnings).toEqual([
      `wrap-buddy: warning: out/bin/lost: has no execute bit, and is left alone
  help: set it in installPhase or postInstall (chmod +x): an archive may have lost it
`,
    ]);
  });

  test("leaves files as executable and as writable as they were", () => {
    const mode = (name: Building): number =>
      statSync(hostPath(nix.store, `${output(name)}/bin/lightningcss`)).mode & 0o777;
    expect([mode("plain"), mode("off")]).toEqual([0o555, 0o555]);
  });
});

/** The lines of the log that are this tool's, store paths without their hashes. */
function ours(stderr: string, name: string): string {
  const prefix = `${name}> `;
  const lines = stderr.split("\n").filter((line) => line.startsWith(prefix));
  const start = lines.findIndex((line) => line.includes("wrap-buddy:"));
  return lines
    .slice(start)
    .map((line) => line.slice(prefix.length).replace(/\/nix\/store\/\w{32}-/g, "/nix/store/…-"))
    .join("\n");
}
