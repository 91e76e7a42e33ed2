// `wrap-buddy verify`: its yes or no is what starting the program shows.

import { chmodSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ET_EXEC, PT_INTERP, PT_NULL } from "../../../src/elf/constants.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../../support/compiled/program.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, hostPath, packagePath } from "../../support/roots/store.ts";
import { readElf } from "../../support/simulated/simulate.ts";
import { overwriteFile } from "../../support/writing/overwrite-file.ts";

/** Loads libm besides libc. */
const source = {
  files: {
    "program.c":
      '#include <math.h>\n#include <stdio.h>\nvolatile double two = 2;\nint main(void) { printf("%g\\n", pow(two, two)); return 0; }\n',
  },
  libraries: ["-lm"],
} as const;
const answer: Ran = { stdout: "4\n", stderr: "", exitCode: 0 };

const shared = ["--loader-dir-path", `${packagePath("loader")}/lib`];

/** A program with all that its wrapping made, and the files of it on this machine. */
interface Wrapped extends Program {
  readonly file: string;
  readonly sidecar: string;
  readonly original: Buffer;
}

async function wrapped(args: readonly string[] = []): Promise<Wrapped> {
  const program = await buildProgram(source);
  addFiles(program.store, `${packagePath("loader")}/lib`, [
    fileURLToPath(new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url)),
  ]);
  const file = hostPath(program.store, program.path);
  const original = readFileSync(file);
  expect(failsToStart(await start(program))).toBe(true);
  expect(await wrap(program, args)).toMatchObject({ exitCode: 0, stderr: "" });
  return { ...program, file, sidecar: join(dirname(file), ".program.wrapbuddy"), original };
}

/** What is said, with the store's paths cut short. */
async function verify({ store }: Program, paths: readonly string[]): Promise<Ran> {
  const ran = await wrapBuddy(store, ["verify", ...paths], { readOnlyStore: true });
  const short = (text: string): string => text.replaceAll(/\/nix\/store\/[0-9a-z]{32}-/g, "");
  return { ...ran, stdout: short(ran.stdout), stderr: short(ran.stderr) };
}

/** The file with some bytes of it changed. */
function edit(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  chmodSync(file, 0o755);
  writeFileSync(file, bytes);
}

function setProgramHeaderType(file: string, from: number, to: number): void {
  const header = readElf(file).programHeaders.find(({ type }) => type === from);
  edit(file, (bytes) => bytes.writeUInt32LE(to, header?.headerOffset ?? 0));
}

describe("a wrapped program that is whole", () => {
  it.each([
    ["with a sidecar that is found by its path", []],
    ["with a sidecar that is found beside it", ["--relocatable"]],
    ["with a shared loader", shared],
    ["with pins turned off", ["--no-pin"]],
  ])("%s is fine, and starts", async (_title, args) => {
    const program = await wrapped(args);
    expect(await verify(program, [program.path])).toEqual({
      stdout: "tool/bin/program: fine, 2 libraries\n1 fine\n",
      stderr: "",
      exitCode: 0,
    });
    expect(await start(program)).toEqual(answer);
  });

  it("is not wrapped any more once it is unwrapped", async () => {
    const program = await wrapped();
    await wrapBuddy(program.store, ["unwrap", program.path]);
    expect(await verify(program, [program.path, dirname(program.path)])).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "wrap-buddy: error: tool/bin/program: not wrapped
        help: wrap it: wrap-buddy tool/bin/program
      ",
        "stdout": "none fine, 1 not wrapped
      ",
      }
    `);
    expect(failsToStart(await start(program))).toBe(true);
  });
});

interface Damage {
  readonly args?: readonly string[];
  readonly how: (program: Wrapped) => void;
  /** The first line on standard error. */
  readonly says: string;
  /** What a start shows; "crash": nothing that can be promised. */
  readonly start: "127" | "as the original" | "crash";
  /** Wrapping it again is a way out. */
  readonly isHealed?: true;
}

const bin = "wrap-buddy: error: tool/bin/program: ";
const cannotBeUsed = `${bin}wrapped, but its sidecar tool/bin/.program.wrapbuddy cannot be used: `;

const damages: { readonly [title: string]: Damage } = {
  "without its sidecar": {
    how: ({ sidecar }) => rmSync(sidecar),
    says: `${cannotBeUsed}it is not there`,
    start: "127",
  },
  "with a sidecar that is cut short": {
    how: ({ sidecar }) => overwriteFile(sidecar, readFileSync(sidecar).subarray(0, -1)),
    says: `${cannotBeUsed}a size reaches past its end`,
    start: "127",
  },
  "with an empty sidecar": {
    how: ({ sidecar }) => overwriteFile(sidecar, ""),
    says: `${cannotBeUsed}0 bytes, fewer than its header`,
    start: "127",
  },
  "with a sidecar that has become longer": {
    how: ({ sidecar }) => overwriteFile(sidecar, Buffer.concat([readFileSync(sidecar), Buffer.alloc(8192)], 8192)),
    says: `${bin}its stub is for a sidecar of SIZE bytes, but tool/bin/.program.wrapbuddy has 8192`,
    start: "127",
    isHealed: true,
  },
  "with another number in its sidecar": {
    how: ({ sidecar }) =>
      edit(sidecar, (bytes) => {
        bytes[0] = (bytes[0] ?? 0) ^ 1;
      }),
    says: `${cannotBeUsed}its numbers do not match their check`,
    start: "127",
  },
  "with a sidecar of another version": {
    how: ({ sidecar }) => edit(sidecar, (bytes) => bytes.writeUInt16LE(2, bytes.indexOf("WRAPBDY") + 12)),
    says: `${cannotBeUsed}version 2, not 1`,
    start: "127",
  },
  "with another byte in the loader": {
    how: ({ sidecar }) =>
      edit(sidecar, (bytes) => {
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      }),
    says: `${bin}the loader in its sidecar tool/bin/.program.wrapbuddy is damaged, or of another version`,
    start: "crash",
    isHealed: true,
  },
  "without its dynamic linker": {
    how: ({ store, glibc }) => rmSync(hostPath(store, glibc.interpreter)),
    says: `${bin}its dynamic linker glibc-x86_64/lib/ld-linux-x86-64.so.2 cannot load it: no such file`,
    start: "127",
  },
  "without one of its libraries": {
    args: ["--no-pin"],
    how: ({ store, glibc }) => rmSync(hostPath(store, `${glibc.directory}/libm.so.6`)),
    says: `${bin}libm.so.6 not found in 1 library directory`,
    start: "127",
  },
  "without one of its pinned libraries": {
    how: ({ store, glibc }) => rmSync(hostPath(store, `${glibc.directory}/libm.so.6`)),
    says: `${bin}glibc-x86_64/lib/libm.so.6 not found`,
    start: "127",
  },
  "without the shared loader": {
    args: shared,
    how: ({ store }) => rmSync(hostPath(store, `${packagePath("loader")}/lib/loader.bin`)),
    says: `${bin}the shared loader is missing: loader/lib/loader.bin`,
    start: "127",
  },
  "with another shared loader": {
    args: shared,
    how: ({ store }) => truncateSync(hostPath(store, `${packagePath("loader")}/lib/loader.bin`), 8192),
    says: `${bin}the shared loader is of another version: loader/lib/loader.bin`,
    start: "127",
  },
  "with its program header not cleared": {
    how: ({ file }) => setProgramHeaderType(file, PT_NULL, PT_INTERP),
    says: `${bin}the run that wrapped it was stopped before it cleared the program header of the interpreter`,
    start: "as the original",
    isHealed: true,
  },
  "with its program header cleared, and half of the stub": {
    how: ({ file, original }) =>
      edit(file, (bytes) => {
        const at = bytes.indexOf("program.wrapbuddy");
        original.copy(bytes, at, at, at + 60);
      }),
    says: `${bin}names no interpreter, and has no whole stub at its entry point`,
    start: "crash",
  },
  "with another byte in the stub": {
    how: ({ file }) =>
      edit(file, (bytes) => {
        bytes[bytes.indexOf("cannot load ")] = 0x43;
      }),
    says: `${bin}the stub is damaged, or of another version: byte OFFSET of the file is not what this version writes`,
    start: "crash",
    isHealed: true,
  },
  "of which elfedit has changed the type": {
    how: ({ file }) => edit(file, (bytes) => bytes.writeUInt16LE(ET_EXEC, 16)),
    says: `${bin}does not start with its headers: file header at OFFSET: e_type is 0x2, expected 3 (DYN): its first segment has address 0x0, where nothing can be mapped`,
    start: "crash",
  },
  "that has been replaced by the original": {
    how: ({ file, original }) => writeFileSync(file, original),
    says: `${bin}not wrapped, though tool/bin/.program.wrapbuddy is beside it`,
    start: "as the original",
    isHealed: true,
  },
};

describe("a wrapped program", () => {
  it.each(Object.entries(damages))("%s is told", async (_title, { args, how, says, start: expected, isHealed }) => {
    const program = await wrapped(args);
    how(program);
    const { exitCode, stderr } = await verify(program, [dirname(program.path)]);
    const [first = ""] = stderr.split("\n");
    expect(first.replace(/sidecar of \d+ bytes/, "sidecar of SIZE bytes").replace(/0x[0-9a-f]+/, "OFFSET")).toBe(says);
    expect(stderr).toMatch(/^.*\n(?: {2}(?!help).*\n)* {2}help: .*\n$/);
    expect(exitCode).toBe(1);
    if (expected === "127") expect(await start(program)).toMatchObject({ exitCode: 127, stdout: "" });
    if (expected === "as the original") expect(failsToStart(await start(program))).toBe(true);
    if (isHealed === undefined) return;
    expect(await wrap(program, args)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await verify(program, [program.path])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start(program)).toEqual(answer);
  });

  it("with the sidecar of another program is told", async () => {
    const program = await wrapped();
    const other = await buildProgram({ files: source.files, flags: ["-O0"], libraries: source.libraries });
    await wrap(other);
    renameSync(hostPath(other.store, other.path).replace(/program$/, ".program.wrapbuddy"), program.sidecar);
    const { exitCode, stderr } = await verify(program, [program.path]);
    expect([exitCode, stderr.split("\n")[0]]).toEqual([
      1,
      `${cannotBeUsed}it belongs to another executable, or a tool (patchelf, objcopy) has changed this one since`,
    ]);
  });
});
