// Under proot (nix-portable, nix-on-droid, Termux, udocker), which maps a program itself and leaves that program's own
// first address as AT_BASE where the kernel leaves 0; or has qemu do it.

import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { helloSource, type Source } from "../../support/compiled/compile.ts";
import { emulator } from "../../support/compiled/emulator.ts";
import { forMachine, forMachineWithLld, type Machine, machines } from "../../support/compiled/machines.ts";
import { buildProgram, type Program, wrap } from "../../support/compiled/program.ts";
import { type Ran, runBesideStore } from "../../support/roots/sandbox.ts";
import { hostPath, packagePath, storeDirectory } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const blobs = fileURLToPath(new URL("../../../dist/blobs/", import.meta.url));
const loaderDirectory = packagePath("loader");

interface Form {
  readonly args: readonly string[];
  readonly flags?: readonly string[];
  readonly build?: (machine: Machine, source: Source) => Source;
}

const forms: { readonly [title: string]: Form } = {
  "a stub that names its sidecar, and pinned libraries": { args: ["--pin"] },
  "no pins": { args: ["--no-pin"] },
  "its sidecar beside /proc/self/exe": { args: ["--relocatable"] },
  "a shared loader": { args: ["--loader-dir-path", loaderDirectory] },
  "a shared loader and its sidecar beside /proc/self/exe": {
    args: ["--loader-dir-path", loaderDirectory, "--relocatable"],
  },
  "nothing at run time: in place": { args: ["--form", "in-place"] },
  "pins and DT_RPATH": { args: ["--pin", "--run-path-mode", "rpath"] },
  "no position independence": { args: [], flags: ["-O2", "-no-pie"] },
  "its dynamic array moved": { args: [], build: forMachineWithLld },
  "no DT_DEBUG": { args: [], build: forMachineWithLld, flags: ["-O2", "-Wl,-z,rodynamic"] },
};

const hello = { stdout: "hello\n", stderr: "", exitCode: 0 } as const;

/** Runs a command of the store under proot in a root directory that holds only the store. */
function runUnderProot({ name }: Machine, { store }: Program, command: readonly string[]): Promise<Ran> {
  const root = temporaryDirectory();
  mkdirSync(`${root}${storeDirectory}`, { recursive: true });
  const qemu = name === "x86_64" ? [] : ["-q", emulator(name)];
  const binds = [storeDirectory, "/proc", "/dev"].flatMap((path) => ["-b", path]);
  return runBesideStore(store, ["proot", ...qemu, "-r", root, ...binds, "-w", "/", ...command]);
}

describe.each(machines.filter(({ name }) => name === "x86_64" || name === "aarch64"))(
  "under proot, on $name,",
  { tags: ["trace"] },
  (machine) => {
    async function build({
      build = forMachine,
      flags = ["-O2"],
    }: Pick<Form, "build" | "flags"> = {}): Promise<Program> {
      const program = await buildProgram(build(machine, { files: helloSource, flags }), "program", machine.name);
      mkdirSync(hostPath(program.store, loaderDirectory));
      const loader = `${machine.name === "x86_64" ? "loader" : `loader-${machine.name}`}.bin`;
      copyFileSync(`${blobs}${machine.name}/loader.bin`, `${hostPath(program.store, loaderDirectory)}/${loader}`);
      return program;
    }

    it.each(Object.entries(forms))("a wrapped program starts with %s", async (_, form) => {
      const program = await build(form);
      const unwrapped = await runUnderProot(machine, program, [program.path]);
      expect(unwrapped.stdout).toBe("");
      expect(unwrapped.stderr).toContain("No such file or directory");
      expect(await wrap(program, form.args)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await runUnderProot(machine, program, [program.path])).toEqual(hello);
    });

    it.each(["its dynamic array as it is", "no DT_DEBUG"])("a dynamic linker starts one with %s", async (title) => {
      const program = await build(forms[title]);
      await wrap(program);
      const { interpreter, directory } = program.glibc;
      const command = [interpreter, "--library-path", directory, program.path];
      expect(await runUnderProot(machine, program, command)).toEqual(hello);
    });
  },
);
