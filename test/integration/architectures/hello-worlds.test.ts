// Every compiler's hello world on every architecture: the smallest programs that anybody makes, with the least room for a
// stub. The table says for each by what naming of the sidecar it starts, or that it is wrapped in place. Those that find
// it beside /proc/self/exe find their dynamic linker and C library by $ORIGIN, in a store that has been moved.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, helloSource, type Source } from "../../support/compiled/compile.ts";
import { forMachine, forMachineWithLld, type Machine, machines } from "../../support/compiled/machines.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { type Started, startEach } from "../../support/roots/start-each.ts";
import {
  addFiles,
  addGlibc,
  createStore,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

type Make = (machine: Machine, flags: readonly string[]) => Source;

const files = helloSource;
const gcc: Make = (machine, flags) => forMachine(machine, { files, flags });
const clangLld: Make = (machine, flags) => forMachineWithLld(machine, { files, flags });
/** clang of this machine with one of its linkers. */
const native =
  (compiler: string, linker: string): Make =>
  (_, flags) => ({ files, compiler, flags: [`--${linker}`, ...flags].map((flag) => flag.replace(/^--fuse/, "-fuse")) });
const clangMold: Make = ({ target }, flags) => ({
  files,
  compiler: "clang-19",
  flags: [`--target=${target}`, "--ld-path=/usr/bin/mold", ...flags],
});

/** Compilers and linkers by the names that the table has for them. Debian 12's mold does not know loongarch64. */
function compilersOf({ name }: Machine): { readonly [title: string]: Make } {
  const everywhere = { bfd: gcc, lld: clangLld, ...(name !== "loongarch64" && { mold: clangMold }) };
  if (name !== "x86_64") return everywhere;
  return {
    ...everywhere,
    "gcc-gold": native("gcc", "fuse-ld=gold"),
    "gcc-mold": native("gcc", "fuse-ld=mold"),
    "clang-bfd": native("clang-19", "fuse-ld=bfd"),
  };
}

/** gold knows no -z noseparate-code: its segments are never apart. */
const options: { readonly [title: string]: readonly string[] } = {
  O0: ["-O0"],
  O2: ["-O2"],
  Os: ["-Os"],
  "no-pie": ["-O2", "-no-pie"],
  together: ["-O2", "-Wl,-z,noseparate-code"],
  stripped: ["-O2", "-s"],
};

interface Hellos {
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** Compiler and option of each program by its name. All names have one length, as the stub holds them. */
  readonly titles: ReadonlyMap<string, string>;
  readonly directory: (title: string) => string;
}

async function buildHellos(machine: Machine): Promise<Hellos> {
  const store = createStore();
  const build = temporaryDirectory();
  const directory = (title: string) => `${packagePath("hello")}/${title}`;
  const titles = new Map<string, string>();
  for (const [compiler, make] of Object.entries(compilersOf(machine))) {
    for (const [option, flags] of Object.entries(options)) {
      if (compiler === "gcc-gold" && option === "together") continue;
      const name = `hello-${titles.size + 10}`;
      addFiles(store, directory("original"), [await compile(`${build}/${name}`, make(machine, flags))]);
      titles.set(name, `${compiler}-${option}`);
    }
  }
  return { store, glibc: addGlibc(store, machine.name), titles, directory };
}

/** Copies the programs into a directory and wraps those that have room; these. The others are as they were. */
async function wrapIn(hellos: Hellos, title: string, names: readonly string[], args: readonly string[]) {
  if (names.length === 0) return [];
  const { store, glibc, directory } = hellos;
  mkdirSync(hostPath(store, directory(title)), { recursive: true });
  const paths = names.map((name) => {
    copyFileSync(hostPath(store, `${directory("original")}/${name}`), hostPath(store, `${directory(title)}/${name}`));
    return `${directory(title)}/${name}`;
  });
  const wrap = (some: readonly string[]) => wrapBuddy(store, [...some, "--interpreter", glibc.interpreter, ...args]);
  const first = await wrap(paths);
  const withoutRoom = [
    ...first.stderr.matchAll(/error: (\S+): no room [^:]*: (\d+) bytes needed, (\d+) at the largest place/g),
  ].map(([, path = "", needed, largest]) => {
    expect(Number(needed)).toBeGreaterThan(Number(largest));
    return path;
  });
  expect(first.exitCode).toBe(withoutRoom.length === 0 ? 0 : 1);
  const others = paths.filter((path) => !withoutRoom.includes(path));
  if (withoutRoom.length > 0 && others.length > 0)
    expect(await wrap(others)).toMatchObject({ exitCode: 0, stderr: "" });
  for (const path of withoutRoom) {
    expect(readFileSync(hostPath(store, path))).toEqual(
      readFileSync(hostPath(store, `${directory("original")}/${basename(path)}`)),
    );
  }
  return others;
}

const starting = ({ output, status }: Started) => output === "hello\n" && status === 0;

/** Each of `count` programs has started. */
function expectHello(started: readonly Started[], count: number): void {
  expect(started).toHaveLength(count);
  expect(started.filter((one) => !starting(one))).toEqual([]);
}

const mold = ["mold-O0", "mold-O2", "mold-Os", "mold-no-pie", "mold-together", "mold-stripped"];
const lld = ["lld-O0", "lld-O2", "lld-Os", "lld-no-pie", "lld-together", "lld-stripped"];

interface Exceptions {
  readonly absolute: readonly string[];
  readonly beside: readonly string[];
  readonly inPlace: readonly string[];
  readonly byLinker: readonly string[];
}

const none: Exceptions = { absolute: [], beside: [], inPlace: [], byLinker: [] };

/**
 * What has less room than its stub needs, with an absolute path, beside /proc/self/exe, and of the former in place, too; and
 * what does not run by `ld.so ./wrapped`. lld and mold put the segments one after the other, with no byte between them.
 */
const exceptions: { readonly [name in Machine["name"]]: Exceptions } = {
  x86_64: none,
  i386: none,
  aarch64: { ...none, beside: ["mold-no-pie"] },
  arm: none,
  riscv64: {
    absolute: ["lld-no-pie", ...mold],
    beside: [...lld, ...mold],
    inPlace: ["lld-no-pie", ...mold],
    byLinker: lld.filter((title) => title !== "lld-no-pie"),
  },
  powerpc64le: none,
  s390x: {
    ...none,
    absolute: mold.filter((title) => title !== "mold-O0"),
    beside: mold,
    inPlace: ["mold-Os", "mold-no-pie"],
  },
  loongarch64: none,
};

describe.each(machines)("hello world on $name", (machine) => {
  it("starts when it is wrapped, whichever compiler made it, or has no room", async () => {
    const hellos = await buildHellos(machine);
    const { store, glibc, titles, directory } = hellos;
    const names = [...titles.keys()];
    const titlesOf = (some: readonly string[]) => some.map((name) => titles.get(name) ?? name);
    const originals = await startEach(
      machine,
      store,
      names.map((name) => `${directory("original")}/${name}`),
    );
    expect(originals.filter(starting)).toEqual([]);
    const missing = (paths: readonly string[], from = names) =>
      from.filter((name) => !paths.some((path) => basename(path) === name));

    const absolute = await wrapIn(hellos, "absolute", names, []);
    expectHello(await startEach(machine, store, absolute), absolute.length);
    const beside = await wrapIn(hellos, "beside", names, ["--relocatable=store"]);
    expectHello(await startEach(machine, store, beside, [], { storeAt: "/opt/moved store" }), beside.length);
    const inPlace = await wrapIn(hellos, "auto", missing(absolute), ["--form", "auto"]);
    expectHello(await startEach(machine, store, inPlace), inPlace.length);
    const linker = [glibc.interpreter, "--library-path", glibc.directory];
    // qemu puts a dynamic linker where programs without position independence have to be.
    const movable = absolute.filter((path) => titles.get(basename(path))?.endsWith("no-pie") === false);
    const byLinker = await startEach(machine, store, movable, linker);
    const notByLinker = byLinker.filter((one) => !starting(one)).map(({ path }) => basename(path));
    const found: Exceptions = {
      absolute: titlesOf(missing(absolute)),
      beside: titlesOf(missing(beside)),
      inPlace: titlesOf(missing(inPlace, missing(absolute))),
      byLinker: titlesOf(notByLinker),
    };
    console.log(`${machine.name}: ${names.length} programs, all start except`, found);
    expect(found).toEqual(exceptions[machine.name]);
  });
});

it("a static position-independent hello world is left alone", async () => {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const file = await compile(`${temporaryDirectory()}/hello`, { files, flags: ["-O2", "-static-pie"] });
  const directory = addFiles(store, `${packagePath("hello")}/bin`, [file]);
  const before = readFileSync(file);
  const ran = await wrapBuddy(store, [directory, "--interpreter", interpreter, "-v"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(readFileSync(hostPath(store, `${directory}/hello`))).toEqual(before);
});
