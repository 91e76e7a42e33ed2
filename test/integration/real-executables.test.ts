// Foreign executables from npm packages, doing their work in a root that holds only a store.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { failsToStart } from "../support/compiled/program.ts";
import { runBesideStore, runInStore, wrapBuddy } from "../support/roots/sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, packagePath } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

interface Work {
  /** Files of the package, in the directory that the executable wants them in; the executable first. */
  readonly files: readonly [string, ...string[]];
  /** What it is given to read, at /scratch/input. */
  readonly input: string;
  readonly args: readonly string[];
  /** What it prints; where that is not said, what the same program prints on this machine when it is not wrapped. */
  readonly output?: string;
}

const executables: { readonly [name: string]: Work } = {
  lightningcss: {
    files: ["lightningcss-cli-linux-x64-gnu/lightningcss"],
    input: "a { color: #ff0000 }\n",
    args: ["--minify", "/scratch/input"],
    output: "a{color:red}\n",
  },
  "dprint, which needs no library but libc": {
    files: ["@dprint/linux-x64-glibc/dprint"],
    input: "",
    args: ["completions", "bash"],
  },
  "dart, with a snapshot that is an ELF file too": {
    files: ["sass-embedded-linux-x64/dart-sass/src/dart", "sass-embedded-linux-x64/dart-sass/src/sass.snapshot"],
    input: "$c: red; a { b { color: $c; } }\n",
    args: ["PACKAGE/sass.snapshot", "--no-source-map", "--stdin"],
    output: "a b {\n  color: red;\n}\n",
  },
};

describe("a foreign executable does its work when it is wrapped:", () => {
  for (const [title, { files, input, args, output }] of Object.entries(executables)) {
    it(title, async () => {
      const store = createStore();
      const glibc = addGlibc(store);
      const libraries = addGccLibraries(store);
      const paths = files.map((file) => join(modules, file));
      const directory = addFiles(store, `${packagePath("tool")}/bin`, paths);
      const program = join(directory, (files[0].split("/") as [string]).at(-1) ?? "");
      const work = temporaryDirectory();
      writeFileSync(join(work, "input"), input);
      const start = () =>
        runInStore(store, [program, ...args.map((arg) => arg.replace("PACKAGE", directory))], {
          binds: [[work, "/scratch"]],
          input,
        });
      expect(failsToStart(await start())).toBe(true);
      const wrapped = await wrapBuddy(store, [directory, "--interpreter", glibc.interpreter, "--libs", libraries]);
      expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
      expect(wrapped.stdout).toContain("1 wrapped");
      const ran = await start();
      const native = output ?? (await runBesideStore(store, [paths[0] ?? "", ...args])).stdout;
      expect(native.length).toBeGreaterThan(0);
      expect(ran.stdout).toBe(native);
      expect(ran.exitCode).toBe(0);
    });
  }
});
