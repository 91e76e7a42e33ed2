// i386 executables on this machine's own kernel, which starts them beside those of x86_64.

import { describe, expect, it } from "vitest";
import { helloSource, type Source } from "../support/compiled/compile.ts";
import { buildProgram, failsToStart, start, wrap } from "../support/compiled/program.ts";

const compiler = "i686-linux-gnu-gcc";
const layouts: { readonly [title: string]: Source } = {
  "a position-independent one": { files: helloSource, compiler },
  "one without position independence": { files: helloSource, compiler, flags: ["-O2", "-no-pie"] },
  "one with code and headers in one segment": {
    files: helloSource,
    compiler,
    flags: ["-O2", "-Wl,-z,noseparate-code"],
  },
};

describe("an i386 executable starts when it is wrapped:", () => {
  for (const [title, source] of Object.entries(layouts)) {
    it.each([
      ["sidecar by absolute path", []],
      ["sidecar beside /proc/self/exe", ["--relocatable"]],
    ])(`${title}, %s`, async (_, options) => {
      const program = await buildProgram(source, "program", "i386");
      expect(failsToStart(await start(program))).toBe(true);
      expect(await wrap(program, options)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
    });
  }
});
