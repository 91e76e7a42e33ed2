// gdb on a wrapped musl program whose dynamic array had to move: lld leaves no spare entries in it. The old array's DT_DEBUG
// then leads gdb to the libraries, by the address that is read off musl's linker when the program is wrapped.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { runBesideStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, createStore, hostPath, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

it("gdb lists the libraries of a wrapped musl program, as it does those of the original", async () => {
  const store = createStore();
  const build = temporaryDirectory();
  const library = await compile(`${build}/libanswer.so`, {
    files: { "answer.c": "int answer(void) { return 42; }\n" },
    compiler: "musl-gcc",
    flags: ["-O2", "-fPIC", "-shared", "-Wl,-soname,libanswer.so"],
  });
  const program = await compile(`${build}/program`, {
    files: { "program.c": "int answer(void);\nint main(void) { return answer() - 42; }\n" },
    compiler: "musl-gcc",
    flags: ["-g", "-O0", "-fuse-ld=lld", "-B/usr/lib/llvm-19/bin"],
    libraries: [library],
  });
  const musl = addFiles(store, `${packagePath("musl")}/lib`, ["/lib/ld-musl-x86_64.so.1"]);
  const libraries = addFiles(store, `${packagePath("answer")}/lib`, [library]);
  const path = `${addFiles(store, `${packagePath("tool")}/bin`, [program])}/program`;
  // The original runs with this machine's own musl.
  const original = join(build, "original");
  copyFileSync(hostPath(store, path), original);
  const interpreter = `${musl}/ld-musl-x86_64.so.1`;
  const ran = await wrapBuddy(store, [path, "--interpreter", interpreter, "--libs", libraries]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });

  const environment = { LD_LIBRARY_PATH: build };
  const listed = async (executable: string, options = {}) => {
    const script = ["-ex", "break main", "-ex", "run", "-ex", "info sharedlibrary"];
    const quiet = ["-nx", "-q", "-batch", "-iex", "set debuginfod enabled off"];
    const gdb = await runBesideStore(store, ["gdb", ...quiet, ...script, executable], { seconds: 60, ...options });
    return [...gdb.stdout.matchAll(/^0x\S+\s+0x\S+\s+\S+.*\/(\S+)$/gm)].map((match) => match[1]).sort();
  };
  const expected = ["ld-musl-x86_64.so.1", "libanswer.so"];
  expect(await listed(original, { environment })).toEqual(expected);
  expect(await listed(path)).toEqual(expected);
  const traced = await runBesideStore(store, [path], { environment: { WRAP_BUDDY_TRACE: "1" } });
  expect(traced.stderr).toContain("dynamic array copied to");
});
