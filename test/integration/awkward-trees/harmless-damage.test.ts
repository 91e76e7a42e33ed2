// What nothing reads that starts a program decides nothing: damaged notes, section headers, symbol tables and version
// tables of real executables. What starts before wrapping, by its dynamic linker, starts wrapped, in both forms, without a
// word but a note; what does not start is left alone with a warning, or wrapped and does not start.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../property/hostile/random.ts";
import { compile, helloSource, lld } from "../../support/compiled/compile.ts";
import { machines } from "../../support/compiled/machines.ts";
import { numberBytes } from "../../support/elf/byte-writer.ts";
import { type ElfMap, type Field, mapElf } from "../../support/elf/elf-fields.ts";
import { edges } from "../../support/elf/mutations.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { startEach } from "../../support/roots/start-each.ts";
import {
  addGlibc,
  createStore,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";

const [native] = machines.filter(({ name }) => name === "x86_64");

let store: Store;
let glibc: InstalledGlibc;
beforeAll(() => {
  store = createStore();
  glibc = addGlibc(store);
});

/** A directory of the store with these executables. */
function tree(name: string, files: ReadonlyMap<string, Uint8Array>): string {
  const directory = `${packagePath("damaged")}/${name}`;
  mkdirSync(hostPath(store, directory), { recursive: true });
  for (const [file, bytes] of files) {
    writeFileSync(hostPath(store, `${directory}/${file}`), bytes);
    chmodSync(hostPath(store, `${directory}/${file}`), 0o755);
  }
  return directory;
}

function wrap(directory: string, words: readonly string[] = []): Promise<Ran> {
  return wrapBuddy(store, ["-v", directory, "--interpreter", glibc.interpreter, ...words]);
}

/** What each says, and how it ends, by its path. */
async function startsOf(directory: string, names: readonly string[], words: readonly string[] = []) {
  const programs = names.map((name) => `${directory}/${name}`);
  if (native === undefined) throw new Error("no x86_64 among the machines");
  const started = await startEach(native, store, programs, words);
  return new Map(started.map(({ path, output, status }) => [path, `${status} ${output}`]));
}

/** The bytes with one field changed. */
function changed(bytes: Uint8Array, { format }: ElfMap, { offset, size }: Field, value: bigint): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(numberBytes(format, BigInt.asUintN(8 * size, value), size), offset);
  return copy;
}

function isOptional({ group, name }: Field): boolean {
  if (group === "program header") return name.startsWith("PT_NOTE") && !name.endsWith(".p_type");
  if (group === "file header") return /^ehdr\.e_sh/.test(name);
  return ["note", "version", "hash", "section header"].includes(group);
}

function damagedCopies(title: string, bytes: Uint8Array, count: number, random: Random): Map<string, Uint8Array> {
  const map = mapElf(bytes);
  const fields = map.fields.filter(isOptional);
  const groups = [...new Set(fields.map(({ group }) => group))];
  const copies = Array.from({ length: count }, (_, number): readonly [string, Uint8Array] => {
    const group = random.pick(groups);
    const field = random.pick(fields.filter((one) => one.group === group));
    const value = random.oneIn(2) ? random.pick(edges) : BigInt(random.below(bytes.length));
    return [`${title}-${number}:${field.name}=${value}`, changed(bytes, map, field, value)];
  });
  return new Map(copies);
}

describe("damage in what nothing needs", () => {
  it(`decides nothing (seed ${fuzzSeed})`, { timeout: 120_000 }, async () => {
    const random = createRandom(fuzzSeed, 14);
    const place = temporaryDirectory();
    const hello = readFileSync(await compile(join(place, "hello"), { files: helloSource }));
    const ofLld = readFileSync(await compile(join(place, "lld"), { files: helloSource, ...lld }));
    const files = new Map([
      ...damagedCopies("gcc", hello, 60, random),
      ...damagedCopies("lld", ofLld, 60, random),
      ...damagedCopies("uname", readFileSync("/usr/bin/uname"), 60, random),
    ]);
    const names = [...files.keys()];
    const before = tree("before", files);
    const natively = await startsOf(before, names, [glibc.interpreter, "--library-path", glibc.directory]);
    const starting = names.filter((name) => natively.get(`${before}/${name}`)?.startsWith("0 "));
    expect(starting.length).toBeGreaterThan(names.length / 2);
    for (const form of ["stub", "in-place"]) {
      // lld leaves no room in place.
      const chosen = starting.filter((name) => form === "stub" || !name.startsWith("lld"));
      const directory = tree(form, new Map(chosen.map((name) => [name, files.get(name) ?? new Uint8Array(0)])));
      const ran = await wrap(directory, ["--form", form]);
      expect([ran.exitCode, ran.stderr]).toEqual([0, expect.not.stringContaining("left alone")]);
      const wrapped = await startsOf(directory, chosen);
      const started = (name: string, from: string, all: ReadonlyMap<string, string>) =>
        all.get(`${from}/${name}`)?.replaceAll(from, "");
      // Of a hash table, or of names after the string table's end, it is chance what stands there in memory.
      const isChance = (name: string): boolean =>
        name.includes("hash") || /no version information/.test(natively.get(`${before}/${name}`) ?? "");
      for (const name of chosen.filter((one) => !isChance(one))) {
        expect([name, started(name, directory, wrapped)]).toEqual([name, started(name, before, natively)]);
      }
      expect(ran.stdout).toContain("which it starts without");
    }
    // The others are somebody's mistake, and no bug of this tool.
    const others = new Map([...files].filter(([name]) => !starting.includes(name)));
    expect((await wrap(tree("others", others))).exitCode).toBeLessThan(2);
  });
});

describe("what patchelf leaves", () => {
  /** A position-independent executable whose header table patchelf has let grow over where the notes were. */
  async function withStaleNote(): Promise<Uint8Array> {
    const path = await compile(join(temporaryDirectory(), "hello"), { files: helloSource });
    const before = mapElf(readFileSync(path));
    await execa("patchelf", ["--set-rpath", `/${"x".repeat(3000)}`, path]);
    const bytes = readFileSync(path);
    const after = mapElf(bytes);
    // patchelf before 0.12 moved the notes with their sections, and left their program headers as they were.
    const [note] = before.fields.filter(({ name }) => /^PT_NOTE\[\d+\]\.p_offset$/.test(name));
    const [moved] = after.fields.filter(({ name }) => /^PT_NOTE\[\d+\]\.p_offset$/.test(name));
    if (note === undefined || moved === undefined) throw new Error("a program without notes");
    const header = 8;
    const source = readFileSync(await compile(join(temporaryDirectory(), "again"), { files: helloSource }));
    bytes.set(
      source.subarray(note.offset - header, note.offset - header + after.programHeaders.size),
      moved.offset - header,
    );
    return bytes;
  }

  it("is wrapped where a note's program header is stale, as in @mapnik/core-linux-x64", async () => {
    const files = new Map([["tool", await withStaleNote()]]);
    for (const form of ["stub", "in-place"]) {
      const directory = tree(`stale-${form}`, files);
      expect(await startsOf(directory, ["tool"])).toEqual(
        new Map([[`${directory}/tool`, expect.not.stringContaining("hello")]]),
      );
      const ran = await wrap(directory, ["--form", form]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      expect(ran.stdout).toContain(
        `note: ${directory}/tool: its notes are damaged, which it starts without: note segment`,
      );
      expect(await startsOf(directory, ["tool"])).toEqual(new Map([[`${directory}/tool`, "0 hello\n"]]));
      expect(await wrapBuddy(store, ["verify", directory])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await wrapBuddy(store, ["unwrap", directory])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(readFileSync(hostPath(store, `${directory}/tool`)).equals(files.get("tool") ?? new Uint8Array(0))).toBe(
        true,
      );
    }
  });

  it("is wrapped where the string table goes on in the next segment, as in Debian's node", async () => {
    const names = [...Array(300).keys()].map((number) => `a_function_with_a_long_name_${number}_${"x".repeat(40)}`);
    const code = names.map((name) => `void ${name}(void) {}`).join("\n");
    const source = { files: { "hello.c": `${helloSource["hello.c"]}${code}` }, flags: ["-O2", "-no-pie", "-rdynamic"] };
    const path = await compile(join(temporaryDirectory(), "tool"), source);
    await execa("patchelf", ["--set-rpath", `/opt/${"x".repeat(300)}`, path]);
    const { strings } = mapElf(readFileSync(path));
    expect(strings?.size).toBeGreaterThan(0x1000);
    // Its first page is what patchelf has put before the first segment.
    expect(strings?.offset).toBeLessThan(0x1000);
    for (const form of ["stub", "in-place"]) {
      const directory = tree(`strings-${form}`, new Map([["tool", readFileSync(path)]]));
      expect(await wrap(directory, ["--form", form])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await startsOf(directory, ["tool"])).toEqual(new Map([[`${directory}/tool`, "0 hello\n"]]));
    }
  });
});

describe("damage that decides", () => {
  it("in an executable of a tree is a warning that is seen, and an error where the file is named", async () => {
    const place = temporaryDirectory();
    const whole = readFileSync(await compile(join(place, "hello"), { files: helloSource }));
    const map = mapElf(whole);
    const field = (name: RegExp): Field => {
      const found = map.fields.find((one) => name.test(one.name));
      if (found === undefined) throw new Error(`no field ${name}`);
      return found;
    };
    const damaged = new Map([
      ["cut-short", whole.subarray(0, whole.length / 2)],
      ["libcut.so", whole.subarray(0, whole.length / 2)],
      ["headers", changed(whole, map, field(/^PT_LOAD\[\d+\]\.p_memsz/), 1n)],
      ["versions", changed(whole, map, field(/^verneed.*\.vn_version$/), 7n)],
      ["interpreter", changed(whole, map, field(/^PT_INTERP\[\d+\]\.p_filesz/), 5n)],
    ]);
    const directory = tree("decides", new Map([...damaged, ["whole", whole]]));
    const inTree = await wrapBuddy(store, [directory, "--interpreter", glibc.interpreter]);
    expect(inTree.exitCode).toBe(0);
    expect(
      inTree.stderr.match(/^wrap-buddy: .*$/gm)?.map((line) => line.replaceAll(directory, "TREE")),
    ).toMatchInlineSnapshot(`
      [
        "wrap-buddy: warning: TREE/cut-short: left alone, because it is damaged: segment of program header 4 at 0x128 at 0x2000: its end 0x20dc is past the end of the file (0x1f2c)",
        "wrap-buddy: warning: TREE/headers: left alone, because it is damaged: program header 2 at 0xd0: p_filesz is 0x618, expected at most p_memsz, 0x1",
        "wrap-buddy: warning: TREE/interpreter: left alone, because it is damaged: PT_INTERP at 0x318: no NUL byte before the end of the string table",
        "wrap-buddy: warning: TREE/versions: left alone, because it is damaged: DT_VERNEED at 0x510: vn_version is 0x7, expected 1",
      ]
    `);
    expect(await startsOf(directory, ["whole"])).toEqual(new Map([[`${directory}/whole`, "0 hello\n"]]));
    for (const name of damaged.keys()) {
      if (name === "libcut.so") continue;
      const named = await wrapBuddy(store, [`${directory}/${name}`, "--interpreter", glibc.interpreter]);
      expect(named).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`error: ${directory}/${name}: `) });
    }
    const inspected = await wrapBuddy(store, ["inspect", directory]);
    expect(inspected.stderr).toContain(`warning: ${directory}/cut-short: left alone, because it is damaged: `);
  });
});
