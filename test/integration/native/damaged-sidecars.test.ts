// Real stub and loader of both classes, x86_64 and i386, with sidecars that something has happened to: the program runs, or
// there is a message with a path and exit status 127. Never a signal.

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeSidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../../support/compiled/program.ts";
import { runEach, type Start } from "../../support/roots/run-each.ts";
import { addFiles, hostPath, packagePath } from "../../support/roots/store.ts";
import { fuzzSeconds, fuzzSeed } from "../../support/vitest/fuzz-time.ts";

/** Loads libm besides libc, so that there are several pinned names. */
const source = {
  files: {
    "program.c":
      '#include <math.h>\n#include <stdio.h>\nvolatile double two = 2;\nint main(void) { printf("%g\\n", pow(two, two)); return 0; }\n',
  },
  libraries: ["-lm"],
} as const;
const answer = "4\n";

/** Where the sidecar is, and who reads it first. */
const layouts: { readonly [title: string]: readonly string[] } = {
  "with the loader in it": [],
  "beside /proc/self/exe": ["--relocatable"],
  "of a shared loader": ["--loader-dir-path", `${packagePath("loader")}/lib`],
  "of a shared loader, beside /proc/self/exe": ["--relocatable", "--loader-dir-path", `${packagePath("loader")}/lib`],
};

/** Both classes, and what their sidecars have in front of the names, bytes. */
const classes = {
  x86_64: { elfClass: 64, headerSize: 22 },
  i386: { elfClass: 32, headerSize: 14, compiler: "i686-linux-gnu-gcc" },
} as const;
type ClassName = keyof typeof classes;

interface Wrapped {
  readonly name: ClassName;
  readonly program: Program;
  readonly sidecarPath: string;
  readonly sidecar: Buffer;
}

async function wrapped(name: ClassName, args: readonly string[]): Promise<Wrapped> {
  const program = await buildProgram({ ...source, ...classes[name] }, "program", name);
  addFiles(program.store, `${packagePath("loader")}/lib`, [
    fileURLToPath(new URL(`../../../dist/blobs/${name}/loader.bin`, import.meta.url)),
  ]);
  expect(failsToStart(await start(program))).toBe(true);
  const ran = await wrap(program, [
    "--needed",
    "libdl.so.2",
    "--runtime-dependencies",
    program.glibc.directory,
    ...args,
  ]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await start(program)).toEqual({ stdout: answer, stderr: "", exitCode: 0 });
  const sidecarPath = program.path.replace(/program$/, ".program.wrapbuddy");
  return { name, program, sidecarPath, sidecar: readFileSync(hostPath(program.store, sidecarPath)) };
}

/** What is wrong with a start, "" when it is as it must be. */
function complaintAbout({ end, number, output }: Start, program: Program, sidecarPath: string): string {
  if (end === "exit" && number === 0 && output === answer) return "";
  const isSaid =
    // The loader; the stub; the dynamic linker about names in the sidecar.
    /^wrap-buddy: error: [\s\S]+: [a-z -]+( \(error \d+\))?\n$/.test(output) ||
    (/^(wrap-buddy: )?cannot load /.test(output) && output.includes(sidecarPath)) ||
    output.startsWith(`${program.path}: `);
  return end === "exit" && number === 127 && isSaid ? "" : `${end} ${number}: ${JSON.stringify(output)}`;
}

type Range = readonly [start: number, end: number];

/** What may be changed: all but the saved bytes and the loader, which are code. */
function changeable({ name, sidecar }: Wrapped): readonly Range[] {
  const { elfClass, headerSize } = classes[name];
  const decoded = decodeSidecar({ elfClass, byteOrder: "little" }, sidecar);
  if ("kind" in decoded) throw new Error(decoded.kind);
  const saved = headerSize + decoded.interpreter.length + 1 + decoded.runPath.length + 1;
  return [
    [0, saved],
    [saved + decoded.saved.length, sidecar.length - decoded.loader.length],
  ];
}

/** Values at which readers go wrong, as bytes. */
const edges = [[0], [0xff], [0x7f], [0x80], [0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], Array(8).fill(0xff)];

/** One to four changes of some bytes each. */
function changesTo(good: Wrapped): fc.Arbitrary<readonly (readonly [offset: number, bytes: readonly number[]])[]> {
  const ranges = changeable(good);
  const extension = good.sidecar.indexOf("WRAPBDY");
  const header = [0, classes[good.name].headerSize] as const;
  const offset = fc.oneof(
    ...[...ranges, header, [extension, extension + 64] as const].map(([from, to]) =>
      fc.integer({ min: from, max: to - 1 }),
    ),
  );
  const value = fc.oneof(
    fc.nat(255).map((byte) => [byte]),
    fc.constantFrom(...edges),
  );
  const change = fc.tuple(offset, value).map(([at, bytes]) => {
    const [, end = 0] = ranges.find(([from, to]) => at >= from && at < to) ?? [];
    return [at, bytes.slice(0, end - at)] as const;
  });
  return fc.array(change, { minLength: 1, maxLength: 4 });
}

function changed(sidecar: Buffer, changes: readonly (readonly [number, readonly number[]])[]): Buffer {
  const copy = Buffer.from(sidecar);
  for (const [at, bytes] of changes) copy.set(bytes, at);
  return copy;
}

/** Sizes at and around the ends of everything in a sidecar, and some between. */
function cuts(good: Wrapped): readonly number[] {
  const { sidecar } = good;
  const edges = changeable(good).flat();
  const extension = sidecar.indexOf("WRAPBDY");
  const places = [
    0,
    1,
    4,
    8,
    14,
    16,
    22,
    ...edges,
    extension,
    extension + 8,
    extension + 64,
    1024,
    4096,
    sidecar.length,
  ];
  const around = places.flatMap((place) => [place - 1, place, place + 1]);
  return [...new Set(around)].filter((size) => size >= 0 && size < sidecar.length);
}

const cases = (Object.keys(classes) as ClassName[]).flatMap((name) =>
  Object.entries(layouts).map(([title, args]) => [name, title, args] as const),
);

describe.each(cases)("a damaged sidecar of %s, %s", (name, title, args) => {
  let good: Wrapped;
  beforeAll(async () => {
    good = await wrapped(name, args);
  });

  async function complaints(sidecars: readonly Uint8Array[], describeCase: (index: number) => string) {
    const starts = await runEach(good.program, good.sidecarPath, sidecars);
    expect(starts.length).toBe(sidecars.length);
    const ended = new Map<string, number>();
    for (const { end, number } of starts) ended.set(`${end} ${number}`, (ended.get(`${end} ${number}`) ?? 0) + 1);
    console.log(`${name}, ${title}: ${[...ended].map(([end, count]) => `${end}: ${count}`).join(", ")}`);
    return starts.flatMap((one, index) => {
      const complaint = complaintAbout(one, good.program, good.sidecarPath);
      return complaint === "" ? [] : [`${describeCase(index)}: ${complaint}`];
    });
  }

  it("with bytes changed", { timeout: 600_000 }, async () => {
    const count = fuzzSeconds === undefined ? 100 : 2500;
    console.log(`seed ${fuzzSeed}`);
    const changes = fc.sample(changesTo(good), { numRuns: count, seed: fuzzSeed });
    const sidecars = changes.map((one) => changed(good.sidecar, one));
    expect(await complaints(sidecars, (index) => JSON.stringify(changes[index]))).toEqual([]);
  });

  it("cut off anywhere, empty, or longer than it was", async () => {
    const sizes = cuts(good);
    const longer = [1, 63, 4096].map((more) => Buffer.concat([good.sidecar, Buffer.alloc(more)]));
    const sidecars = [...sizes.map((size) => good.sidecar.subarray(0, size)), ...longer];
    expect(await complaints(sidecars, (index) => `size ${sidecars[index]?.length}`)).toEqual([]);
  });

  it("of another version is called so", async () => {
    const other = changed(good.sidecar, [[good.sidecar.indexOf("WRAPBDY") + 12, [2]]]);
    const [ran] = await runEach(good.program, good.sidecarPath, [other]);
    expect(ran).toEqual({
      end: "exit",
      number: 127,
      output: `wrap-buddy: error: ${good.sidecarPath}: sidecar of another version\n`,
    });
  });

  it("that is all zeros is called damaged", async () => {
    const zeros = Buffer.from(good.sidecar);
    for (const [from, to] of changeable(good)) zeros.fill(0, from, to);
    const [ran] = await runEach(good.program, good.sidecarPath, [zeros]);
    expect(ran).toEqual({
      end: "exit",
      number: 127,
      output: `wrap-buddy: error: ${good.sidecarPath}: damaged sidecar\n`,
    });
  });

  it("that is missing, a directory or not to be read: a message with its path and 127", async () => {
    const file = hostPath(good.program.store, good.sidecarPath);
    const asOther = { bwrap: ["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"] };
    const expectMessage = async (options = {}) => {
      const ran = await start(good.program, [], options);
      expect(ran).toMatchObject({ exitCode: 127, stdout: "" });
      expect(ran.stderr).toContain(good.sidecarPath);
      expect(ran.stderr).toMatch(
        /^(wrap-buddy: error: .*: cannot (open|map) \(error \d+\)|(wrap-buddy: )?cannot load .*)\n$/,
      );
    };
    rmSync(file);
    await expectMessage();
    mkdirSync(file);
    await expectMessage();
    rmSync(file, { recursive: true });
    writeFileSync(file, good.sidecar);
    chmodSync(file, 0);
    await expectMessage(asOther);
    chmodSync(file, 0o444);
    expect(await start(good.program, [], asOther)).toMatchObject({ stdout: answer, exitCode: 0 });
  });
});
