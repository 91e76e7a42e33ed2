// What README calls known limits of tools with wrapped programs: that each is one, and that what to do instead works.

import { beforeAll, describe, expect, it } from "vitest";
import { behaviourSources } from "../../support/compiled/behaviour-sources.ts";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { helloSource, lld } from "../../support/compiled/compile.ts";
import { buildProgram, type Program, start, wrap } from "../../support/compiled/program.ts";
import { runBesideStore, wrapBuddy } from "../../support/roots/sandbox.ts";

describe("a library that the injected run path leads to", () => {
  let bundle: Bundle;
  let tool: string;
  const libraries = "/nix/store/elsewhere/lib";

  beforeAll(async () => {
    bundle = createBundle();
    const library = await bundle.library(`${libraries}/libfar.so`, { code: "int far(void) { return 0; }" });
    tool = await bundle.executable("bin/tool", {
      code: "int far(void); int main(void) { return far(); }",
      needs: [library],
    });
    expect(await bundle.wrap(["--libs", libraries, "--no-pin"])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("is not seen by ldd, which starts ld.so and not the program", async () => {
    const { stdout } = await runBesideStore(bundle.store, ["ldd", tool]);
    expect(stdout).toContain("libfar.so => not found");
  });

  it("is shown by LD_TRACE_LOADED_OBJECTS", async () => {
    const { stdout } = await bundle.start(tool, { environment: { LD_TRACE_LOADED_OBJECTS: "1" } });
    expect(stdout).toContain(`libfar.so => ${libraries}/libfar.so`);
  });

  it("is shown by inspect", async () => {
    const { stdout } = await wrapBuddy(bundle.store, ["inspect", tool]);
    expect(stdout).toMatch(new RegExp(`libfar\\.so +DT_RUNPATH of tool +${libraries}/libfar\\.so`));
  });
});

describe("gdb", () => {
  let program: Program;

  beforeAll(async () => {
    // So long that the stub covers the beginning of the program's first function.
    const name = "a-program-with-a-long-name-that-makes-a-long-path-for-the-stub";
    program = await buildProgram({ files: behaviourSources("processes/debugged.c"), flags: ["-O0", "-g"] }, name);
    expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  async function gdb(...commands: readonly string[]): Promise<string> {
    const words = ["gdb", "-nx", "-q", "-batch", "-iex", "set debuginfod enabled off"] as const;
    const asked = commands.flatMap((command) => ["-ex", command]);
    return (await runBesideStore(program.store, [...words, ...asked, program.path], { seconds: 60 })).stdout;
  }
  const pending = ["set breakpoint pending on", "break qsort_r"] as const;

  it("is not told when libraries are loaded: a breakpoint that is pending in one is not hit", async () => {
    expect(await gdb(...pending, "run", "backtrace")).toContain("exited normally");
    expect(await gdb(...pending, "start", "continue")).toContain("exited normally");
  });

  it("hits it when it is told to read them", async () => {
    expect(await gdb(...pending, "start", "sharedlibrary", "continue")).toMatch(/hit Breakpoint .*qsort_r/);
  });

  it("damages the stub by a breakpoint where it stands: the program does not start", async () => {
    expect(await gdb("break compare_numbers", "run")).toContain("exited with code 0177");
  });

  it("hits a breakpoint there that is set once the program has started", async () => {
    expect(await gdb("start", "break compare_numbers", "continue")).toMatch(/hit Breakpoint .*compare_numbers/);
  });
});

describe("gdb with a program whose dynamic array is moved", () => {
  it.each([
    [
      "does not find the libraries that a dynamic linker outside the store has loaded",
      "/lib64/ld-linux-x86-64.so.2",
      [],
    ],
    ["finds those of one in the store", undefined, ["libc.so.6"]],
  ] as const)("%s", async (_, interpreter, expected) => {
    const program = await buildProgram({ files: helloSource, ...lld });
    const { store, glibc, path } = program;
    // One entry more than the array has room for.
    const words = [path, "--interpreter", interpreter ?? glibc.interpreter, "--append-run-path", "/nowhere"] as const;
    expect(await wrapBuddy(store, words)).toMatchObject({ exitCode: 0, stderr: "" });
    const gdb = ["gdb", "-nx", "-q", "-batch", "-ex", "break main", "-ex", "run", "-ex", "info sharedlibrary"] as const;
    const { stdout } = await runBesideStore(store, [...gdb, path], { seconds: 60 });
    expect(stdout).toContain("Breakpoint 1, ");
    expect(stdout.match(/(?<=\/)libc\.so\.6$/gm) ?? []).toEqual(expected);
  });
});

describe("the program headers", () => {
  let lines: readonly string[];

  beforeAll(async () => {
    const program = await buildProgram({ files: behaviourSources("self-description/header-copy.c") });
    expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
    lines = (await start(program)).stdout.split("\n");
  });

  it("that a program is led to are a copy, and lead to its load bias nonetheless", () => {
    expect(lines.slice(0, 3)).toEqual(["in the file's pages 0", "AT_PHDR minus PT_PHDR 1", "dlpi_addr 1"]);
  });

  it("and the dynamic linker's address are not in /proc/self/auxv, but in what getauxval reads", () => {
    expect(lines.slice(3, 5)).toEqual(["/proc/self/auxv: AT_BASE 0", "getauxval: AT_BASE 1"]);
  });
});

describe("a program that copies its own file to make another, with its sidecar beside /proc/self/exe", () => {
  let program: Program;
  const made = { stdout: "payload\n", stderr: "", exitCode: 0 };

  beforeAll(async () => {
    program = await buildProgram({ files: behaviourSources("processes/copies-itself.c") });
    expect(await wrap(program, ["--relocatable"])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("makes one that says which sidecar it wants", async () => {
    const failed = { stdout: "", stderr: "cannot load /tmp/.program.wrapbuddy\n", exitCode: 127 };
    expect(await start(program, ["/tmp/copy"])).toEqual(failed);
  });

  it("makes one that starts where the sidecar is", async () => {
    const sidecar = program.path.replace("/program", "/.program.wrapbuddy");
    const bwrap = ["--symlink", sidecar, "/tmp/.program.wrapbuddy"];
    expect(await start(program, ["/tmp/copy"], { bwrap })).toEqual(made);
  });
});
