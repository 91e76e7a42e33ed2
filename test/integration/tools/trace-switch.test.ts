// WRAP_BUDDY_TRACE: the loader says what it does, step by step.

import { beforeAll, describe, expect, it } from "vitest";
import { helloSource, lld } from "../../support/compiled/compile.ts";
import { buildProgram, type Program, start, wrap } from "../../support/compiled/program.ts";
import { runInStore } from "../../support/roots/sandbox.ts";

/** What the loader says, the numbers left out. */
async function steps(program: Program, value: string | undefined): Promise<string> {
  const environment = value === undefined ? {} : { WRAP_BUDDY_TRACE: value };
  const ran = await start(program, [], { environment });
  expect(ran).toMatchObject({ stdout: "hello\n", exitCode: 0 });
  return ran.stderr.replaceAll(/0x[0-9a-f]+/g, "0x…");
}

describe("WRAP_BUDDY_TRACE", () => {
  let program: Program;

  beforeAll(async () => {
    program = await buildProgram({ files: helloSource });
    await wrap(program);
  });

  it("shows each step", async () => {
    expect(await steps(program, "1")).toMatchInlineSnapshot(`
      "wrap-buddy: load bias 0x…
      wrap-buddy: entry point restored at 0x…
      wrap-buddy: interpreter mapped at 0x…
      wrap-buddy: dynamic array in place at 0x…
      wrap-buddy: jump to interpreter at 0x…
      "
    `);
  });

  it("shows that the dynamic array was moved", async () => {
    const other = await buildProgram({ files: helloSource, ...lld });
    await wrap(other);
    expect(await steps(other, "1")).toMatchInlineSnapshot(`
      "wrap-buddy: load bias 0x…
      wrap-buddy: entry point restored at 0x…
      wrap-buddy: interpreter mapped at 0x…
      wrap-buddy: dynamic array copied to 0x…
      wrap-buddy: jump to interpreter at 0x…
      "
    `);
  });

  it("shows the way back to the program when a dynamic linker started it", async () => {
    const command = [program.glibc.interpreter, "--library-path", program.glibc.directory, program.path] as const;
    const ran = await runInStore(program.store, command, { environment: { WRAP_BUDDY_TRACE: "1" } });
    expect(ran.stderr.replaceAll(/0x[0-9a-f]+/g, "0x…")).toMatchInlineSnapshot(`
      "wrap-buddy: load bias 0x…
      wrap-buddy: entry point restored at 0x…
      wrap-buddy: jump to linked program at 0x…
      "
    `);
  });

  it("says what is wrong and how far it came", async () => {
    const ran = await start(program, [], {
      environment: { WRAP_BUDDY_TRACE: "1" },
      bwrap: ["--tmpfs", program.glibc.directory],
    });
    expect(ran.stderr.replaceAll(/0x[0-9a-f]+/g, "0x…")).toMatchInlineSnapshot(`
      "wrap-buddy: load bias 0x…
      wrap-buddy: entry point restored at 0x…
      wrap-buddy: error: /nix/store/0123456789abcdfghijklmnpqrsvwxyz-glibc-x86_64/lib/ld-linux-x86-64.so.2: cannot open (error 2)
      "
    `);
    expect(ran.exitCode).toBe(127);
  });

  it.each(["0", "\u0001", "\u0001\u0002", "="])("says what it does for any value: %j", async (value) => {
    expect(await steps(program, value)).toContain("jump to interpreter");
  });

  it("is no variable whose name only begins or ends like it", async () => {
    const environment = { WRAP_BUDDY_TRACE_: "1", WRAP_BUDDY_TRAC: "E=1", A_WRAP_BUDDY_TRACE: "1" };
    expect(await start(program, [], { environment })).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
  });

  it.each([undefined, ""])("says nothing when its value is %j", async (value) => {
    expect(await steps(program, value)).toBe("");
  });

  it("is handed on to the program", async () => {
    const shows = await buildProgram({
      files: {
        "shows.c":
          '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { puts(getenv("WRAP_BUDDY_TRACE")); return 0; }\n',
      },
    });
    await wrap(shows);
    expect((await start(shows, [], { environment: { WRAP_BUDDY_TRACE: "some value" } })).stdout).toBe("some value\n");
  });
});
