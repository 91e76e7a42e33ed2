// Executables with their interpreter and run path in their own padding: on every architecture, and what of README's known
// limits of a stub does not hold for them.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { behaviourSources } from "../../support/compiled/behaviour-sources.ts";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import type { Source } from "../../support/compiled/compile.ts";
import {
  buildGreeting,
  type Greeting,
  greetingArguments,
  greetingEnvironment,
  greetings,
} from "../../support/compiled/greeting.ts";
import { type EmulatorOptions, forMachine, type Machine, machines, runOn } from "../../support/compiled/machines.ts";
import {
  buildProgram,
  failsToStart,
  type Program,
  start as startProgram,
  wrap as wrapProgram,
} from "../../support/compiled/program.ts";
import { type Ran, runBesideStore, runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

async function wrap({ store, glibc, library, path }: Greeting, ...args: readonly string[]): Promise<string> {
  const ran = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", library, ...args]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  return ran.stdout;
}

function start({ machine, store, path }: Greeting, options: EmulatorOptions = {}): Promise<Ran> {
  return runOn(machine, store, [path, ...greetingArguments], { ...options, environment: greetingEnvironment });
}

const builds: { readonly [title: string]: (machine: Machine, source: Source) => Source } = {
  "a position-independent executable": forMachine,
  "one without position independence": (machine, source) =>
    forMachine(machine, { ...source, flags: ["-O2", "-no-pie"] }),
};

describe.each(machines)("on $name", (machine) => {
  for (const [title, build] of Object.entries(builds)) {
    it(`${title} starts in place, and is restored byte for byte`, async () => {
      const greeting = await buildGreeting(machine, (source) => build(machine, source));
      const file = hostPath(greeting.store, greeting.path);
      const original = readFileSync(file);
      expect((await start(greeting)).stderr).toMatch(/Could not open .*: No such file/);
      expect(await wrap(greeting, "--form", "in-place")).toContain("1 patched in place");
      expect(await start(greeting)).toEqual(greetings);
      for (const pageSize of machine.pageSizes) expect(await start(greeting, { pageSize })).toEqual(greetings);
      expect(await wrap(greeting, "--form", "auto")).toBe("1 already patched in place\n");
      await wrap(greeting);
      expect(await start(greeting)).toEqual(greetings);
      await wrap(greeting, "--form", "auto");
      expect(await start(greeting)).toEqual(greetings);
      expect((await wrapBuddy(greeting.store, ["unwrap", greeting.path])).exitCode).toBe(0);
      expect(readFileSync(file).equals(original)).toBe(true);
    });
  }
});

describe("a program in place", () => {
  let bundle: Bundle;
  let tool: string;
  const libraries = "/nix/store/elsewhere/lib";

  beforeAll(async () => {
    bundle = createBundle();
    const library = await bundle.library(`${libraries}/libfar.so`, { code: "int far_away(void) { return 0; }" });
    tool = await bundle.executable("bin/tool", {
      code: '#include <stdio.h>\nint far_away(void);\nint main(void) { puts("here"); return far_away(); }',
      needs: [library],
      flags: ["-g"],
    });
    expect(failsToStart(await bundle.start(tool))).toBe(true);
    expect(await bundle.wrap(["--libs", libraries, "--form", "in-place"])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  const here = { exitCode: 0, stdout: "here\n", stderr: "" };

  it("starts", async () => {
    expect(await bundle.start(tool)).toEqual(here);
  });

  it("starts without /proc", async () => {
    expect(await bundle.start(tool, { proc: false })).toEqual(here);
  });

  it("starts as a copy in another directory", async () => {
    const copy = "/nix/store/copied/tool";
    mkdirSync(hostPath(bundle.store, "/nix/store/copied"));
    copyFileSync(hostPath(bundle.store, tool), hostPath(bundle.store, copy));
    expect(await bundle.start(copy)).toEqual(here);
  });

  it("is started by its dynamic linker too", async () => {
    expect(await runInStore(bundle.store, [bundle.glibc.interpreter, tool])).toEqual(here);
  });

  it("shows ldd its libraries", async () => {
    const { stdout } = await runBesideStore(bundle.store, ["ldd", tool]);
    expect(stdout).toContain(`libfar.so => ${libraries}/libfar.so`);
  });

  it("has gdb stop at a breakpoint that is pending in a library", async () => {
    const commands = ["set breakpoint pending on", "break far_away", "run", "backtrace"];
    const words = ["gdb", "-nx", "-q", "-batch", "-iex", "set debuginfod enabled off"] as const;
    const asked = commands.flatMap((command) => ["-ex", command]);
    const { stdout } = await runBesideStore(bundle.store, [...words, ...asked, tool], { seconds: 60 });
    expect(stdout).toMatch(/#0 .*far_away .*\n#1 .* main/);
  });

  it("has gdb stop at a breakpoint that was set before it started, at its first function", async () => {
    const words = ["gdb", "-nx", "-q", "-batch", "-iex", "set debuginfod enabled off"] as const;
    const { stdout } = await runBesideStore(bundle.store, [...words, "-ex", "break main", "-ex", "run", tool], {
      seconds: 60,
    });
    expect(stdout).toContain("Breakpoint 1, main");
  });

  it("shows its run path to patchelf, a number for it to readelf, and objdump stops there", async () => {
    const shown = async (...words: readonly [string, ...string[]]) => runBesideStore(bundle.store, [...words, tool]);
    expect((await shown("patchelf", "--print-rpath")).stdout.split(":")).toContain(libraries);
    expect((await shown("readelf", "-d")).stdout).toMatch(/\(RUNPATH\) +0x[0-9a-f]+\n/);
    const objdump = await shown("objdump", "-p");
    expect(objdump.stdout).toMatch(/RUNPATH\s*$/);
    expect(objdump.stderr).toContain("private headers incomplete");
  });

  it("is beside no file of its own", async () => {
    const { stdout } = await runBesideStore(bundle.store, ["ls", "-A", `${bundle.root}/bin`]);
    expect(stdout).toBe("tool\n");
  });

  it("cannot be made relocatable, and says why", async () => {
    const { exitCode, stderr } = await bundle.wrap(["--libs", libraries, "--form", "in-place", "--relocatable"]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("the kernel takes no interpreter by a relative path"),
    ]);
  });
});

/** What README says of executables with a stub only. */
describe("outside the store a program in place", () => {
  async function install(name: string): Promise<Program> {
    const program = await buildProgram({ files: behaviourSources(name) });
    expect(failsToStart(await startProgram(program))).toBe(true);
    expect(await wrapProgram(program, ["--form", "in-place"])).toMatchObject({ exitCode: 0, stderr: "" });
    return program;
  }

  /** Where it lies in no store. */
  const elsewhere = (program: Program) => [[hostPath(program.store, program.path), "/elsewhere/tool"] as const];

  it("makes another of its own file that starts", async () => {
    const program = await install("processes/copies-itself.c");
    const made = { stdout: "payload\n", stderr: "", exitCode: 0 };
    expect(await runInStore(program.store, ["/elsewhere/tool", "/tmp/copy"], { binds: elsewhere(program) })).toEqual(
      made,
    );
  });

  it("starts without /proc, and by its dynamic linker", async () => {
    const program = await install("processes/work.c");
    const options = { binds: elsewhere(program) };
    const ran = await runInStore(program.store, ["/elsewhere/tool"], options);
    expect(ran.exitCode).not.toBe(127);
    expect(await runInStore(program.store, ["/elsewhere/tool"], { ...options, proc: false })).toEqual(ran);
    const byLinker = await runInStore(program.store, [program.glibc.interpreter, "/elsewhere/tool"], options);
    expect(byLinker).toEqual(ran);
  });

  it("has its program headers in its own pages, and the kernel knows its dynamic linker", async () => {
    const program = await install("self-description/header-copy.c");
    expect((await startProgram(program)).stdout.split("\n").slice(0, 5)).toEqual([
      "in the file's pages 1",
      "AT_PHDR minus PT_PHDR 1",
      "dlpi_addr 1",
      "/proc/self/auxv: AT_BASE 1",
      "getauxval: AT_BASE 1",
    ]);
  });
});

describe("where the kernel puts a position-independent program", () => {
  const source = {
    files: {
      "where.c": `
#include <stdio.h>
#include <string.h>
#include <unistd.h>
/* Whether 4 GB or more lie between the program and the C library, and whether the heap comes after the program. */
int main(void) {
	long distance = (char *)strlen - (char *)main;
	puts(distance > 1L << 32 || distance < -(1L << 32) ? "apart" : "beside");
	long heap = (char *)sbrk(0) - (char *)main;
	puts(heap > 0 && heap < 1L << 32 ? "after it" : "elsewhere");
	return 0;
}`,
    },
  };

  it.each([
    ["in-place", "apart", "after it"],
    ["stub", "beside", "elsewhere"],
  ])("with --form %s its libraries and it lie %s, its heap %s", async (form, where, heap) => {
    const program = await buildProgram(source);
    expect(await wrapProgram(program, ["--form", form])).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await startProgram(program)).stdout).toBe(`${where}\n${heap}\n`);
  });
});
