// Libraries that were made for glibc and for musl, side by side: each program gets its own. The dynamic linkers take either,
// and the program then ends at a symbol that is not there.

import { copyFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { compile } from "../../support/compiled/compile.ts";
import { failsToStart } from "../../support/compiled/program.ts";
import { runInStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, hostPath, packagePath } from "../../support/roots/store.ts";

/** Each uses what only its own C library has. */
const librarySources = {
  gnu: '#include <gnu/libc-version.h>\nconst char *answer(void) { return gnu_get_libc_version() ? "glibc" : 0; }',
  musl: 'extern void *_dl_debug_addr;\nconst char *answer(void) { return &_dl_debug_addr ? "musl" : 0; }',
} as const;
const program = "#include <stdio.h>\nconst char *answer(void);\nint main(void) { puts(answer()); return 0; }";
const compilers = { gnu: "gcc", musl: "musl-gcc" } as const;
const said = (name: string) => ({ stdout: `${name}\n`, stderr: "", exitCode: 0 });

let bundle: Bundle;
let musl: string;
const tools = {} as Record<keyof typeof compilers, string>;
const libraries = {} as Record<keyof typeof compilers, string>;

beforeAll(async () => {
  bundle = createBundle();
  musl = `${addFiles(bundle.store, `${packagePath("musl")}/lib`, ["/lib/ld-musl-x86_64.so.1"])}/ld-musl-x86_64.so.1`;
  for (const kind of ["gnu", "musl"] as const) {
    const compiler = compilers[kind];
    const library = bundle.text(`lib-${kind}/libanswer.so`, "");
    const flags = ["-shared", "-fPIC", "-Wl,-soname,libanswer.so"];
    await compile(hostPath(bundle.store, library), { files: { "answer.c": librarySources[kind] }, compiler, flags });
    const tool = bundle.text(`bin/tool-${kind}`, "");
    const needed = { libraries: [hostPath(bundle.store, library)] };
    await compile(hostPath(bundle.store, tool), { files: { "tool.c": program }, compiler, ...needed });
    tools[kind] = tool;
    libraries[kind] = library;
  }
});

/** Wraps with both dynamic linkers. */
const wrap = (args: readonly string[]) =>
  wrapBuddy(bundle.store, [...args, "--interpreter", bundle.glibc.interpreter, musl]);

describe("libraries for glibc and for musl", () => {
  it("that are of the other one make a program end at a symbol", async () => {
    const linker = { gnu: bundle.glibc.interpreter, musl };
    for (const [kind, other] of [
      ["gnu", "musl"],
      ["musl", "gnu"],
    ] as const) {
      expect(failsToStart(await bundle.start(tools[kind]))).toBe(true);
      const path = `${dirname(libraries[other])}:${bundle.glibc.directory}`;
      const ran = await runInStore(bundle.store, [linker[kind], "--library-path", path, tools[kind]]);
      expect(ran.exitCode).not.toBe(0);
    }
  });

  it("that are given alone are named in the message, and nothing is written", async () => {
    for (const [kind, other, name] of [
      ["gnu", "musl", "musl"],
      ["musl", "gnu", "glibc"],
    ] as const) {
      const { exitCode, stderr } = await wrap([tools[kind], "--libs", dirname(libraries[other])]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("libanswer.so not found in");
      expect(stderr).toContain(`found, but it is for ${name}: ${libraries[other]}`);
    }
  });

  it.each(["--pin", "--no-pin"])(
    "side by side in one tree are found by the programs that they are for: %s",
    async (pin) => {
      expect(await wrap([bundle.root, pin])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await bundle.start(tools.gnu)).toEqual(said("glibc"));
      expect(await bundle.start(tools.musl)).toEqual(said("musl"));
    },
  );

  it("that take the right one's place afterwards are told by verify", async () => {
    expect(await wrapBuddy(bundle.store, ["verify", bundle.root])).toMatchObject({ exitCode: 0 });
    copyFileSync(hostPath(bundle.store, libraries.gnu), hostPath(bundle.store, libraries.musl));
    const { exitCode, stderr } = await wrapBuddy(bundle.store, ["verify", bundle.root]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${tools.musl}: libanswer.so not found`)]);
    expect((await bundle.start(tools.musl)).exitCode).not.toBe(0);
  });
});
